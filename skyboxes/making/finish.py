# SPDX-License-Identifier: GPL-3.0-or-later
"""What a camera adds to the light of a sky: colour, the sun's disc and its bloom, the ground, the grain."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from .measure import REC709_LUMINANCE

Image = NDArray[np.float32]

#: Radius of the sun's disc, degrees.
SUN_RADIUS = 0.267
#: Radiance that only the sun's disc has.
_DISC = 30.0


def saturated(image: Image, amount: float) -> Image:
    """A camera's colours: differences to the luminance grow by that factor, nothing falls below a tenth of it."""
    grey = (image @ REC709_LUMINANCE)[..., None]
    return np.maximum(grey + (image - grey) * np.float32(amount), 0.08 * grey)


def angles_to(width: int, rows: int, azimuth: float, elevation: float) -> Image:
    """Degrees between each pixel of the upper `rows` of a panorama and a direction in degrees."""
    e = math.pi / 2 - (np.arange(rows, dtype=np.float32) + 0.5) * (2 * math.pi / width)
    a = ((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5) * (2 * math.pi) - math.radians(azimuth)
    s = math.radians(elevation)
    # By half angles, since the cosine of a small angle has no digits left.
    h = np.sin((e - s) / 2)[:, None] ** 2 + (np.cos(e) * math.cos(s))[:, None] * np.sin(a / 2)[None, :] ** 2
    return np.degrees(2 * np.arcsin(np.sqrt(np.clip(h, 0, 1)))).astype(np.float32)


def add_sun(
    upper: Image, clouds: Image, azimuth: float, elevation: float, colour: NDArray[np.float64], disc: float,
    glare: float = 1.0, least: float = 0.0,
) -> None:  # fmt: skip
    """Adds the disc where no cloud (`clouds`, cover 0..1) is before it, and what lens and eye spread of its light.

    `disc` is the radiance of the disc's brightest channel; `glare` the strength of the spread light,
    `least` the part of it all that clouds let through at least.
    """
    width = upper.shape[1]
    angle = angles_to(width, len(upper), azimuth, elevation)
    pixel = 360 / width
    inside = np.clip((SUN_RADIUS - angle) / pixel + 0.5, 0, 1)
    seen = np.maximum((1 - clouds) ** 3, least)
    weight = float((inside * seen).sum() / max(inside.sum(), 1e-6))
    rim = 1 - 0.5 * (1 - np.sqrt(np.clip(1 - (angle / SUN_RADIUS) ** 2, 0, 1)))
    hue = (colour / colour.max()).astype(np.float32)
    spread = 1.4 / (1 + (angle / 0.45) ** 2.4) + 0.16 / (1 + (angle / 2.2) ** 2) + 0.02 / (1 + (angle / 9) ** 2)
    light = (disc * inside * rim * seen + glare * (0.15 + 0.85 * weight) * spread).astype(np.float32)
    upper += light[..., None] * (0.35 + 0.65 * hue)


def bloom(upper: Image, amount: float = 0.05) -> Image:
    """What is far over white spreads into its neighbourhood, as in a lens: wide and weak."""
    width = upper.shape[1]
    small = cv2.resize(np.minimum(upper, 12), (width // 8, len(upper) // 8), interpolation=cv2.INTER_AREA)
    over = np.maximum(small - 0.85, 0)
    side = width // 16
    over = np.concatenate([over[:, -side:], over, over[:, :side]], axis=1)
    spread = sum(
        weight * cv2.GaussianBlur(over, (0, 0), sigma * width / 8 / 360)
        for weight, sigma in ((0.5, 0.35), (0.3, 1.2), (0.2, 4.0))
    )[:, side:-side]
    return upper + np.float32(amount) * cv2.resize(spread, (width, len(upper)), interpolation=cv2.INTER_CUBIC).clip(0)


def capped(upper: Image, most: float) -> Image:
    """What is over that luminance keeps its colour and loses the rest."""
    luminance = (upper @ REC709_LUMINANCE)[..., None]
    return np.asarray(upper * np.minimum(1, most / np.maximum(luminance, 1e-6)), np.float32)


def paled(upper: Image) -> Image:
    """What is brighter than white loses its colour, as on film: orange turns to pale yellow, not to lemon.

    A screen cuts each channel by itself, which leaves orange light yellow however bright it is. The sun's disc is
    white on any screen, and keeps its colour for those who measure it.
    """
    brightest = upper.max(axis=2, keepdims=True)
    part = 0.25 * np.clip((brightest - 1) / 2.5, 0, 1) * (brightest < _DISC)
    return np.asarray(upper + part * (brightest - upper), np.float32)


def without_specks(upper: Image) -> Image:
    """Lone pixels much brighter than those around them, as thin rims of cloud before a low sun, are dimmed."""
    for _ in range(4):  # where one is dimmed, the next may stand alone
        luminance = upper @ REC709_LUMINANCE
        most = 2.2 * (cv2.medianBlur(luminance, 5) + 0.1)
        upper = np.asarray(upper * np.minimum(1, most / np.maximum(luminance, 1e-6))[..., None], np.float32)
    return upper


def without_gaps(upper: Image) -> Image:
    """Narrow gaps of cloud before a low sun's glare are dimmed as specks are, and the sun's disc is left."""
    rest = np.minimum(upper, _DISC / 8)
    return without_specks(rest) + (upper - rest)


def grained(upper: Image, amount: float, seed: int) -> Image:
    """A trace of film grain, so that no gradient has bands; a little soft, as a sensor's is after its filter."""
    random = np.random.default_rng(seed)
    grain = random.standard_normal(upper.shape[:2], np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), 0.6)
    grain /= grain.std()
    return np.asarray(upper * (1 + np.float32(amount) * grain[..., None]), np.float32)


def soft_horizon(image: Image, degrees: float, across: float = 0.0) -> Image:
    """A whole panorama whose horizon runs out in haze: rows within a few degrees of it are blurred up and down.

    `degrees` is the deviation of the blur on the horizon itself, `across` that of one to the sides after it, so that
    clouds that end there leave no stripes. The sun's disc stays sharp.
    """
    rows = len(image)
    side, middle = rows * 3 // 100, rows // 2
    whole = image[middle - side : middle + side]
    band = np.minimum(whole, _DISC)
    disc = whole - band
    part = np.exp(-(((np.arange(2 * side) - side + 0.5) / (side / 3)) ** 2)).astype(np.float32)[:, None, None]
    soft = cv2.GaussianBlur(band, (0, 0), sigmaX=0.5, sigmaY=degrees * rows / 180)
    band = band + part * (soft - band)
    if across:
        wide = rows // 16
        wrapped = np.concatenate([band[:, -wide:], band, band[:, :wide]], axis=1)
        soft = cv2.GaussianBlur(wrapped, (0, 0), sigmaX=across * rows / 180, sigmaY=0.5)[:, wide:-wide]
        band = band + part * (soft - band)
    out = image.copy()
    out[middle - side : middle + side] = band + disc
    return out


def with_ground(upper: Image, ground: NDArray[np.float64]) -> Image:
    """The whole panorama: below the horizon haze, then an even ground; the zenith is one point."""
    rows, width = upper.shape[:2]
    near = max(2, rows // 1024)
    upper[:near] = upper[:near].mean(axis=1, keepdims=True)
    for row in range(near, 4 * near):
        part = (row - near + 1) / (3 * near + 1)
        upper[row] = part * upper[row] + (1 - part) * upper[row].mean(axis=0)
    # On the horizon the air shimmers: the last half degree runs together.
    low = max(4, rows // 128)
    soft = cv2.GaussianBlur(upper[-3 * low :], (0, 0), sigmaX=0.5, sigmaY=low / 3, borderType=cv2.BORDER_REPLICATE)
    part = np.linspace(0, 1, low, dtype=np.float32)[:, None, None]
    upper[-low:] += part * (soft[-low:] - upper[-low:])
    edge = upper[-max(1, rows // 256) :].mean(axis=0)
    wide = cv2.GaussianBlur(np.concatenate([edge] * 3)[None], (0, 0), width / 60)[0, width : 2 * width]
    below = (np.arange(rows, dtype=np.float32) + 0.5) / rows * 90
    fade = np.exp(-((below / 6.0) ** 1.5))[:, None, None]
    even = np.exp(-below / 0.4)[:, None, None]
    lower = np.asarray(ground, np.float32) * (1 - fade) + fade * (even * edge + (1 - even) * wide)
    return np.concatenate([upper, lower.astype(np.float32)])
