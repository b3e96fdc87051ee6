# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies in high dynamic range (ITU-R BT.2100, HLG or PQ, primaries of BT.2020) to scene-linear light.

As Blender's colour spaces "Rec.2100-HLG" and "Rec.2100-PQ" have it: 1 is 100 candela per square metre, HLG is shown
at a peak of 1000.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from ..types import LinearRGB

Transfer = Literal["hlg", "pq"]
#: Of Blender's colour spaces, those that are high dynamic range.
COLOUR_SPACES: dict[str, Transfer] = {"Rec.2100-HLG": "hlg", "Rec.2100-PQ": "pq"}
#: Those in which an image is taken as it is decoded.
ORDINARY = ("sRGB",)
#: Those in which the floats of an image are light, as the engine has it.
LINEAR = ("Linear Rec.709", "Non-Color")
#: Of the file's colour_trc (ITU-T H.273).
_TRANSFERS: dict[int, Transfer] = {18: "hlg", 16: "pq"}
#: BT.2020 to BT.709, linear (ITU-R BT.2087).
_TO_709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32)
#: Luminance of BT.2020 primaries; gamma and peak (1 is 100 candela per square metre) of the display.
_LUMINANCE = np.array([[0.2627, 0.6780, 0.0593]], np.float32)
_GAMMA = 1.2
_PEAK = np.float32(10)


def transfer_of(frame: VideoFrame) -> Transfer | None:
    """What the file says of a decoded image; None for standard dynamic range."""
    return _TRANSFERS.get(int(frame.color_trc))


def linear_of_codes(codes: NDArray[np.uint16], transfer: Transfer) -> LinearRGB:
    """Scene-linear Rec. 709, 0 and up, of (height, width, 3) R, G, B in 16 bits."""
    linear = _table(transfer)[codes]
    if transfer == "hlg":
        luminance = np.asarray(cv2.transform(linear, _LUMINANCE), np.float32)
        gain = np.asarray(cv2.pow(luminance, _GAMMA - 1), np.float32) * _PEAK
        linear = np.asarray(cv2.multiply(linear, cv2.merge([gain, gain, gain])), np.float32)
    return np.maximum(np.asarray(cv2.transform(linear, _TO_709), np.float32), 0)


@cache
def _table(transfer: Transfer) -> NDArray[np.float32]:
    """Of each 16-bit code: light of the scene, 0..1 (HLG), or of the display (PQ)."""
    code = np.arange(65536) / 65535.0
    if transfer == "hlg":
        bright = (np.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12
        return np.where(code <= 0.5, code * code / 3, bright).astype(np.float32)
    power = code ** (1 / 78.84375)
    light = np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)
    return (100 * light ** (1 / 0.1593017578125)).astype(np.float32)
