# SPDX-License-Identifier: GPL-3.0-or-later
"""A clip in the timeline, whose rate is not the scene's, and the tab beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import bpy
import watching
from figures import figures, redraws
from hand import CLIP, FOLDER, sequences
from open_editor import new_file, tabs
from shot import BLEND, FRAMES, add_clip, select


def do() -> Iterator[float]:
    yield from new_file()
    watching.begin()
    scene = bpy.context.scene
    shutil.copyfile(CLIP, FOLDER / "clip.mp4")
    strip = add_clip("Clip", 1, 1, FRAMES)
    source = strip.elements[0]
    scene.render.resolution_x, scene.render.resolution_y = source.orig_width, source.orig_height
    scene.render.fps = 30 if round(source.orig_fps) == 24 else 24
    scene.frame_start, scene.frame_end = 1, FRAMES
    scene.frame_set(12)
    select(strip)
    bpy.ops.ed.undo_push(message="Add the Clip")
    with bpy.context.temp_override(**sequences()):
        bpy.ops.sequencer.view_all()
    bpy.ops.wm.save_as_mainfile(filepath=str(BLEND))
    bpy.ops.ed.undo_push(message="Save")  # its paths are relative now
    tabs().active_panel_category = "Tool"
    yield 3.0
    figures["one redraw with the tab Tool, s"] = redraws()
    tabs().active_panel_category = "SkyAR"
    yield 1.0
    figures["one redraw with the tab SkyAR, s"] = redraws()
