# SPDX-License-Identifier: GPL-3.0-or-later
"""Poles, wires, cranes, masts, lamps, fences, vehicles, people, and things that fly."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from . import shapes, textures
from .canvas import SIZE, Canvas
from .textures import Photographs

Random = np.random.Generator


def poles_and_wires(random: Random, canvas: Canvas) -> None:
    """Masts with wires that sag between them, or wires alone."""
    lines = []
    xs = np.sort(random.uniform(-0.2, 1.2, int(random.integers(1, 5)))) * SIZE
    tops = SIZE * random.uniform(0.0, 0.55) + random.normal(0, 0.05 * SIZE, len(xs))
    with_poles = random.random() < 0.7
    if with_poles:
        for x, top in zip(xs, tops, strict=True):
            width = float(random.uniform(0.8, 9))
            lines.append((np.array([(x, SIZE), (x + random.normal(0, 2), top)]), width))
            for _ in range(int(random.integers(0, 3))):
                arm, y = random.uniform(0.02, 0.1) * SIZE, top + random.uniform(0, 0.06) * SIZE
                lines.append((np.array([(x - arm, y), (x + arm, y)]), width * 0.6))
    width = float(random.choice([0.3, 0.5, 0.8, 1.2, 2]))
    for _ in range(int(random.integers(1, 7))):
        shift = random.normal(0, 0.04 * SIZE)
        ends = [(-0.1 * SIZE, tops[0] + random.normal(0, 0.15 * SIZE))]
        ends += [*zip(xs, tops, strict=True), (1.1 * SIZE, tops[-1] + random.normal(0, 0.15 * SIZE))]
        sag = random.uniform(0, 0.08) * SIZE
        for (x0, y0), (x1, y1) in pairwise(ends):
            t = np.linspace(0, 1, 12)
            lines.append(
                (np.stack([x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + 4 * sag * t * (1 - t) + shift], 1), width)
            )
    canvas.lay(shapes.strokes(lines), _metal(random))


def lattice(random: Random, canvas: Canvas) -> None:
    """A crane, a pylon or a mast of criss-cross struts."""
    lines = []
    x, top, foot = SIZE * random.uniform(0, 1), SIZE * random.uniform(0, 0.5), SIZE * random.uniform(0.6, 1.1)
    half_top, half_foot = SIZE * random.uniform(0.003, 0.02), SIZE * random.uniform(0.01, 0.08)
    width = float(random.uniform(0.5, 2.5))
    levels = np.linspace(top, foot, int(random.integers(8, 26)))
    halves = np.linspace(half_top, half_foot, len(levels))
    for side in (-1, 1):
        lines.append((np.stack([x + side * halves, levels], 1), width * 1.4))
        zigzag = x + halves * np.where(np.arange(len(levels)) % 2 == 0, side, -side)
        lines.append((np.stack([zigzag, levels], 1), width))
    if random.random() < 0.6:  # the arm of a crane, or a pylon's cross-arms
        for _ in range(int(random.integers(1, 4))):
            y = top + random.uniform(0, 0.15) * SIZE
            left, right = random.uniform(0.02, 0.6, 2) * SIZE
            at = np.linspace(x - left, x + right, 24)
            thick = random.uniform(0.005, 0.02) * SIZE
            up = np.where(np.arange(24) % 2 == 0, -thick, 0)
            lines += [
                (np.stack([at, np.full(24, y)], 1), width),
                (np.stack([at, y + up], 1), width * 0.7),
                (np.stack([at, np.full(24, y - thick)], 1), width),
            ]
    canvas.lay(shapes.strokes(lines), _metal(random))


def lamps(random: Random, canvas: Canvas) -> None:
    """Street lamps and signals; they shine at night."""
    glow_mask = np.zeros((SIZE, SIZE), np.float32)
    lines = []
    for _ in range(int(random.integers(1, 7))):
        x, top = SIZE * random.uniform(0, 1), SIZE * random.uniform(0.05, 0.7)
        reach = random.choice([-1, 1]) * SIZE * random.uniform(0, 0.12)
        width = float(random.uniform(0.7, 5))
        lines.append((np.array([(x, SIZE), (x, top + 4), (x + reach, top)]), width))
        cv2.circle(glow_mask, (round(x + reach), round(top)), int(random.integers(1, 7)), 1.0, -1, cv2.LINE_AA)
    canvas.lay(shapes.strokes(lines), _metal(random))
    glow_mask = cv2.GaussianBlur(glow_mask, (0, 0), 0.6)
    canvas.lay(glow_mask, np.float32([1, 0.97, 0.9]) * random.uniform(0.4, 1), glow=1.0)


def fence(random: Random, canvas: Canvas) -> None:
    """Bars, rails or mesh close to the lens."""
    top = SIZE * random.uniform(0.2, 0.85)
    step = SIZE * random.uniform(0.01, 0.08)
    width = float(random.uniform(0.5, max(0.6, step * 0.4)))
    lines = [(np.array([(x, top), (x, SIZE)]), width) for x in np.arange(random.uniform(0, step), SIZE, step)]
    lines += [
        (np.array([(0, y), (SIZE, y + random.normal(0, 5))]), width * 1.3) for y in (top + 3, top + SIZE * 0.15)
    ]
    canvas.lay(shapes.strokes(lines), _metal(random))


def vehicle(random: Random, canvas: Canvas, photographs: Photographs) -> None:
    """A car, van, bus or boat: glossy body, windows, wheels; often blue, white or grey."""
    wide, high = SIZE * random.uniform(0.1, 0.9), SIZE * random.uniform(0.06, 0.45)
    x, y = SIZE * random.uniform(-0.2, 0.9), SIZE * random.uniform(0.4, 0.95)
    unit = np.array([(0, 1), (0, 0.45), (0.12, 0.4), (0.25, 0), (0.75, 0), (0.9, 0.42), (1, 0.5), (1, 1)])
    if random.random() < 0.5:
        unit = np.array([(0, 1), (0, 0.05), (0.04, 0), (0.96, 0), (1, 0.05), (1, 1)])
    body = shapes.polygon(unit * (wide, high) + (x, y))
    colour = textures.pale(random) if random.random() < 0.4 else textures.plain(random, contrast=0.03)
    gloss = np.clip(np.linspace(1, -0.5, SIZE, dtype=np.float32), 0, 1)[:, None] * random.uniform(0, 0.6)
    canvas.lay(body, colour, mirror=np.broadcast_to(gloss, (SIZE, SIZE)))
    reach = random.choice([0.8, random.uniform(0.1, 0.5)])  # a lorry has its windows in front only
    glass = unit * (reach, 0.4) + (random.choice([0.1, 0.9 - reach]), 0.06)
    panes = shapes.polygon(glass * (wide, high) + (x, y)) * body
    canvas.lay(panes, textures.plain(random, np.float32([0.08, 0.1, 0.12])), mirror=float(random.uniform(0, 0.8)))
    wheels = np.zeros((SIZE, SIZE), np.float32)
    for at in (0.2, 0.8):
        cv2.circle(wheels, (round(x + at * wide), round(y + high)), max(1, round(high * 0.22)), 1.0, -1, cv2.LINE_AA)
    canvas.lay(wheels, np.float32([0.05, 0.05, 0.05]))


def person(random: Random, canvas: Canvas, photographs: Photographs) -> None:
    """Somebody in front of the lens: head, shoulders, body, with a surface of a photograph or plain clothes."""
    size = SIZE * random.uniform(0.1, 1.0)
    x, y = SIZE * random.uniform(0, 1), SIZE * random.uniform(0.15, 0.9)
    mask = np.zeros((SIZE, SIZE), np.float32)
    head = size * 0.11
    cv2.ellipse(
        mask, (round(x), round(y)), (max(1, round(head * 0.8)), max(1, round(head))), 0, 0, 360, 1.0, -1, cv2.LINE_AA
    )
    skin = np.float32([1, 0.78, 0.65]) * random.uniform(0.2, 0.95)
    canvas.lay(mask, textures.plain(random, skin, 0.1))
    wide = size * random.uniform(0.15, 0.25)
    body = np.array([(-0.3, 1.0), (-1, 1.5), (-1.1, 5), (-0.8, 9), (0.8, 9), (1.1, 5), (1, 1.5), (0.3, 1.0)])
    outline = body * (wide, head) + (x, y)
    canvas.lay(shapes.polygon(outline), photographs.draw(random) if random.random() < 0.3 else textures.plain(random))


def flying(random: Random, canvas: Canvas) -> None:
    """Birds, aircraft, balloons, kites: small, and not sky."""
    for _ in range(int(random.integers(1, 6))):
        x, y, size = random.uniform(0, SIZE), random.uniform(0, SIZE * 0.7), SIZE * random.uniform(0.008, 0.12)
        angle = random.uniform(0, 2 * np.pi)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        if random.random() < 0.5:
            shape = [(-1, 0), (-0.3, -0.15), (-0.1, -1), (0.1, -0.15), (1, 0), (0.1, 0.15), (-0.1, 1), (-0.3, 0.15)]
        else:
            shape = [(-1, -0.3), (-0.4, -0.5), (0, 0), (0.4, -0.5), (1, -0.3), (0.4, -0.3), (0, 0.25), (-0.4, -0.3)]
        points = (np.array(shape) * random.uniform(0.6, 1.4, 2)) @ turn.T * size + (x, y)
        canvas.lay(shapes.polygon(points), textures.plain(random))


def patch(random: Random, canvas: Canvas, photographs: Photographs) -> None:
    """A blob cut from a photograph, anywhere: things of every other kind."""
    corners = int(random.integers(5, 14))
    angles = np.sort(random.uniform(0, 2 * np.pi, corners))
    radius = SIZE * random.uniform(0.05, 0.4) * random.uniform(0.5, 1.2, corners)
    centre = np.array([random.uniform(0, SIZE), SIZE * random.uniform(0.3, 1.1)])
    points = centre + np.stack([np.cos(angles) * radius, np.sin(angles) * radius], 1)
    canvas.lay(shapes.polygon(points), photographs.draw(random))


def _metal(random: Random) -> np.ndarray:
    if random.random() < 0.8:
        return np.float32([1, 1, 1]) * np.float32(random.uniform(0.03, 0.6))
    return textures.any_colour(random)
