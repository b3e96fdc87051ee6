# SPDX-License-Identifier: GPL-3.0-or-later
"""Views of a panorama as a camera of 28 mm has them at 1080p, and figures of them; see `measure_views.py`."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from .measure import REC709_LUMINANCE

Image = NDArray[np.float32]
WIDTH, HEIGHT, LENS, UP = 1920, 1080, 28.0, 16.0
_PART = 256


def view(image: Image, azimuth: float) -> tuple[Image, NDArray[np.bool_]]:
    """What a camera sees that way, degrees from forward, and which of its pixels lie above the horizon."""
    height, width = image.shape[:2]
    x, up = np.meshgrid(np.arange(WIDTH) - WIDTH / 2 + 0.5, HEIGHT / 2 - 0.5 - np.arange(HEIGHT))
    far = LENS / 36 * WIDTH
    e = math.radians(UP)
    forward, z = far * math.cos(e) - up * math.sin(e), far * math.sin(e) + up * math.cos(e)
    elevation = np.arctan2(z, np.hypot(x, forward))
    columns = ((np.arctan2(x, forward) + math.radians(azimuth)) / (2 * math.pi) + 0.5) % 1 * width - 0.5
    rows = (0.5 - elevation / math.pi) * height - 0.5
    wrapped = np.concatenate([image[:, -4:], image, image[:, :4]], axis=1)
    seen = cv2.remap(wrapped, (columns + 4).astype(np.float32), rows.astype(np.float32), cv2.INTER_CUBIC)
    return np.clip(seen, 0, 1), elevation > math.radians(1.5)


def octaves(luminance: Image) -> NDArray[np.float64]:
    """Energy of a square part in its octaves, the finest first."""
    window = np.hanning(len(luminance))[:, None] * np.hanning(len(luminance))[None, :]
    power = np.abs(np.fft.fft2((luminance - luminance.mean()) * window)) ** 2
    frequency = np.fft.fftfreq(len(luminance))
    f = np.hypot(frequency[:, None], frequency[None, :])
    return np.array([power[(f > 0.25 / 2**n) & (f <= 0.5 / 2**n)].sum() for n in range(3)])


def figures(image: Image) -> dict[str, float]:
    """All figures of a panorama's views."""
    energy = np.zeros(3)
    slopes, values, colours = [], [], []
    for azimuth in range(0, 360, 45):
        seen, above = view(image, azimuth)
        luminance = seen @ REC709_LUMINANCE
        good = above & (luminance < 0.98)
        for row in range(0, HEIGHT - _PART, _PART // 2):
            for column in range(0, WIDTH - _PART, _PART // 2):
                part = slice(row, row + _PART), slice(column, column + _PART)
                if good[part].mean() > 0.98:
                    energy += octaves(luminance[part])
        slopes.append(np.abs(np.diff(luminance, axis=1))[good[:, 1:]][::7])
        values.append(luminance[above][::7])
        colours.append(seen[good][::7])
    slope, value, colour = (np.concatenate(each) for each in (slopes, values, colours))
    grey = colour[np.ptp(colour, axis=1) < 0.16]
    found = {"finest": energy[0] / energy[2], "second": energy[1] / energy[2]}
    found |= {"steep": np.percentile(slope, 99) / max(float(np.median(slope)), 1 / 1020)}
    found |= {"dark": np.percentile(value, 2), "bright": np.percentile(value, 98), "burnt": (value > 0.99).mean()}
    if len(grey) > 1000:
        brightness = grey @ REC709_LUMINANCE
        low, high = np.percentile(brightness, (25, 75))
        for name, part in (("shade", grey[brightness < low]), ("light", grey[brightness > high])):
            red, green, blue = part.mean(axis=0)
            found |= {f"{name} r/g": red / green, f"{name} b/g": blue / green}
    return {name: float(number) for name, number in found.items()}
