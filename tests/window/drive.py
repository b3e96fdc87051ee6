# SPDX-License-Identifier: GPL-3.0-or-later
"""In a Blender with a window: what an artist does with a first shot, by buttons and keys, looked at on pictures.

``blender --enable-event-simulate --python drive.py -- CLIP FOLDER SCREEN [PARTS]``

CLIP is a movie; FOLDER takes the .blend, the pictures (``*.xwd``) and ``figures.json``; SCREEN is the file in which
Xvfb keeps its screen; PARTS are names of steps, with commas between them, where not all are to be done. Blender ends
with status 0 when all steps went well.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bpy

sys.path.insert(0, str(Path(__file__).parent))
import watching
from hand import (
    CLIP,
    FOLDER,
    PARTS,
    act,
    brightness,
    click,
    drag,
    draw_all,
    key,
    picture,
    preview_region,
    sequencer,
    sequences,
    skyar,
    until,
)

FRAMES, SHORT, DRAWN = 36, 4, 5
seen: dict[str, float] = {}
figures: dict[str, Any] = {"blender": bpy.app.version_string}


def steps() -> Iterator[float]:
    """Yields the seconds until it goes on."""
    for part in (first, draft, run, play, change, edit, queue, reopen, remove):
        if PARTS and part.__name__ not in PARTS:
            continue
        begun = time.monotonic()
        yield from part()
        figures[f"seconds of the step {part.__name__}"] = round(time.monotonic() - begun)


def first() -> Iterator[float]:
    """A clip in the timeline, whose rate is not the scene's, and the tab beside it."""
    bpy.ops.wm.read_homefile(app_template="Video_Editing", use_factory_startup=False)
    yield 3.0
    sequencer().spaces.active.show_region_ui = True
    for area in bpy.context.window_manager.windows[0].screen.areas:
        if area.type == "FILE_BROWSER":
            area.type = "OUTLINER"  # other people's folders are no part of the pictures
    yield 1.0
    watching.begin()
    sequencer(preview=True).spaces.active.show_region_ui = False
    tabs = next(region for region in sequencer().regions if region.type == "UI")
    scene = bpy.context.scene
    if hasattr(bpy.context.workspace, "sequencer_scene"):
        bpy.context.workspace.sequencer_scene = scene
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
    bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "shot ä.blend"))
    bpy.ops.ed.undo_push(message="Save")  # its paths are relative now
    tabs.active_panel_category = "Tool"
    yield 3.0
    figures["one redraw with the tab Tool, s"] = redraws()
    tabs.active_panel_category = "SkyAR"
    yield 1.0
    figures["one redraw with the tab SkyAR, s"] = redraws()


def draft() -> Iterator[float]:
    """See it first, and paint on it."""
    begun = time.monotonic()
    click("sequencer.skyar_draft_frame")
    sessions = skyar("addon.draft.session")
    yield from until(lambda: sessions.active() is not None and sessions.active().shown is not None, 240)
    figures["seconds to the draft"] = round(time.monotonic() - begun, 1)
    yield 3.0
    seen["draft"] = brightness()
    picture("draft")
    key("P", region=preview_region())
    yield 0.5
    shown = sessions.active().shown
    yield from drag(preview_region(), (0.4, 0.8), (0.45, 0.8), (0.5, 0.75), (0.55, 0.8))
    assert clip().get("skyar_strokes"), "the brush has painted nothing"
    yield from until(lambda: sessions.active().shown is not shown, 240)
    yield 1.0
    picture("brush")
    key("Z", ctrl=True)
    yield 2.0
    assert not clip().get("skyar_strokes"), "undo has left the stroke"
    click("sequencer.skyar_clear_draft")
    yield 1.0


def run() -> Iterator[float]:
    """Run it. Esc ends no job."""
    runner = skyar("addon.jobs.runner")
    begun = time.monotonic()
    watching.forget()
    click("sequencer.skyar_replace_sky", sky="sunset", quality="draft", ask=False)
    yield from until(lambda: runner.current is not None and runner.current.progress is not None, 240)
    key("ESC")
    yield 2.0
    assert runner.busy(), "Esc has ended the job"
    picture("run")
    yield from until(lambda: runner.current._worker is None, 900)
    note_blocks("during the run")
    yield from until(lambda: not runner.busy(), 120)
    yield 0.3
    note_blocks("at its end, before Blender draws")
    figures["seconds of the run"] = round(time.monotonic() - begun, 1)
    yield 5.0
    result = bpy.context.scene.sequence_editor.active_strip
    assert result.type == "SCENE" and result.scene_input == "SEQUENCER", "the movie is not shown"
    assert not clip().mute, "the footage was touched"
    if "draft" in seen:
        figures["mean level of the draft and of the result"] = [round(seen["draft"], 1), round(brightness(), 1)]
        assert abs(seen["draft"] - brightness()) < 15, "the draft is not as the result"
    picture("result")


