# SPDX-License-Identifier: GPL-3.0-or-later
"""Two shots that dissolve into one another: matte, clean plate and new sky of a frame that shows both.

The frame mixes two images in display values, while the composite works in linear light. There ``w``, how much of a
pixel is that of the shot before, follows from both images::

    lin((1 - s) A + s B) = w lin(A) + (1 - w) lin(B)

and with the mattes ``M`` and the images ``P`` (plate or sky) of both shots the mixture has ::

    M = w M1 + (1 - w) M2,    P = (w M1 P1 + (1 - w) M2 P2) / M
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..colour import linear_from_display, linear_from_frame
from ..types import FrameRGB, LinearRGB, Matrix3, Matte

#: Codes by which both must differ so that the fraction can be told from them.
_APART = 3


@dataclass(frozen=True)
class Mixture:
    """One frame of a dissolve.

    Attributes:
        weight: (height, width), 0..1, how much of each pixel is the shot before, in linear light.
        before, after: mattes of both shots as they are in this frame, 0..1.
    """

    weight: Matte
    before: Matte
    after: Matte

    @property
    def matte(self) -> Matte:
        """That of the mixture."""
        return np.asarray(self.weight * self.before + (1 - self.weight) * self.after, np.float32)

    def mixed(self, before: LinearRGB, after: LinearRGB) -> LinearRGB:
        """One image of what is behind the foreground, (height, width, 3) scene-linear, from those of both shots."""
        one, other = self.weight * self.before, (1 - self.weight) * self.after
        total = one + other
        none = total < 1e-3
        one = np.where(none, self.weight, one / np.maximum(total, 1e-3)).astype(np.float32)[..., None]
        return np.asarray(one * before + (1 - one) * after, np.float32)


def moved(image: NDArray[Any], homography: Matrix3) -> NDArray[Any]:
    """``image`` (height, width, ...) moved by a homography of its pixels; its edge goes on beyond it."""
    size = image.shape[1::-1]
    return np.asarray(
        cv2.warpPerspective(image, homography, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def weight_of(before: FrameRGB, after: FrameRGB, fraction: float) -> Matte:
    """``w`` of the formula above for images of both shots and the ``fraction`` of the one after."""
    one, other = (np.asarray(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), np.float32) for each in (before, after))
    lit = [linear_from_frame(np.asarray(each, np.uint8)) for each in (one, other)]
    mixture = linear_from_display(((1 - fraction) * one + fraction * other) / np.float32(255))
    apart = np.abs(one - other) >= _APART
    differ = np.where(apart, lit[0] - lit[1], 1)
    return np.asarray(np.where(apart, np.clip((mixture - lit[1]) / differ, 0, 1), 1 - fraction), np.float32)
