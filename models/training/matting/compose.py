# SPDX-License-Identifier: GPL-3.0-or-later
"""A landscape before a sky, in the light of some time of day."""

from __future__ import annotations

import cv2
import numpy as np

Random = np.random.Generator
Floats = np.ndarray


def compose(random: Random, cut_out: np.ndarray, sky: Floats) -> tuple[Floats, Floats]:
    """Image (H, W, 3), RGB 0..1 as displayed, and matte (H, W).

    ``cut_out``: (H, W, 7) 8 bits, as packed by a canvas. Water and glass mirror the sky, far things take the colour
    of the horizon, windows and lamps shine when it is dark.
    """
    maps = cut_out.astype(np.float32) / 255
    colour, cover = maps[..., :3], maps[..., 3]
    mirror, haze, glow = maps[..., 4:5], maps[..., 5:6], maps[..., 6:7]
    height = len(sky)
    brightness = float(sky.mean())
    low = sky[int(height * 0.7) :].mean(axis=(0, 1))
    dark = brightness < 0.25
    gain = np.exp(random.normal(-0.1, 0.35)) * (random.uniform(0.12, 0.6) if dark else 1.0)
    if not dark and random.random() < 0.15:
        gain *= random.uniform(0.08, 0.5)  # against the light
    tint = 1 + (low / max(float(low.mean()), 0.05) - 1) * random.uniform(0, 0.5)
    colour = colour * (gain * tint)
    if random.random() < 0.35:  # a lake without a breath of wind
        reflected = cv2.GaussianBlur(sky[::-1], (0, 0), random.uniform(0.3, 1), sigmaY=random.uniform(0.3, 2))
        fraction = mirror * random.uniform(0.85, 1.0)
        colour = colour * (1 - fraction) + reflected * fraction * random.uniform(0.75, 1.0)
    else:
        reflected = cv2.GaussianBlur(sky[::-1], (0, 0), random.uniform(0.5, 3), sigmaY=random.uniform(0.5, 8))
        fraction = mirror * random.uniform(0.2, 1.0)
        colour = colour * (1 - fraction) + reflected * fraction * random.uniform(0.5, 1.0)
    fog = random.uniform(0.1, 0.8) if random.random() < 0.12 else 0.0
    veil = 1 - (1 - haze) * (1 - fog)
    colour = colour + (low - colour) * veil
    if dark or random.random() < 0.1:
        warm = np.float32([1, random.uniform(0.7, 1), random.uniform(0.35, 1)])
        lit = glow * warm * random.uniform(0.3, 1.2)
        bloom = cv2.GaussianBlur(lit * cover[..., None], (0, 0), max(1.0, height * random.uniform(0.005, 0.05)))
        colour = np.maximum(colour, lit) + bloom * random.uniform(0, 0.8)
    cover = cover[..., None]
    if random.random() < 0.5:  # lenses mix light, cameras' cleverness mixes what is displayed
        image = np.sqrt(np.maximum(colour, 0) ** 2 * cover + sky**2 * (1 - cover))
    else:
        image = colour * cover + sky * (1 - cover)
    if random.random() < 0.5:  # light of the sky spills over
        spread = max(1.0, height * random.uniform(0.005, 0.06))
        spill = cv2.GaussianBlur(sky * (1 - cover), (0, 0), spread)
        image = image + spill * cover * random.uniform(0, 0.35)
    return np.clip(image, 0, 1).astype(np.float32), np.ascontiguousarray(1 - cover[..., 0])
