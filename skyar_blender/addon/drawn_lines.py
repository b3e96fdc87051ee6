# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines and areas over a region, for draw handlers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gpu
from gpu_extras.batch import batch_for_shader

Point = tuple[float, float]


def draw_lines(ends: Sequence[Point], width: float, colour: tuple[float, float, float, float]) -> None:
    """A line between each two of ``ends``, pixels of the region; ``width`` in pixels, ``colour`` R, G, B, A 0..1."""
    shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
    batch = batch_for_shader(shader, "LINES", {"pos": [(*point, 0.0) for point in ends]})
    viewport: Any = gpu.state.viewport_get()  # type: ignore[func-returns-value]  # it returns four numbers
    shader.uniform_float("viewportSize", viewport[2:])
    shader.uniform_float("lineWidth", width)
    shader.uniform_float("color", colour)
    gpu.state.blend_set("ALPHA")
    batch.draw(shader)
    gpu.state.blend_set("NONE")


def draw_area(corners: Sequence[Point], colour: tuple[float, float, float, float]) -> None:
    """The convex polygon with these ``corners``, filled; as :func:`draw_lines` else."""
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    triangles = [(0, number, number + 1) for number in range(1, len(corners) - 1)]
    batch = batch_for_shader(shader, "TRIS", {"pos": [(*point, 0.0) for point in corners]}, indices=triangles)
    shader.uniform_float("color", colour)
    gpu.state.blend_set("ALPHA")
    batch.draw(shader)
    gpu.state.blend_set("NONE")