def play() -> Iterator[float]:
    """Play it."""
    result = result_strip()
    watching.forget()
    for name, shown in (("movie", "MOVIE"), ("nodes", "NODES")):
        assert bpy.ops.sequencer.skyar_play(show=shown) == {"FINISHED"}
        yield from played(name)
    result.mute = True
    yield from played("footage")
    result.mute = False
    rates = [figures[f"frames a second, {name}"] for name in ("movie", "footage")]
    figures["movie against footage, %"] = round(100 * rates[0] / rates[1])
    bpy.ops.sequencer.skyar_play(show="MOVIE")
    note_blocks("while it plays")
    yield 3.0


def change() -> Iterator[float]:
    """Change it: the nodes show at once. A thumbnail gives another sky."""
    result, before = result_strip(), brightness()
    watching.forget()
    skyar("addon.nodes.tree").group_node(result.scene).inputs["Sky Exposure"].default_value = -2.0
    yield from until(lambda: abs(brightness() - before) > 2, 120)
    assert result.scene_input == "CAMERA", "the movie shows what is no more"
    note_blocks("when a slider changes")
    picture("changed")
    begun = time.monotonic()
    yield from until(lambda: result_strip().scene_input == "SEQUENCER", 600)
    figures["seconds until the movie follows a slider by itself"] = round(time.monotonic() - begun, 1)
    picture("baked")
    click("skyar.choose_sky", name="thunderstorm")
    yield 1.0
    yield from until(lambda: not skyar("addon.jobs.runner").busy(), 600)
    assert result_strip().scene["skyar_sky"].find("thunderstorm") >= 0
    yield 8.0
    picture("other_sky")


def edit() -> Iterator[float]:
    """Move, trim, slip and copy: footage and result go together, and undo takes each step back."""
    handles = skyar("addon.compat").handles
    start, end = handles(clip())

    def both() -> list[tuple[int, int]]:
        return [handles(clip()), handles(result_strip())]

    if "connect" in dir(bpy.ops.sequencer):  # a click on the one selects both
        assert connected(result_strip()) == [clip()], "footage and result are not connected"
    select(result_strip(), clip())
    yield 0.5
    act("transform.seq_slide", value=(10, 0))
    assert both() == [(start + 10, end + 10)] * 2, both()
    yield from undone(lambda: both() == [(start, end)] * 2)

    for strip in (clip(), result_strip()):
        strip.select_right_handle = True
    act("transform.seq_slide", value=(-6, 0))
    assert both() == [(start, end - 6)] * 2, both()
    for strip in (clip(), result_strip()):
        strip.select_right_handle = False
    content = skyar("addon.compat").content_start
    slipped = lambda: [content(strip) for strip in (clip(), result_strip())]  # noqa: E731
    before = slipped()
    act("sequencer.slip", offset=-3)  # as far as the result has frames
    assert slipped() == [each - 3 for each in before] and both() == [(start, end - 6)] * 2, (
        before,
        slipped(),
        both(),
    )
    yield from undone(lambda: slipped() == before)
    yield from undone(lambda: both() == [(start, end)] * 2)

    for strip in (clip(), result_strip()):
        strip.select = True
    act("sequencer.duplicate")
    link = skyar("addon.result.link")
    copies = [strip for strip in strips() if strip.select]
    assert sorted(strip.type for strip in copies) == ["MOVIE", "SCENE"], copies
    act("transform.seq_slide", value=(end - start + 5, 0))
    (moved,) = (strip for strip in strips() if strip.select and strip.type == "MOVIE")
    assert link.result_of(bpy.context.scene, moved) in [strip for strip in strips() if strip.select]
    yield 2.0
    picture("copied")
    yield from undone(lambda: True)
    yield from undone(lambda: len(strips("SCENE")) == 1 and len(strips("MOVIE")) == 1)


