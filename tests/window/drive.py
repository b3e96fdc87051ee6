# SPDX-License-Identifier: GPL-3.0-or-later
"""In a Blender with a window: what an artist does with a first shot, by buttons and keys, looked at on pictures.

``blender --enable-event-simulate --python drive.py -- CLIP FOLDER SCREEN``

CLIP is a movie; FOLDER takes the .blend, the pictures (``*.xwd``) and ``figures.json``; SCREEN is the file in which
Xvfb keeps its screen. Blender ends with status 0 when all steps went well.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import struct
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy

CLIP, FOLDER, SCREEN = (Path(each) for each in sys.argv[sys.argv.index("--") + 1 :])
FRAMES = 36
figures: dict[str, Any] = {"blender": bpy.app.version_string}
_ticks: dict[str, float] = {"last": 0.0, "longest": 0.0}


def skyar(name: str) -> ModuleType:
    return importlib.import_module(f"bl_ext.user_default.skyar.skyar_blender.{name}")


def steps() -> Iterator[float]:
    """Yields the seconds until it goes on."""
    bpy.ops.wm.read_homefile(app_template="Video_Editing", use_factory_startup=False)
    yield 3.0
    sequencer().spaces.active.show_region_ui = True
    for area in bpy.context.window_manager.windows[0].screen.areas:
        if area.type == "FILE_BROWSER":
            area.type = "OUTLINER"  # other people's folders are no part of the pictures
    yield 1.0
    choose_tab()
    scene = bpy.context.scene
    footage = add_footage(scene)
    bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "shot ä.blend"))
    yield 3.0

    # See it first.
    begun = time.monotonic()
    click("sequencer.skyar_draft_frame")
    sessions = skyar("addon.draft.session")
    yield from until(lambda: sessions.active() is not None and sessions.active().shown is not None, 120)
    figures["seconds to the draft"] = round(time.monotonic() - begun, 1)
    yield 3.0
    picture("draft")
    click("sequencer.skyar_clear_draft")
    yield 1.0

    # Run it. Esc ends no job.
    runner = skyar("addon.jobs.runner")
    begun = time.monotonic()
    click("sequencer.skyar_replace_sky", sky="sunset", quality="draft", ask=False)
    yield from until(lambda: runner.current is not None and runner.current.progress is not None, 120)
    key("ESC")
    yield 2.0
    assert runner.busy(), "Esc has ended the job"
    picture("run")
    yield from until(lambda: runner.current._worker is None, 400)
    forget_ticks()
    yield from until(lambda: not runner.busy(), 60)
    yield 0.3
    figures["longest block at the end, before Blender draws, s"] = round(_ticks["longest"], 2)
    figures["seconds of the run"] = round(time.monotonic() - begun, 1)
    yield 5.0
    result = scene.sequence_editor.active_strip
    assert result.type == "SCENE" and result.scene_input == "SEQUENCER", "the movie is not shown"
    picture("result")

    # Play it.
    for name, shown in (("movie", "MOVIE"), ("nodes", "NODES")):
        assert bpy.ops.sequencer.skyar_play(show=shown) == {"FINISHED"}
        yield from played(name, scene)
    result.mute = True
    yield from played("footage", scene)
    result.mute = False
    bpy.ops.sequencer.skyar_play(show="MOVIE")

    # Change it: the nodes show at once. A thumbnail gives another sky.
    yield 3.0
    before = brightness()
    skyar("addon.nodes.tree").group_node(result.scene).inputs["Sky Exposure"].default_value = -2.0
    yield from until(lambda: abs(brightness() - before) > 2, 60)
    assert result.scene_input == "CAMERA", "the movie shows what is no more"
    picture("changed")
    click("skyar.choose_sky", name="thunderstorm")
    yield 1.0
    yield from until(lambda: not runner.busy(), 200)
    assert result.scene["skyar_sky"].find("thunderstorm") >= 0, result.scene["skyar_sky"]
    yield 8.0
    picture("other_sky")

    # Move it, undo it.
    before = footage.left_handle, result.left_handle
    with bpy.context.temp_override(**sequences()):
        bpy.ops.transform.seq_slide("EXEC_DEFAULT", value=(10, 0))
    bpy.ops.ed.undo_push(message="Move")
    assert (footage.left_handle, result.left_handle) == (before[0] + 10, before[1] + 10), "they did not move together"
    yield 2.0
    key("Z", ctrl=True)
    yield 4.0
    scene = bpy.context.scene
    left = {strip.type: strip.left_handle for strip in scene.sequence_editor.strips}
    assert left["MOVIE"] == before[0] and left["SCENE"] == before[1], f"undo: {left}"

    # Save it, open it again, render it: the nodes are what is rendered.
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.open_mainfile(filepath=str(FOLDER / "shot ä.blend"))
    yield 4.0
    scene = bpy.context.scene
    (result,) = (strip for strip in scene.sequence_editor.strips if strip.type == "SCENE")
    assert bpy.ops.sequencer.skyar_bake.poll()
    inputs: list[str] = []
    note = lambda *_given: inputs.append(result.scene_input)  # noqa: E731
    bpy.app.handlers.render_write.append(note)
    scene.frame_start = scene.frame_end = 3
    scene.render.filepath = str(FOLDER / "render_")
    bpy.ops.render.render(animation=True)
    bpy.app.handlers.render_write.remove(note)
    assert inputs == ["CAMERA"], inputs

    # Take it away.
    with bpy.context.temp_override(**sequences()):
        bpy.ops.sequencer.delete()
    yield 1.0
    assert not [strip for strip in scene.sequence_editor.strips if strip.type == "SCENE"]
    bpy.ops.preferences.addon_disable(module="bl_ext.user_default.skyar")
    yield 2.0
    picture("removed")


def sequencer(preview: bool = False) -> Any:
    """The area of the timeline, or of the preview."""
    kinds = ("PREVIEW",) if preview else ("SEQUENCER", "SEQUENCER_PREVIEW")
    for area in bpy.context.window_manager.windows[0].screen.areas:
        if area.type == "SEQUENCE_EDITOR" and area.spaces.active.view_type in kinds:
            return area
    raise AssertionError("no such area")


def sequences() -> dict[str, Any]:
    """The timeline, for an operator."""
    area = sequencer()
    region = next(region for region in area.regions if region.type == "WINDOW")
    return {"window": bpy.context.window_manager.windows[0], "area": area, "region": region}


def choose_tab() -> None:
    sequencer(preview=True).spaces.active.show_region_ui = False
    region = next(region for region in sequencer().regions if region.type == "UI")
    region.active_panel_category = "SkyAR"


def brightness() -> float:
    """Mean level of the preview on the screen, 0..255."""
    area = sequencer(preview=True)
    area.tag_redraw()
    region = next(region for region in area.regions if region.type == "PREVIEW")
    data = SCREEN.read_bytes()
    header = struct.unpack(">25I", data[:100])
    start, stride = header[0] + 12 * header[19], header[12]
    levels = [
        data[start + (header[5] - 1 - y) * stride + 4 * x + 1]
        for y in range(region.y + region.height // 3, region.y + 2 * region.height // 3, 5)
        for x in range(region.x + region.width // 3, region.x + 2 * region.width // 3, 5)
    ]
    return sum(levels) / len(levels)


def add_footage(scene: Any) -> Any:
    shutil.copyfile(CLIP, FOLDER / "clip.mp4")
    editor = scene.sequence_editor_create()
    bpy.context.workspace.sequencer_scene = scene
    strip = editor.strips.new_movie("Clip", str(FOLDER / "clip.mp4"), channel=1, frame_start=1)
    strip.right_handle = 1 + FRAMES
    source = strip.elements[0]
    scene.render.resolution_x, scene.render.resolution_y = source.orig_width, source.orig_height
    scene.render.fps = round(source.orig_fps)
    scene.frame_start, scene.frame_end = 1, FRAMES
    scene.frame_set(12)
    strip.select = True
    editor.active_strip = strip
    with bpy.context.temp_override(**sequences()):
        bpy.ops.sequencer.view_all()
    return strip


def click(operator: str, **options: Any) -> None:
    """Press a button of the tab."""
    module, _, name = operator.partition(".")
    with bpy.context.temp_override(**sequences()):
        getattr(getattr(bpy.ops, module), name)("INVOKE_DEFAULT", **options)


def key(name: str, ctrl: bool = False) -> None:
    """Press and release a key with the mouse over the timeline."""
    window, region = sequences()["window"], sequences()["region"]
    x, y = region.x + region.width // 2, region.y + region.height // 2
    window.event_simulate(type="MOUSEMOVE", value="NOTHING", x=x, y=y)
    for value in ("PRESS", "RELEASE"):
        window.event_simulate(type=name, value=value, x=x, y=y, ctrl=ctrl)


def played(name: str, scene: Any) -> Iterator[float]:
    """Play for some seconds; frames a second."""
    scene.sync_mode = "NONE"
    scene.frame_set(1)
    seen: list[int] = []
    count = lambda scene, *_given: seen.append(scene.frame_current)  # noqa: E731
    with bpy.context.temp_override(**sequences()):
        bpy.ops.screen.animation_play()
    yield 2.0
    bpy.app.handlers.frame_change_post.append(count)
    begun = time.monotonic()
    yield 8.0
    figures[f"frames a second, {name}"] = round(len(seen) / (time.monotonic() - begun), 2)
    bpy.app.handlers.frame_change_post.remove(count)
    with bpy.context.temp_override(**sequences()):
        bpy.ops.screen.animation_cancel(restore_frame=False)
    scene.frame_set(12)
    yield 1.0


def until(there: Callable[[], bool], seconds: float) -> Iterator[float]:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        yield 0.05


def picture(name: str) -> None:
    """Keep what the screen shows."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            area.tag_redraw()
    with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):
        bpy.ops.wm.redraw_timer(type="DRAW_WIN_SWAP", iterations=1)
    shutil.copyfile(SCREEN, FOLDER / f"{len(list(FOLDER.glob('*.xwd'))) + 1:02d}_{name}.xwd")
    print(f"step {name}", flush=True)


def forget_ticks() -> None:
    _ticks.update(last=time.monotonic(), longest=0.0)


def watch() -> float:
    """Called as often as Blender can: the longest wait is the longest block."""
    now = time.monotonic()
    _ticks["longest"] = max(_ticks["longest"], now - _ticks["last"])
    _ticks["last"] = now
    return 0.01


_going = steps()


def go_on() -> float | None:
    try:
        return next(_going)
    except StopIteration:
        end(0)
    except BaseException:
        traceback.print_exc()
        try:
            picture("failed")
        finally:
            end(1)
    return None


def end(status: int) -> None:
    (FOLDER / "figures.json").write_text(json.dumps(figures, indent=1))
    sys.stdout.flush()
    sys.stderr.flush()
    if skyar("addon.jobs.runner").busy():
        skyar("addon.jobs.runner").stop()
    os._exit(status)


bpy.app.timers.register(watch, first_interval=1, persistent=True)
bpy.app.timers.register(go_on, first_interval=2, persistent=True)
