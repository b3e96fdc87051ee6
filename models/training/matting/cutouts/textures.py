# SPDX-License-Identifier: GPL-3.0-or-later
"""Surfaces: what fills a shape. Each function gives (SIZE, SIZE, 3) RGB 0..1 as displayed."""

from __future__ import annotations

import cv2
import numpy as np

from .canvas import SIZE, Float32Array

Random = np.random.Generator


class Photographs:
    """Real surfaces: parts of photographs that show no sky."""

    def __init__(self, images: list[np.ndarray]) -> None:
        self._images = images

    def draw(self, random: Random) -> Float32Array:
        """A random part of a random photograph, at a random size, turned or mirrored."""
        if not self._images:
            return plain(random)
        image = self._images[random.integers(len(self._images))]
        least = min(image.shape[:2])
        side = int(least * random.uniform(0.25, 1.0))
        top, left = (int(random.integers(0, extent - side + 1)) for extent in image.shape[:2])
        part = image[top : top + side, left : left + side]
        if random.random() < 0.5:
            part = part[:, ::-1]
        return cv2.resize(part, (SIZE, SIZE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def any_colour(random: Random) -> Float32Array:
    """Mostly muted, sometimes strong, often pale: pale walls and blue things are what is taken for sky."""
    kind = random.random()
    if kind < 0.25:  # white, cream, pale grey
        value, saturation = random.uniform(0.72, 1.0), random.uniform(0, 0.12)
    elif kind < 0.4:  # blue to grey blue
        hsv = np.float32([[[random.uniform(195, 235), random.uniform(0.1, 0.8), random.uniform(0.3, 1.0)]]])
        return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0]
    elif kind < 0.9:
        value, saturation = random.uniform(0.08, 0.75), random.uniform(0, 0.45)
    else:
        value, saturation = random.uniform(0.3, 1.0), random.uniform(0.4, 1.0)
    hue = random.choice([random.uniform(0, 60), random.uniform(0, 360)])
    return cv2.cvtColor(np.float32([[[hue, saturation, value]]]), cv2.COLOR_HSV2RGB)[0, 0]


def plant_colour(random: Random) -> Float32Array:
    """Leaves and grass: green, dry or autumnal, often dark."""
    hue = random.uniform(60, 130) if random.random() < 0.75 else random.uniform(15, 60)
    value = random.uniform(0.06, 0.55)
    return cv2.cvtColor(np.float32([[[hue, random.uniform(0.15, 0.7), value]]]), cv2.COLOR_HSV2RGB)[0, 0]


def cloudy_noise(random: Random, finest: int = 4, coarsest: int = 128, roughness: float = 0.6) -> Float32Array:
    """Noise of many sizes (fractal sum), (SIZE, SIZE), about -1..1."""
    total = np.zeros((SIZE, SIZE), np.float32)
    weight, strength, cell = 0.0, 1.0, coarsest
    while cell >= finest:
        grid = random.standard_normal((SIZE // cell + 2, SIZE // cell + 2)).astype(np.float32)
        total += strength * cv2.resize(grid, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
        weight += strength
        strength *= roughness
        cell //= 2
    return total / max(weight * 0.7, 1e-6)


def plain(random: Random, colour: Float32Array | None = None, contrast: float | None = None) -> Float32Array:
    """One colour with light falling off across it, and a grain of its own."""
    colour = any_colour(random) if colour is None else colour
    contrast = random.choice([0.01, 0.05, 0.15, 0.3]) if contrast is None else contrast
    slope = random.uniform(-0.25, 0.25, 2).astype(np.float32)
    rows = np.linspace(-0.5, 0.5, SIZE, dtype=np.float32)
    shade = 1 + slope[0] * rows[:, None] + slope[1] * rows[None, :]
    grain = 1 + contrast * cloudy_noise(random, int(random.choice([2, 4, 8])), 64)
    return np.clip(colour * (shade * grain)[..., None], 0, 1).astype(np.float32)


def pale(random: Random) -> Float32Array:
    """White to cream, nearly without a trace on it: plaster, lacquer, canvas in full light."""
    warm = np.float32([1, 1 - random.uniform(-0.02, 0.06), 1 - random.uniform(-0.03, 0.16)])
    return plain(random, np.clip(warm * random.uniform(0.8, 1.05), 0, 1), float(random.choice([0.0, 0.01, 0.03])))


def leaves(random: Random) -> Float32Array:
    """Foliage seen from outside: clumps in light and shade."""
    clumps = cloudy_noise(random, 2, 64, 0.85)
    light = np.clip(0.9 + 0.75 * clumps, 0.1, 2.2)
    tint = plant_colour(random) * (1 + 0.15 * random.standard_normal(3).astype(np.float32))
    return np.clip(tint * light[..., None], 0, 1).astype(np.float32)


def snow(random: Random) -> Float32Array:
    """White with faint blue shade, smooth or rippled."""
    shade = cloudy_noise(random, int(random.choice([4, 16, 32])), 128) * random.uniform(0.01, 0.1)
    cold = np.float32([1 - random.uniform(0, 0.18), 1 - random.uniform(0, 0.08), 1.0])
    level = random.uniform(0.55, 1.0)
    return np.clip((level + shade)[..., None] * cold, 0, 1).astype(np.float32)


def ripples(random: Random) -> Float32Array:
    """Water's own colour."""
    base = np.float32([random.uniform(0.02, 0.3), random.uniform(0.1, 0.4), random.uniform(0.15, 0.5)])
    fine = cv2.GaussianBlur(random.standard_normal((SIZE, SIZE)).astype(np.float32), (0, 0), 3, sigmaY=0.7)
    return np.clip(base * (1 + random.uniform(0.2, 2.0) * fine)[..., None], 0, 1).astype(np.float32)