def queue() -> Iterator[float]:
    """Three strips, one after another."""
    runner = skyar("addon.jobs.runner")
    handles = skyar("addon.compat").handles
    names = []
    for place in range(3):
        strip = add_clip(f"Short {place}", 1, handles(clip())[1] + 4 + place * (SHORT + 2), SHORT)
        names.append(strip.name)
        select(strip)
        yield 0.3
        click("sequencer.skyar_replace_sky", sky="cloudy" if place else "sunset", quality="draft", ask=False)
        yield 0.5
    assert len(runner.waiting) == 2, runner.waiting
    yield 2.0
    picture("queue")
    yield from until(lambda: not runner.busy() and not runner.waiting, 600)
    yield 3.0
    found = [skyar("addon.result.link").result_of(bpy.context.scene, named(name)) for name in names]
    assert all(found), found
    with bpy.context.temp_override(**sequences()):
        bpy.ops.sequencer.view_all()
    yield 2.0
    picture("queue_done")


def reopen() -> Iterator[float]:
    """Save it, open it again, render it: the nodes are what is rendered."""
    bpy.ops.wm.save_mainfile()
    bpy.ops.wm.open_mainfile(filepath=str(FOLDER / "shot ä.blend"))
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


def remove() -> Iterator[float]:
    """Take it away, and the add-on too."""
    for strip in strips():
        strip.select = True
    act("sequencer.delete")
    yield 1.0
    found = skyar("addon.compat").all_strips(bpy.context.scene.sequence_editor)
    assert not [strip for strip in found if strip.type == "SCENE"]
    watching.end()
    bpy.ops.preferences.addon_disable(module="bl_ext.user_default.skyar")
    yield 2.0
    picture("removed")


def strips(kind: str = "") -> list[Any]:
    found = skyar("addon.compat").strips_of(bpy.context.scene.sequence_editor)
    return [strip for strip in found if not kind or strip.type == kind]


def named(name: str) -> Any:
    (found,) = (strip for strip in strips() if strip.name == name)
    return found


def clip() -> Any:
    return named("Clip")


def result_strip() -> Any:
    found = skyar("addon.result.link").result_of(bpy.context.scene, clip())
    assert found is not None, "the clip has no result"
    return found


def add_clip(name: str, channel: int, start: int, frames: int) -> Any:
    editor = bpy.context.scene.sequence_editor_create()
    found = skyar("addon.compat").strips_of(editor)
    strip = found.new_movie(name, str(FOLDER / "clip.mp4"), channel, start)
    strip.frame_final_duration = frames
    return strip


def connected(strip: Any) -> list[Any]:
    """What a click on ``strip`` selects beside it."""
    select(strip)
    window, region = sequences()["window"], sequences()["region"]
    start, end = skyar("addon.compat").handles(strip)
    x, y = region.view2d.view_to_region((start + end) / 2, strip.channel + 0.5, clip=False)
    with bpy.context.temp_override(window=window, area=sequencer(), region=region):
        bpy.ops.sequencer.select("EXEC_DEFAULT", mouse_x=x, mouse_y=y, deselect_all=True)
    return [each for each in strips() if each.select and each != strip]


def select(*wanted: Any) -> None:
    for strip in strips():
        strip.select = strip in wanted
    bpy.context.scene.sequence_editor.active_strip = wanted[0]


def undone(as_before: Callable[[], bool]) -> Iterator[float]:
    """One step back, by the keyboard."""
    yield 1.0
    key("Z", ctrl=True)
    yield 3.0
    assert as_before(), "undo"


def played(name: str) -> Iterator[float]:
    """Play for some seconds; frames a second."""
    scene = bpy.context.scene
    scene.sync_mode = "NONE"
    scene.frame_set(1)
    seen: list[int] = []
    count = lambda scene, *_given: seen.append(scene.frame_current)  # noqa: E731
    with bpy.context.temp_override(**sequences()):
        bpy.ops.screen.animation_play()
    yield 2.0
    bpy.app.handlers.frame_change_post.append(count)
    begun = time.monotonic()
    yield 6.0
    figures[f"frames a second, {name}"] = round(len(seen) / (time.monotonic() - begun), 2)
    bpy.app.handlers.frame_change_post.remove(count)
    with bpy.context.temp_override(**sequences()):
        bpy.ops.screen.animation_cancel(restore_frame=False)
    scene.frame_set(12)
    yield 1.0


def redraws() -> float:
    """The middle time of drawing the whole window anew."""
    times = []
    for _ in range(DRAWN):
        begun = time.monotonic()
        draw_all()
        times.append(time.monotonic() - begun)
    return round(sorted(times)[DRAWN // 2], 3)


def note_blocks(when: str) -> None:
    figures[f"longest block {when}, s"] = round(watching.longest_block(), 2)
    figures[f"longest of the add-on's own {when}"] = watching.longest_own()
    watching.forget()


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


bpy.app.timers.register(go_on, first_interval=2, persistent=True)
