# SPDX-License-Identifier: GPL-3.0-or-later
"""Houses, towers, street canyons, walls that fill the image; pale, glassy, lit at night."""

from __future__ import annotations

import cv2
import numpy as np

from . import shapes, textures
from .canvas import SIZE, Canvas, Float32Array
from .textures import Photographs

Random = np.random.Generator


def skyline(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    """A row or two of buildings that stand on the horizon."""
    for near in np.linspace(0.4, 1, int(random.integers(1, 3))):
        tall = SIZE * random.uniform(0.05, 0.75) * near
        x = random.uniform(-0.3, 0.5) * SIZE
        end = random.uniform(0.5, 1.3) * SIZE
        while x < end:
            width = SIZE * random.uniform(0.04, 0.4) * near
            height = tall * random.uniform(0.3, 1.0)
            _house(
                random, canvas, x, width, horizon - height, photographs, float(random.uniform(0, 0.6) * (1 - near))
            )
            x += width * random.uniform(0.7, 1.8)


def street(random: Random, canvas: Canvas, horizon: float, photographs: Photographs) -> None:
    """Fronts on one or both sides that run towards a vanishing point."""
    vanishing = np.array([random.uniform(0.1, 0.9) * SIZE, horizon])
    for side in random.permutation([-1, 1])[: random.integers(1, 3)]:
        outer = 0.0 if side < 0 else float(SIZE)
        near_top = random.uniform(-1.2, 0.35) * SIZE
        reach = random.uniform(0.6, 0.97)  # how far towards the vanishing point the row goes
        x_end = outer + (vanishing[0] - outer) * reach
        count = int(random.integers(1, 5))
        edges = np.sort(np.concatenate([[0, 1], random.random(count - 1)]))
        for first, last in zip(edges[-2::-1], edges[:0:-1], strict=True):  # far ones first
            ends = []
            top = near_top + random.uniform(-0.3, 0.3) * SIZE
            for fraction in (first, last):
                x = outer + (x_end - outer) * fraction
                towards = (x - outer) / (vanishing[0] - outer + 1e-6)
                ends.append((x, top + (vanishing[1] - top) * towards, SIZE + (vanishing[1] - SIZE) * towards))
            (x0, t0, b0), (x1, t1, b1) = ends
            corners = np.float32([(x0, t0), (x1, t1), (x1, b1), (x0, b0)])
            mask = shapes.polygon(corners)
            colour, mirror, glow = _front(random, photographs)
            warp = cv2.getPerspectiveTransform(np.float32([(0, 0), (SIZE, 0), (SIZE, SIZE), (0, SIZE)]), corners)
            warped = [cv2.warpPerspective(each, warp, (SIZE, SIZE)) for each in (colour, mirror, glow)]
            canvas.lay(mask, warped[0], mirror=warped[1], glow=warped[2])


def wall(random: Random, canvas: Canvas, photographs: Photographs) -> None:
    """A front so near that only a strip or corner of sky is left, or none."""
    colour, mirror, glow = _front(random, photographs)
    edge = random.choice(["none", "top", "side"], p=[0.4, 0.35, 0.25])
    if edge == "none":
        mask = np.ones((SIZE, SIZE), np.float32)
    elif edge == "top":
        slope = random.uniform(-0.3, 0.3)
        mask = shapes.below(SIZE * (random.uniform(0.02, 0.4) + slope * np.linspace(-0.5, 0.5, SIZE)))
    else:
        mask = shapes.below(SIZE * (random.uniform(0.1, 0.9) + random.uniform(-4, 4) * np.linspace(-0.5, 0.5, SIZE)))
    canvas.lay(mask, colour, mirror=mirror, glow=glow)


def _house(
    random: Random, canvas: Canvas, x: float, width: float, top: float, photographs: Photographs, haze: float
) -> None:
    kind = random.random()
    roof = random.uniform(0.1, 0.7) * width if kind < 0.35 else 0.0
    corners = [(x, SIZE), (x, top + roof), (x + width, top + roof), (x + width, SIZE)]
    if roof:
        peak = random.choice([0.5, random.uniform(0.1, 0.9)])
        canvas.lay(
            shapes.polygon(np.array([(x - 2, top + roof), (x + peak * width, top), (x + width + 2, top + roof)])),
            textures.plain(random),
            haze=haze,
        )
    colour, mirror, glow = _front(random, photographs)
    # the front is as wide as the house, so that its windows are seen whole
    left, span = int(x), max(2, int(width))
    fitted = []
    for each in (colour, mirror, glow):
        scaled = cv2.resize(each, (span, SIZE), interpolation=cv2.INTER_AREA)
        fitted.append(_placed(scaled, left))
    canvas.lay(shapes.polygon(np.array(corners)), fitted[0], mirror=fitted[1], haze=haze, glow=fitted[2])
    if random.random() < 0.3:
        _on_the_roof(random, canvas, x, width, top + roof * 0.5)


def _placed(image: Float32Array, left: int) -> Float32Array:
    """``image`` with its left edge at column ``left``, cut to the canvas."""
    placed = np.zeros((SIZE, SIZE, *image.shape[2:]), np.float32)
    start, end = max(0, left), min(SIZE, left + image.shape[1])
    if end > start:
        placed[:, start:end] = image[:, start - left : end - left]
    return placed


def _on_the_roof(random: Random, canvas: Canvas, x: float, width: float, top: float) -> None:
    lines = []
    for _ in range(int(random.integers(1, 5))):
        at, height = x + random.uniform(0.1, 0.9) * width, random.uniform(0.02, 0.12) * SIZE
        lines.append((np.array([(at, top + 3), (at, top - height)]), float(random.uniform(0.6, 2.5))))
        if random.random() < 0.5:
            for rung in np.linspace(0.5, 1, int(random.integers(1, 5))):
                reach = random.uniform(0.2, 0.5) * height
                y = top - height * rung
                lines.append((np.array([(at - reach, y), (at + reach, y)]), 0.7))
    canvas.lay(shapes.strokes(lines), np.float32([1, 1, 1]) * random.uniform(0.05, 0.6))


def _front(random: Random, photographs: Photographs) -> tuple[Float32Array, Float32Array, Float32Array]:
    """Colour, mirror and glow of a front: wall with rows of windows, glass, or a photograph's surface."""
    kind = random.random()
    none = np.zeros((SIZE, SIZE), np.float32)
    if kind < 0.15:
        return photographs.draw(random), none, none.copy()
    if kind < 0.25:  # blank wall
        return textures.plain(random), none, none.copy()
    if kind < 0.35:  # pale plaster in full light
        return textures.pale(random), none, none.copy()
    contrast = float(random.choice([0.01, 0.04, 0.1]))
    colour = textures.pale(random) if random.random() < 0.25 else textures.plain(random, contrast=contrast)
    columns, rows = int(random.integers(2, 14)), int(random.integers(2, 18))
    glassy = random.random() < 0.35
    fill_x, fill_y = (
        (random.uniform(0.8, 0.97), random.uniform(0.7, 0.97)) if glassy else random.uniform(0.3, 0.75, 2)
    )
    u = (np.linspace(0, columns, SIZE, endpoint=False) % 1)[None, :]
    v = (np.linspace(0, rows, SIZE, endpoint=False) % 1)[:, None]
    window = ((u < fill_x) & (v < fill_y)).astype(np.float32)
    window = cv2.GaussianBlur(window, (0, 0), 0.6)
    across = np.minimum((np.linspace(0, columns, SIZE, endpoint=False)).astype(int), columns - 1)
    down = np.minimum((np.linspace(0, rows, SIZE, endpoint=False)).astype(int), rows - 1)
    each = random.random((rows, columns)).astype(np.float32)[down[:, None], across[None, :]]
    dark = np.float32([random.uniform(0.02, 0.35)] * 3) * np.float32([0.9, 1, 1.1])
    pane = dark * (0.6 + 0.8 * each[..., None])
    colour = colour * (1 - window[..., None]) + pane * window[..., None]
    reflecting = random.uniform(0.4, 1.0) if glassy or random.random() < 0.4 else random.uniform(0, 0.25)
    steady = 1.0 if random.random() < 0.5 else (each > 0.4).astype(np.float32)
    mirror = window * reflecting * steady
    glow = window * (each > random.uniform(0.3, 0.98))
    return colour.astype(np.float32), mirror.astype(np.float32), glow.astype(np.float32)
