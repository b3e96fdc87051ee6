# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees bare and in leaf, conifers, palms, canopies with gaps, grass."""

from __future__ import annotations

import cv2
import numpy as np

from . import shapes, textures
from .canvas import SIZE, Canvas, Float32Array

Random = np.random.Generator
_MOST_BRANCHES = 900


def tree(random: Random, canvas: Canvas, foot: float | None = None) -> None:
    """One tree of any kind and size, in front of what is there."""
    foot = SIZE * random.uniform(0.5, 1.15) if foot is None else foot
    x, height = SIZE * random.uniform(-0.05, 1.05), SIZE * random.uniform(0.15, 1.1)
    kind = random.random()
    if kind < 0.2:
        mask = conifer(random, x, foot, height)
        canvas.lay(mask, textures.leaves(random) * random.uniform(0.4, 1))
        return
    branches, tips = _grown(random, x, foot, height)
    bark = np.float32([0.9, 0.8, 0.7]) * random.uniform(0.03, 0.45)
    canvas.lay(shapes.strokes(branches), textures.plain(random, bark))
    if kind < 0.45:  # bare
        return
    size = height * random.uniform(0.008, 0.03)
    amount = int(random.uniform(2, 22))
    canvas.lay(_leaf_mask(random, tips, size, amount, height * 0.05), textures.leaves(random))


def hedge(random: Random, canvas: Canvas, level: float) -> None:
    """A belt of trees or bushes along the horizon."""
    line = shapes.rough_line(random, level - SIZE * random.uniform(0, 0.2), SIZE * random.uniform(0.03, 0.4), 0.7)
    fringe = textures.cloudy_noise(random, 2, 16, 0.9) * random.uniform(1, 10)
    rows = np.arange(SIZE, dtype=np.float32)[:, None]
    mask = np.clip(rows - line[None, :] + fringe, 0, 1).astype(np.float32)
    canvas.lay(mask, textures.leaves(random), haze=float(random.uniform(0, 0.5)))


def canopy(random: Random, canvas: Canvas) -> None:
    """Leaves across the image, with gaps where the sky shows through, or without any."""
    scale = int(random.choice([2, 4, 8]))
    field = textures.cloudy_noise(random, scale, 128, random.uniform(0.6, 0.95))
    rows = np.linspace(-1, 1, SIZE, dtype=np.float32)[:, None]
    open_at = random.uniform(-0.2, 2.0)  # above 1 the gaps all but close
    field = field + open_at + random.uniform(-0.8, 1.2) * rows
    mask = np.clip(field * random.uniform(2, 8) + 0.5, 0, 1).astype(np.float32)
    branches: list[tuple[np.ndarray, float]] = []
    for _ in range(int(random.integers(1, 5))):
        branches += _grown(random, SIZE * random.uniform(0, 1), SIZE * 1.1, SIZE * random.uniform(0.7, 1.6))[0]
    canvas.lay(
        shapes.strokes(branches), textures.plain(random, np.float32([0.5, 0.45, 0.4]) * random.uniform(0.1, 0.9))
    )
    colour = textures.leaves(random)
    if random.random() < 0.5:  # leaves with the light behind them, and glints
        bright = np.clip(textures.cloudy_noise(random, 2, 8, 0.9), 0, 1) ** 2 * random.uniform(0.3, 2)
        colour = np.clip(colour * (1 + 2 * bright[..., None]) + 0.5 * bright[..., None], 0, 1)
    canvas.lay(mask, colour.astype(np.float32))


def thicket(random: Random, canvas: Canvas) -> None:
    """The inside or the edge of a wood: trunk behind trunk, leaves that the sky shines between and through."""
    top, bottom = random.uniform(-0.8, 0.3), random.uniform(0.45, 0.9)
    rows = np.linspace(0, 1, SIZE, dtype=np.float32)[:, None]
    for near in np.linspace(0.2, 1, int(random.integers(2, 5))):
        holes = textures.cloudy_noise(random, 2, int(random.choice([16, 32, 64, 128])), random.uniform(0.7, 1.0))
        dense = 2.5 * (rows - bottom) / (bottom - top) + random.uniform(0.2, 1.6) + 0.5 * near
        mask = np.clip((holes + dense) * random.uniform(2, 7) + 0.5, 0, 1).astype(np.float32)
        light = cv2.GaussianBlur(1 - mask, (0, 0), random.uniform(1.5, 8))[..., None]
        through = np.float32([random.uniform(0.5, 1), 1.0, random.uniform(0.2, 0.8)]) * random.uniform(0, 1.2)
        colour = textures.leaves(random) * random.uniform(0.4, 1.6)
        canvas.lay(
            mask, np.clip(colour + light * through * 0.6, 0, 1), haze=float(random.uniform(0, 0.35) * (1 - near))
        )
        trunks = []
        for x in random.uniform(0, SIZE, int(random.integers(1, 14))):
            lean = random.normal(0, 0.04) * SIZE
            width = float(SIZE * random.uniform(0.003, 0.03) * (0.3 + near) ** 2)
            trunks.append((np.array([(x, SIZE * bottom * random.uniform(0.95, 1.2)), (x + lean, -5.0)]), width))
        bark = np.float32([1, 0.92, 0.82]) * random.uniform(0.03, 0.5)
        canvas.lay(shapes.strokes(trunks), textures.plain(random, bark), haze=float(random.uniform(0, 0.2)))


