# SPDX-License-Identifier: GPL-3.0-or-later
"""Ground, ridges, snow and water."""

from __future__ import annotations

import cv2
import numpy as np

from . import shapes, textures
from .canvas import SIZE, Canvas
from .textures import Photographs

Random = np.random.Generator


def ridges(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    """One to five ranges of hills, the farther the hazier, on misty days hardly darker than the sky."""
    misty = random.random() < 0.35
    count = int(random.integers(2, 6)) if misty else int(random.integers(1, 4))
    for index in range(count):
        near = (index + 1) / count
        height = SIZE * random.uniform(0.02, 0.45)
        line = shapes.rough_line(random, horizon - height * random.uniform(0, 0.6), height, random.uniform(0.4, 0.62))
        kind = random.random()
        if kind < 0.3:
            colour = textures.snow(random)
            if random.random() < 0.5:
                rock = (textures.cloudy_noise(random, 2, 64, 0.8) > random.uniform(-0.3, 0.8)).astype(np.float32)
                rock = cv2.GaussianBlur(rock, (0, 0), 0.7)[..., None]
                colour = colour * (1 - rock) + textures.plain(random, np.float32([0.3, 0.28, 0.3])) * rock
        elif kind < 0.5:
            colour = photographs.draw(random)
        else:
            colour = textures.plain(random, textures.plant_colour(random) * random.uniform(0.6, 1.6))
        haze = (
            random.uniform(0.8, 0.97) * (1 - near**2 * 0.8) if misty else random.uniform(0, 0.85) * (1 - near * 0.7)
        )
        canvas.lay(shapes.below(line), colour, haze=float(haze))


def ground(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    """A plain up to the horizon: grass, road, snow, sand, or part of a photograph."""
    line = shapes.rough_line(random, horizon, SIZE * random.choice([0.0, 0.01, 0.05, 0.15]), 0.5)
    kind = random.random()
    if kind < 0.25:
        colour = textures.snow(random)
    elif kind < 0.5:
        colour = photographs.draw(random)
    elif kind < 0.7:
        colour = textures.leaves(random)
    else:
        colour = textures.plain(random)
    canvas.lay(shapes.below(line), colour)
    if random.random() < 0.4:
        _road(random, canvas, horizon)


def water(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    """Sea or lake; more mirror far away, with bands of wind and glints; on dull days it fades into the sky."""
    rows = np.arange(SIZE, dtype=np.float32)
    far = np.clip(1 - (rows - horizon) / SIZE, 0, 1)[:, None]
    dull = random.random() < 0.45
    veil = far ** random.uniform(1, 8) * random.uniform(0.2, 0.93) if dull else np.zeros_like(far)
    bands = cv2.GaussianBlur(random.standard_normal((SIZE, SIZE)).astype(np.float32), (0, 0), 12, sigmaY=1.2) * 4
    mirror = np.clip(random.uniform(0.1, 1.0) * far + random.uniform(0, 0.4) * bands, 0, 1)
    surface = textures.ripples(random)
    if dull:  # grey as its sky
        grey = surface.mean(axis=-1, keepdims=True)
        surface += (grey * random.uniform(1, 2.5) - surface) * random.uniform(0.5, 1)
    sea = shapes.below(np.full(SIZE, horizon))
    canvas.lay(sea, surface, mirror=mirror.astype(np.float32), haze=np.broadcast_to(veil, sea.shape))
    if random.random() < 0.35:  # a beach or quay in front
        line = shapes.rough_line(random, random.uniform(horizon, SIZE), SIZE * 0.1, 0.5)
        canvas.lay(shapes.below(line), photographs.draw(random) if random.random() < 0.4 else textures.plain(random))


def _road(random: Random, canvas: Canvas, horizon: float) -> None:
    vanishing = random.uniform(0.1, 0.9) * SIZE
    left, right = vanishing - random.uniform(0.2, 1.2) * SIZE, vanishing + random.uniform(0.2, 1.2) * SIZE
    corners = np.array([(vanishing - 1, horizon), (vanishing + 1, horizon), (right, SIZE), (left, SIZE)])
    grey = np.float32([1, 1, 1]) * random.uniform(0.15, 0.8)
    canvas.lay(shapes.polygon(corners) * shapes.below(np.full(SIZE, horizon)), textures.plain(random, grey))
    lines = [
        (np.array([(vanishing, horizon), (at, SIZE)]), float(random.uniform(0.5, 5)))
        for at in random.uniform(left, right, int(random.integers(0, 4)))
    ]
    if lines:
        canvas.lay(shapes.strokes(lines), np.float32([1, 1, 1]) * random.uniform(0.7, 1.0))
