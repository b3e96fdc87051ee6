# SPDX-License-Identifier: GPL-3.0-or-later
"""How different two colours look: CIEDE2000, after Sharma, Wu and Dalal (Color Research & Application 30, 2005)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...engine.colour import linear_from_frame
from ...engine.types import FrameRGB

#: CIE L*a*b*, (..., 3), float64: L* from 0 to 100.
Lab = NDArray[np.float64]

#: Linear Rec. 709 to CIE XYZ (IEC 61966-2-1), and the white that it gives: D65.
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = _XYZ.sum(axis=1)
_25_TO_7 = 25.0**7


def lab_from_frame(frame: FrameRGB) -> Lab:
    """CIE L*a*b* under D65 of an 8-bit sRGB image, of its shape."""
    ratio = linear_from_frame(frame).astype(np.float64) @ _XYZ.T / _WHITE
    delta = 6 / 29
    f = np.where(ratio > delta**3, np.cbrt(ratio), ratio / (3 * delta**2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(first: Lab, second: Lab) -> NDArray[np.float64]:
    """Colour difference of two (..., 3) L*a*b* arrays, (...): about 1 is just seen; kL = kC = kH = 1."""
    l1, a1, b1 = np.moveaxis(np.asarray(first, np.float64), -1, 0)
    l2, a2, b2 = np.moveaxis(np.asarray(second, np.float64), -1, 0)
    # Steps 1 to 3 of the paper: the a axis is stretched near grey, then chroma and hue.
    mean_chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_chroma**7 / (mean_chroma**7 + _25_TO_7)))
    c1, h1 = _chroma_and_hue((1 + g) * a1, b1)
    c2, h2 = _chroma_and_hue((1 + g) * a2, b2)
    grey = c1 * c2 == 0
    turn = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    # Opposite hues are 180 apart whichever way round; the sign does not matter, but is that of the paper.
    turn = np.where((turn == -180) & (h2 > h1), 180.0, turn)
    dl, dc = l2 - l1, c2 - c1
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = _mean_hue(h1, h2, grey)
    # Weights.
    t = (
        1
        - 0.17 * _cos(mean_h - 30)
        + 0.24 * _cos(2 * mean_h)
        + 0.32 * _cos(3 * mean_h + 6)
        - 0.20 * _cos(4 * mean_h - 63)
    )
    from_middle = (mean_l - 50) ** 2
    sl = 1 + 0.015 * from_middle / np.sqrt(20 + from_middle)
    sc, sh = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    rotation = 60 * np.exp(-(((mean_h - 275) / 25) ** 2))
    rt = -2 * np.sqrt(mean_c**7 / (mean_c**7 + _25_TO_7)) * np.sin(np.radians(rotation))
    l, c, h = dl / sl, dc / sc, dh / sh  # noqa: E741
    return np.asarray(np.sqrt(np.maximum(l * l + c * c + h * h + rt * c * h, 0.0)))


def _chroma_and_hue(
    a: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Chroma, and hue in degrees from 0 to 360; the hue of grey is 0."""
    return np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def _mean_hue(h1: NDArray[np.float64], h2: NDArray[np.float64], grey: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Between both, the short way round; where one colour is grey, the sum (the other's hue)."""
    total = h1 + h2
    far = np.abs(h1 - h2) > 180
    mean = np.where(far, np.where(total < 360, total + 360, total - 360), total) / 2
    return np.where(grey, total, mean)


def _cos(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.cos(np.radians(degrees))
