# SPDX-License-Identifier: GPL-3.0-or-later
"""A bolt of lightning between a cloud and the ground, as a panorama shows it."""

import itertools
import math
import random

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Segment = tuple[Point, Point, float]

#: Scene-linear colour of the channel at strength 1, and half its width and the width of its glow in radians.
_COLOUR = (3.4, 3.3, 4.0)
_CHANNEL, _GLOW, _GLOW_LEVEL = 0.0011, 0.011, 0.05


def draw_bolt(place: tuple[float, float, float], base: float, width: int, seed: int) -> NDArray[np.float32]:
    """(width / 2, width, 3) scene-linear, black but for a bolt below ``place``, from the cloud's ``base`` down.

    ``place`` in km to the right, forward and up; ``base`` in km. The same seed gives the same bolt.
    """
    distance = math.hypot(place[0], place[1])
    middle, top = math.atan2(place[0], place[1]), math.atan2(base, distance)
    segments = _branches(random.Random(seed), (middle - 0.04 * top, 1.5 * top), (middle + 0.25 * top, -0.02), 1.0, 0)
    panorama = np.zeros((width // 2, width, 3), np.float32)
    step = 2 * math.pi / width
    # Only the part around it is drawn.
    reach = 1.5 * top
    left, right = (round((middle + side * reach) / step + width / 2) for side in (-1, 1))
    first, last = max(0, round(width / 4 - 1.6 * top / step)), round(width / 4 + 0.06 / step)
    rows, columns = np.arange(first, last), np.arange(left, right)
    x = ((columns + 0.5 - width / 2) * step)[None, :]
    y = ((width / 4 - rows - 0.5) * step)[:, None]
    channel, glow = np.zeros((2, len(rows), len(columns)))
    sharp = max(_CHANNEL, 0.5 * step)
    for (x0, y0), (x1, y1), strength in segments:
        dx, dy = x1 - x0, y1 - y0
        along = np.clip(((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-12), 0, 1)
        square = (x - x0 - along * dx) ** 2 + (y - y0 - along * dy) ** 2
        # A channel thinner than a pixel is as much fainter.
        np.maximum(channel, strength * (_CHANNEL / sharp) * np.exp(-square / (2 * sharp**2)), out=channel)
        np.maximum(glow, strength * _GLOW_LEVEL * np.exp(-np.sqrt(square) / _GLOW), out=glow)
    # Into the cloud it is lost, and at the ground it ends behind the horizon.
    seen = np.clip((1.5 * top - y) / (0.3 * top), 0, 1) * np.clip((y + 0.001) / 0.004, 0, 1)
    panorama[first:last, np.arange(left, right) % width] = ((channel + glow) * seen)[..., None] * _COLOUR
    return panorama


def _branches(rng: random.Random, start: Point, end: Point, strength: float, depth: int) -> list[Segment]:
    """A crooked line by displaced midpoints, and what branches off it downwards."""
    points = [start, end]
    sway = 0.16 * math.dist(start, end)
    for _ in range(6 - depth):
        between = []
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            across = rng.uniform(-sway, sway)
            length = math.dist((x0, y0), (x1, y1)) or 1.0
            middle = ((x0 + x1) / 2 + across * (y1 - y0) / length, (y0 + y1) / 2 - across * (x1 - x0) / length)
            between += [(x0, y0), middle]
        points = [*between, points[-1]]
        sway *= 0.52
    segments = [(a, b, strength) for a, b in itertools.pairwise(points)]
    if depth < 2:
        whole = math.dist(start, end)
        for _ in range(5 if depth == 0 else 2):
            at = points[rng.randrange(len(points) // 8, len(points) * 3 // 4)]
            length, lean = whole * rng.uniform(0.15, 0.4), rng.choice((-1, 1)) * rng.uniform(0.4, 1.1)
            tip = (at[0] + length * math.sin(lean), max(0.01, at[1] - length * math.cos(lean)))
            segments += _branches(rng, at, tip, strength * rng.uniform(0.2, 0.45), depth + 1)
    return segments
