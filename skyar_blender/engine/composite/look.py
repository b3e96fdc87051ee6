# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreground and new sky put together, as the node group "SkyAR Composite" does in Blender.

In scene-linear light, with the frame ``F``, matte ``M`` (1 = sky) and new sky ``S``::

    m    = clip(blur(shift(M, matte_shift), matte_feather), 0, 1)
    s    = S * 2 ** sky_exposure
    f    = F * lerp(1, tint, recolour) * 2 ** foreground_exposure
    wrap = light_wrap * blur(min(s, 1) * m, 2 % of the width) * (1 - m)
    out  = lerp(F, f * (1 - m) + s * m + wrap, mix)

``min(s, 1)`` keeps the sun from blotting out what stands before it; the blur reaches 2 % of the width into the
foreground, so that the rim alone is lit and the frame keeps its contrast.
"""

from __future__ import annotations

import cv2
import numpy as np

from ...contract.job import Look
from ..colour import frame_from_linear, linear_from_frame
from ..types import FrameRGB, LinearRGB, Matte
from .matte_edge import edged, gaussian_blur

#: Reach of the light wrap as a fraction of the width.
WRAP_RADIUS = 0.02


def composite(
    frame: FrameRGB, matte: Matte, sky: LinearRGB, look: Look, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
) -> FrameRGB:
    """``frame`` with ``sky`` where ``matte`` is 1; all of one size. With ``look.mix`` 0 the frame as it is.

    ``tint`` is what the foreground's colour is multiplied by at full ``look.recolour`` (see :mod:`.tint`).
    """
    if frame.shape != sky.shape or frame.shape[:2] != matte.shape:
        raise ValueError(f"frame {frame.shape}, matte {matte.shape} and sky {sky.shape} differ in size")
    if look.mix == 0:
        return frame
    original = linear_from_frame(frame)
    return frame_from_linear(composite_linear(original, matte, sky, look, tint))


def composite_linear(
    original: LinearRGB, matte: Matte, sky: LinearRGB, look: Look, tint: tuple[float, float, float]
) -> LinearRGB:
    """As :func:`composite`, from and to scene-linear."""
    edge = edged(matte, look.matte_shift, look.matte_feather)
    cover = np.asarray(cv2.merge([edge, edge, edge]), np.float32)
    new_sky = sky * np.float32(2.0**look.sky_exposure) if look.sky_exposure else sky
    gain = (1 + look.recolour * (np.array(tint) - 1)) * 2.0**look.foreground_exposure
    result = np.asarray(original * gain.astype(np.float32))
    result += (new_sky - result) * cover
    if look.light_wrap > 0:
        result += _wrap(new_sky, cover, look.light_wrap)
    if look.mix < 1:
        result = original + (result - original) * np.float32(look.mix)
    return result


def _wrap(sky: LinearRGB, cover: LinearRGB, amount: float) -> LinearRGB:
    height, width = sky.shape[:2]
    lit = np.minimum(sky, np.float32(1.0)) * cover
    # So soft a picture loses nothing at a lower size, where the blur costs a fraction.
    step = max(1, int(WRAP_RADIUS * width / 8))
    small = cv2.resize(lit, (-(-width // step), -(-height // step)), interpolation=cv2.INTER_AREA)
    soft = gaussian_blur(np.asarray(small, np.float32), WRAP_RADIUS * width / step)
    wrap = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(wrap, 1 - cover, scale=amount), np.float32)
