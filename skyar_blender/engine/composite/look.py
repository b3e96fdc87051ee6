# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreground and new sky put together, as the node group "SkyAR Composite" does in Blender.

In scene-linear light, with the frame ``F``, matte ``M`` (1 = sky), new sky ``S`` and clean plate ``P``::

    m   = edged(M)                                 matte_edge
    s   = blur(S, sky_blur) * 2 ** sky_exposure
    f   = hazed(relit(without_old_sky(F, m, P)))   foreground, light, haze
    out = lerp(F, f + s * m + light_wrap(s, m), mix)
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ...contract.job import Look
from ..colour import frame_from_linear, linear_from_frame
from ..types import FrameRGB, LinearRGB, Matte
from .foreground import without_old_sky
from .haze import hazed
from .light import Light, relit
from .light_wrap import light_wrap
from .matte_edge import edged, gaussian_blur

NO_LIGHT = Light()


@dataclass(frozen=True)
class Layers:
    """What one frame is put together from; pictures are (height, width, ...) of one size.

    Attributes:
        matte: 0..1, 1 = sky.
        sky: the new sky as the camera sees it, scene-linear.
        plate: the clean plate of the old sky, scene-linear; None leaves its colour in the edges.
        openness: how far each place sees the sky, 0..1, of any size; None is everywhere the same.
    """

    matte: Matte
    sky: LinearRGB
    plate: LinearRGB | None = None
    openness: Matte | None = None


def composite(frame: FrameRGB, layers: Layers, look: Look, light: Light = NO_LIGHT) -> FrameRGB:
    """``frame`` with the new sky where the matte is 1. With ``look.mix`` 0 the frame as it is."""
    if look.mix == 0:
        return frame
    return frame_from_linear(composite_linear(linear_from_frame(frame), layers, look, light))


def composite_linear(original: LinearRGB, layers: Layers, look: Look, light: Light = NO_LIGHT) -> LinearRGB:
    """As :func:`composite`, from and to scene-linear. Raises ValueError when sizes differ."""
    matte, sky, plate = layers.matte, layers.sky, layers.plate
    shapes = [original.shape, sky.shape, *([] if plate is None else [plate.shape])]
    if any(shape != (*matte.shape, 3) for shape in shapes):
        raise ValueError(f"frame, sky and plate {shapes} and matte {matte.shape} differ in size")
    edge = edged(matte, look.matte_shift, look.matte_feather)
    cover = np.asarray(cv2.merge([edge, edge, edge]), np.float32)
    new_sky = gaussian_blur(sky, look.sky_blur)
    if look.sky_exposure:
        new_sky = np.asarray(new_sky * np.float32(2.0**look.sky_exposure))
    front = without_old_sky(original, cover, plate, look.clean_edges)
    front = relit(front, light, look, layers.openness)
    front = hazed(front, cover, layers.openness, look.haze, light.haze)
    result = np.asarray(cv2.add(front, cv2.multiply(new_sky, cover)), np.float32)
    if look.light_wrap > 0:
        cv2.add(result, light_wrap(new_sky, cover, look.light_wrap), result)
    if look.mix < 1:
        result = original + (result - original) * np.float32(look.mix)
    return result
