# SPDX-License-Identifier: GPL-3.0-or-later
"""The Sky Brush: from the hand to the draft, to what the file keeps, and to the job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.shots import HEIGHT, WIDTH, saved_shot, select, skyar, strips
from blender.test_corrections import corrections, footage, picture
from blender.test_draft import Hand, hand, panel, scene, sessions
from blender.test_draft import picture as pixels

clear_strokes = bpy.ops.sequencer.skyar_clear_strokes
replace_sky = bpy.ops.sequencer.skyar_replace_sky
change_sky = bpy.ops.sequencer.skyar_change_sky
__all__ = ["hand", "scene"]


def strokes(strip: Any) -> Any:
    return skyar("addon.strips.strokes").strokes_on(strip)


def paint(strip: Any, frame: int, truth: str = "sky", at: tuple[float, float] = (0.5, 0.9)) -> None:
    """A stroke from a point of the picture to the right, with a brush of ten pixels."""
    points = (at, (at[0] + 0.2, at[1]))
    stroke = skyar("common.strokes").Stroke(frame, truth, (5 / WIDTH, 5 / HEIGHT), points)
    skyar("addon.strips.strokes").add(strip, stroke)


def waited() -> Any:
    session = sessions().active()
    while session.waiting:
        session.poll()
    return session.shown


def test_the_hand_paints(hand: Hand, scene: Any) -> None:
    view = bpy.context.window_manager.skyar_draft
    strip, session = scene.sequence_editor.active_strip, sessions().active()
    before = pixels(session.shown.matte)
    assert hand.does("P") == {"RUNNING_MODAL"} and view.hand == "SKY"
    size = view.brush_size = 0.1
    hand.does("WHEELUPMOUSE")
    hand.does("LEFT_BRACKET")
    assert view.brush_size == pytest.approx(size)
    brush = skyar("addon.draft.brush")
    assert hand.does("MOUSEMOVE", 48, 49, "NOTHING") == {"PASS_THROUGH"}
    assert brush.pointer == pytest.approx((0.5, 1 - 49 / 54))
    hand.does("LEFTMOUSE", 30, 4)
    for x in (30.5, 40, 60):
        hand.does("MOUSEMOVE", x, 4, "NOTHING")
    assert brush.current is not None and not strokes(strip)
    hand.does("LEFTMOUSE", 60, 4, "RELEASE")
    (stroke,) = strokes(strip)
    assert (stroke.frame, stroke.truth) == (3, "sky") and scene.skyar.sky_rotation == 0
    assert stroke.points[-1] == pytest.approx((60 / 96, 1 - 4 / 54), abs=1e-4) and len(stroke.points) == 3
    assert stroke.reach == pytest.approx((0.05, 0.05 * 96 / 54), abs=1e-4)

    # The draft is made anew with it.
    session.follow(skyar("addon.draft.chosen").chosen_in(scene))
    assert session.waiting
    after = pixels(waited().matte)
    place = (slice(32, 35), slice(21, 39))
    assert (after[place][..., 2] - after[place][..., 0]).mean() > 0.3
    assert abs(before[place][..., 2] - before[place][..., 0]).mean() < 0.1
    session.follow(skyar("addon.draft.chosen").chosen_in(scene))
    assert not session.waiting

    # What is not sky is another button; Esc ends a stroke, then the painting, then the draft.
    hand.does("X")
    assert view.hand == "NOT_SKY"
    hand.does("LEFTMOUSE", 30, 50)
    hand.does("ESC")
    assert len(strokes(strip)) == 1 and brush.current is None
    assert len(panel().operators("sequencer.skyar_clear_strokes")) == 2
    assert clear_strokes() == {"FINISHED"} and not strokes(strip) and not clear_strokes.poll()
    assert hand.does("ESC") == {"RUNNING_MODAL"} and view.hand == "PLACE"
    assert hand.does("ESC") == {"FINISHED"}


@pytest.fixture
def shot(media: Path, tmp_path: Path) -> Any:
    return saved_shot(media, tmp_path, 5, (2, 10))


def test_strokes_are_saved_and_undone_and_stay_with_their_frame(shot: Any, tmp_path: Path) -> None:
    bpy.ops.ed.undo_push(message="before")
    paint(footage(shot), 4)
    bpy.ops.ed.undo_push(message="Sky Brush")
    bpy.ops.ed.undo()
    assert not strokes(footage(bpy.context.scene))
    bpy.ops.ed.redo()
    scene = bpy.context.scene
    paint(footage(scene), 6, "not_sky", (0.3, 0.2))
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "shot.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "shot.blend"))
    scene = bpy.context.scene
    strip = footage(scene)
    assert [each.frame for each in strokes(strip)] == [4, 6]
    found = corrections(scene, strip)
    assert [(each.truth, each.first, each.last) for each in found.found] == [("sky", 2, 2), ("not_sky", 4, 4)]
    grey = picture(found.images[0].folder / found.images[0].files[0])
    assert grey.shape == (HEIGHT, WIDTH) and grey[48, 48:67].min() == 1 and grey[:40].max() == 0
    # The source frame counts: trimmed, the frame has another number in the job, or none.
    strip.frame_offset_start = 5
    assert [(each.truth, each.first) for each in corrections(scene, strip).found] == [("not_sky", 1)]
    strip.use_reverse_frames = True
    assert corrections(scene, strip).found

    # Those of one frame, or all.
    strip.use_reverse_frames, strip.frame_offset_start = False, 2
    scene.frame_set(9)
    assert clear_strokes() == {"FINISHED"} and [each.frame for each in strokes(strip)] == [6]
    strip["skyar_strokes"] = "damaged"
    with pytest.raises(RuntimeError, match="cannot be read"):
        replace_sky(sky="sunset", quality="draft")
    assert clear_strokes(every_frame=True) == {"FINISHED"} and "skyar_strokes" not in strip


def test_strokes_reach_the_job_and_another_sky_with_others_is_made_anew(shot: Any, tmp_path: Path) -> None:
    options = {"quality": "draft", "matte_method": "adaptive", "motion": "STATIC"}
    strip = footage(shot)
    paint(strip, 4)
    assert replace_sky(sky="jupiter", **options) == {"FINISHED"}
    first = tmp_path / "skyar" / "landscape_jupiter"
    (stored,) = json.loads((first / "job.json").read_text())["settings"]["corrections"]
    assert stored["path"].startswith("state/masks/brush-") and (first / stored["path"]).is_file()
    place = (slice(47, 50), slice(48, 66))
    assert picture(first / "matte" / "000003.png")[place].min() == 1
    assert picture(first / "matte" / "000006.png")[place].mean() < 0.5

    # A draft takes the result's matte while the strokes are the same.
    subject_of, chosen_in = skyar("addon.draft.subject").subject_of, skyar("addon.draft.chosen").chosen_in
    shot.frame_set(7)
    for name, value in options.items():
        setattr(shot.skyar, name, value)
    choice = skyar("addon.skies.sky_choice").choose("alien_ship", "", "")
    subject = subject_of(shot, chosen_in(shot))
    job = subject.job(choice, chosen_in(shot).options, tmp_path / "draft")
    assert job.reuse == str(first) and [each.path for each in job.settings.corrections] == [stored["path"]]
    assert (tmp_path / "draft" / stored["path"]).is_file()

    select(shot, next(each for each in strips(shot) if each.type == "SCENE"))
    assert change_sky(sky="alien_ship") == {"FINISHED"}
    report = json.loads((tmp_path / "skyar" / "landscape_alien_ship" / "report.json").read_text())
    assert report["stages"]["matte"]["computed"] == 0
    paint(strip, 4, "not_sky")
    assert change_sky(sky="floating_castle") == {"FINISHED"}
    report = json.loads((tmp_path / "skyar" / "landscape_floating_castle" / "report.json").read_text())
    assert report["stages"]["matte"]["computed"] == 8
    assert picture(tmp_path / "skyar" / "landscape_floating_castle" / "matte" / "000003.png")[place].max() == 0


def test_a_brush_is_round_as_it_is_seen() -> None:
    geometry = skyar("addon.draft.geometry")
    place = geometry.PicturePlace((10, 90), (160, 0), (0, -90))
    reach = geometry.reach_of(place, 0.1)
    assert reach == pytest.approx((0.05, 8 / 90))
    for x, y in geometry.outline(place, (0.5, 0.5), reach):
        assert (x - 90) ** 2 + (y - 45) ** 2 == pytest.approx(64)
    assert geometry.lengthened([(0, 0), (3, 4), (3, 9)], 5) == [(-3, -4), (3, 4), (3, 14)]
    painting = skyar("addon.draft.brush").Painting(place, 2, "sky", 0.1, (90, 45))
    painting.go((90.5, 45))
    painting.go((95, 45))
    assert len(painting.stroke.points) == 2
