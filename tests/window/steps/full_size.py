# SPDX-License-Identifier: GPL-3.0-or-later
"""A result of 1080p, in normal quality: its movie against the footage, in turns."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from figures import figures, movie_against_footage, note_blocks, redraws
from hand import COUNTER, FOLDER, click, picture, sequences, skyar, until
from open_editor import new_file, tabs
from shot import add_clip, result_strip, select

FRAMES, TURNS = 48, 5


def do() -> Iterator[float]:
    yield from new_file()
    scene = bpy.context.scene
    strip = add_clip("Clip", 1, 1, FRAMES, COUNTER)
    scene.render.resolution_x, scene.render.resolution_y = 1920, 1080
    scene.render.fps, scene.frame_start, scene.frame_end = 30, 1, FRAMES
    select(strip)
    with bpy.context.temp_override(**sequences()):
        bpy.ops.sequencer.view_all()
    bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "full size.blend"))
    tabs().active_panel_category = "SkyAR"
    runner = skyar("addon.jobs.runner")
    click("sequencer.skyar_replace_sky", sky="sunset", ask=False)
    yield from until(lambda: not runner.busy(), 900)
    yield 5.0
    result = result_strip()
    assert result.scene_input == "SEQUENCER", "the movie is not shown"
    movie = skyar("addon.result.movie").movie_of(result.scene)
    assert movie.elements[0].orig_width == 1920, "the movie is smaller than the clip"
    picture("full_size")
    yield from movie_against_footage(result, TURNS, "1080p")
    figures["one redraw at 1080p, s"] = redraws()
    note_blocks("at 1080p")
