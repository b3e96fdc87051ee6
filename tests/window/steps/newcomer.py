# SPDX-License-Identifier: GPL-3.0-or-later
"""Someone who has read nothing: a clip of 30 frames a second in a scene of 24, a sky, the strip moved, a render.

The squares on the ground of the rendered frames tell which frame of the clip each shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
from counter import number_in
from figures import figures
from hand import COUNTER, FOLDER, act, click, picture, sequences, skyar, until
from open_editor import new_file, tabs
from shot import strips

MOVED, EVERY = 10, 7


def do() -> Iterator[float]:
    yield from new_file()
    scene = bpy.context.scene
    scene.render.fps = 24
    add("movie_strip_add", filepath=str(COUNTER), frame_start=1, channel=1, use_framerate=False)
    yield 1.0
    (clip,) = strips("MOVIE")
    tabs().active_panel_category = "SkyAR"
    yield 1.0
    handles = skyar("addon.compat").handles
    shorter(clip, 30)
    runner = skyar("addon.jobs.runner")
    click("skyar.choose_sky", name="golden_hour")
    yield 0.5
    click("sequencer.skyar_replace_sky", ask=False, sky=scene.skyar.sky)
    yield from until(lambda: not runner.busy(), 900)
    yield 4.0
    (result,) = strips("SCENE")
    picture("newcomer")
    act("transform.seq_slide", value=(MOVED, 0))  # what is selected after the run
    yield 1.0
    first, last = handles(clip)
    assert handles(result) == (first, last), "moving has parted footage and result"
    assert first > 1, "the strip has not moved"  # the magnet may catch it on the way
    times = range(first, last, EVERY)
    shown = rendered(scene, times, "with sky")
    result.mute = True
    alone = rendered(scene, times, "footage")
    result.mute = False
    must = [round((time - first) * 30 / 24) for time in times]
    figures["frames that a newcomer renders: at, with the sky, without, as must be"] = [
        list(times),
        *([number for number, _ in found] for found in (shown, alone)),
        must,
    ]
    assert [number for number, _ in shown] == [number for number, _ in alone] == must
    for (_, new), (_, old) in zip(shown, alone, strict=True):
        assert max(abs(a - b) for a, b in zip(new, old, strict=True)) > 0.05, "the sky is the old one"


def add(operator: str, **options: Any) -> None:
    """By the menu Add, with its own defaults."""
    with bpy.context.temp_override(**sequences()):
        getattr(bpy.ops.sequencer, operator)("EXEC_DEFAULT", **options)


def shorter(strip: Any, frames: int) -> None:
    """Drag its right end."""
    if hasattr(strip, "right_handle"):
        strip.right_handle = strip.left_handle + frames
    else:
        strip.frame_final_end = strip.frame_final_start + frames


def rendered(scene: Any, times: range, name: str) -> list[tuple[int, list[float]]]:
    """Of each rendered frame the number that it tells, and the colour of its sky."""
    settings = scene.render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "IMAGE"
    settings.file_format = "PNG"
    scene.frame_start, scene.frame_end, scene.frame_step = times.start, times.stop - 1, times.step
    scene.render.filepath = f"{FOLDER / name}/"
    Path(scene.render.filepath).mkdir()
    bpy.ops.render.render(animation=True)
    paths = sorted(Path(scene.render.filepath).glob("*.png"))
    assert len(paths) == len(times), paths
    return [told(path) for path in paths]


def told(path: Path) -> tuple[int, list[float]]:
    image = bpy.data.images.load(str(path))
    pixels, (width, height) = list(image.pixels), image.size
    bpy.data.images.remove(image)
    place = 4 * (round(0.8 * height) * width + width // 2)
    return number_in(pixels, width, height), pixels[place : place + 3]