def grass(random: Random, canvas: Canvas) -> None:
    """Blades close to the lens, standing up into the sky."""
    blades = []
    base = SIZE * random.uniform(0.7, 1.1)
    for _ in range(int(random.integers(30, 200))):
        x, height = random.uniform(0, SIZE), SIZE * random.uniform(0.05, 0.5)
        lean = random.normal(0, 0.3) * height
        t = np.linspace(0, 1, 5)[:, None]
        blades.append((np.hstack([x + lean * t**2, base - height * t]), float(random.uniform(0.5, 3))))
    canvas.lay(shapes.strokes(blades), textures.leaves(random))


def conifer(random: Random, x: float, foot: float, height: float) -> Float32Array:
    """Mask of a fir or spruce."""
    steps = int(random.integers(12, 40))
    half = height * random.uniform(0.1, 0.28)
    outline = []
    for side in (-1, 1):
        edge = []
        for step in range(steps):
            fraction = step / steps
            wide = half * fraction * random.uniform(0.7, 1.1)
            y = foot - height + height * fraction
            edge += [(x + side * wide, y + height / steps), (x + side * wide * 0.55, y + height / steps * 0.9)]
        outline += edge if side < 0 else edge[::-1]
    mask = shapes.polygon(np.array([(x, foot - height), *outline]))
    torn = textures.cloudy_noise(random, 2, 8, 0.9)
    return mask * np.clip(torn * 3 + random.uniform(1.5, 5), 0, 1)


def _grown(random: Random, x: float, foot: float, height: float) -> tuple[list[tuple[np.ndarray, float]], np.ndarray]:
    """Branches by repeated forking, as (points, width), and the places where twigs end, (n, 2)."""
    lines: list[tuple[np.ndarray, float]] = []
    tips = []
    spread = random.uniform(0.25, 0.75)
    shrink = random.uniform(0.68, 0.82)
    waiting = [
        (np.array([x, foot]), -np.pi / 2 + random.normal(0, 0.08), height * 0.28, height * random.uniform(0.02, 0.06))
    ]
    while waiting and len(lines) < _MOST_BRANCHES:
        start, angle, length, width = waiting.pop(0)
        bend = angle + random.normal(0, 0.15)
        middle = start + length / 2 * np.array([np.cos(angle), np.sin(angle)])
        end = middle + length / 2 * np.array([np.cos(bend), np.sin(bend)])
        lines.append((np.stack([start, middle, end]), float(width)))
        if length < height * 0.02 or width < 0.12:
            tips.append(end)
            continue
        for _ in range(int(random.choice([2, 2, 2, 3]))):
            waiting.append(
                (end, bend + random.normal(0, spread), length * shrink * random.uniform(0.75, 1.15), width * 0.66)
            )
        if length < height * 0.12:
            tips.append(end)
    tips += [each[0] for each in waiting]
    return lines, np.array(tips) if tips else np.array([[x, foot - height]])


def _leaf_mask(random: Random, tips: np.ndarray, size: float, each: int, scatter: float) -> Float32Array:
    """Small ellipses around the twigs' ends."""
    drawn = np.zeros((SIZE, SIZE), np.uint8)
    tips = tips[random.permutation(len(tips))[: max(1, 5000 // max(each, 1))]]
    places = np.repeat(tips, each, axis=0)
    places = places + random.normal(0, scatter, places.shape)
    for (x, y), angle in zip(places, random.uniform(0, 180, len(places)), strict=True):
        if not (-9 < x < SIZE + 9 and -9 < y < SIZE + 9):
            continue
        axes = (max(1, round(size * 16)), max(1, round(size * 16 * 0.5)))
        cv2.ellipse(drawn, (round(x * 16), round(y * 16)), axes, angle, 0, 360, 255, -1, cv2.LINE_AA, 4)
    return drawn.astype(np.float32) / 255
