# SPDX-License-Identifier: GPL-3.0-or-later
"""Save it, open it again, render it: the nodes are what is rendered."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from hand import FOLDER
from shot import BLEND, result_strip


def do() -> Iterator[float]:
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.open_mainfile(filepath=str(BLEND))
    yield 6.0
    scene, result = bpy.context.scene, result_strip()
    inputs: list[str] = []
    note = lambda *_given: inputs.append(result.scene_input)  # noqa: E731
    bpy.app.handlers.render_write.append(note)
    scene.frame_start = scene.frame_end = 3
    scene.render.filepath = str(FOLDER / "render_")
    bpy.ops.render.render(animation=True)
    bpy.app.handlers.render_write.remove(note)
    assert inputs == ["CAMERA"], inputs
    yield 2.0
