# SPDX-License-Identifier: GPL-3.0-or-later
"""Draft Frame: what it asks for, what the panel says, what the hand does; all but the drawing itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import numpy as np
import pytest
from blender.drawn import Layout, drawn, shown
from blender.shots import add_movie, new_scene, select, show_result, skyar, strips
from blender.test_panels import window

draft_frame = bpy.ops.sequencer.skyar_draft_frame


@pytest.fixture
def scene(media: Path) -> Iterator[Any]:
    """A shot whose playhead is at its fourth frame, with settings that are quick."""
    scene = new_scene()
    add_movie(scene, media / "landscape.mkv", start=11)
    scene.frame_set(14)
    scene.skyar.quality, scene.skyar.matte_method = "draft", "adaptive"
    yield scene
    sessions().stop()


def sessions() -> Any:
    return skyar("addon.draft.session")


def panel() -> Layout:
    found = skyar("addon.panels.draft").SEQUENCER_PT_skyar_draft
    assert shown(found)
    return drawn(found, window())


def words() -> str:
    return " ".join(panel().labels())


def picture(pixels: Any) -> np.ndarray:
    return np.array(pixels.values, np.float32).reshape(pixels.height, pixels.width, 4)[::-1]


def test_a_draft_of_the_frame_at_the_playhead(scene: Any, tmp_path: Path) -> None:
    file = tmp_path / "new" / "draft.png"
    before = set(bpy.data.images)
    assert draft_frame(size=64, filepath=str(file)) == {"FINISHED"}
    session = sessions().active()
    found = session.shown
    assert (found.subject.index, found.subject.frame) == (3, 14) and session.error is None
    result, original, matte = map(picture, (found.result, found.original, found.matte))
    assert result.shape == original.shape == matte.shape == (36, 64, 4) and file.is_file()
    assert np.abs(result - original)[:8].mean() > 0.05 and set(bpy.data.images) == before
    assert f"Of frame {found.subject.frame}" in words() and "turned along" in words()
    scene.frame_set(15)
    assert "seen when the playhead is there" in words()

    # What is chosen in the sidebar is asked for, and the same process answers.
    pid = session._process.pid
    scene.skyar.sky, scene.skyar.sky_brightness = "galaxy", 1.0
    scene.skyar.sky_rotation = math.radians(20)
    session.follow(skyar("addon.draft.chosen").chosen_in(scene))
    assert session.waiting and "under way" in words()
    while session.waiting:
        session.poll()
    assert session.shown.subject.frame == 14 and session._process.pid == pid
    assert np.abs(picture(session.shown.result) - result).mean() > 0.02
    session.follow(skyar("addon.draft.chosen").chosen_in(scene))
    assert not session.waiting

    # What stands in the way is told in the panel, and gone with the next draft.
    scene.skyar.sky_file = str(tmp_path / "gone.png")
    session.follow(skyar("addon.draft.chosen").chosen_in(scene))
    assert "There is no sky at" in words() and len(panel().operators("skyar.copy_text")) == 1
    with pytest.raises(RuntimeError, match="There is no sky at"):
        draft_frame()
    assert bpy.ops.sequencer.skyar_clear_draft() == {"FINISHED"}
    assert sessions().active() is None and not bpy.ops.sequencer.skyar_clear_draft.poll()
    assert words() == "" and not panel().operators("sequencer.skyar_clear_draft")
    main = drawn(skyar("addon.panels.sidebar").SEQUENCER_PT_skyar_replace, window())
    assert len(main.operators("sequencer.skyar_draft_frame")) == 1


def test_for_a_result_stands_its_footage_and_a_selected_strip_comes_first(scene: Any, media: Path) -> None:
    subject_of = skyar("addon.draft.subject").subject_of
    chosen = skyar("addon.draft.chosen").chosen_in(scene)
    strip = scene.sequence_editor.active_strip
    result = show_result(scene, strip)
    select(scene, result)
    assert subject_of(scene, chosen).strip == "Clip"
    assert subject_of(scene, chosen).result is None  # what it was made of is not known
    add_movie(scene, media / "big.mkv", start=5, channel=9, name="Above")
    assert subject_of(scene, chosen).strip == "Above"
    select(scene, strips(scene)["Clip"])
    assert subject_of(scene, chosen).strip == "Clip"
    scene.frame_set(90)
    with pytest.raises(Exception, match="No movie or image strip lies at frame 90"):
        subject_of(scene, chosen)


def test_what_the_sidebar_places_reaches_the_run(scene: Any, tmp_path: Path) -> None:
    scene.skyar.sky_rotation, scene.skyar.sky_fov = math.radians(30), math.radians(70)
    (button,) = (
        each
        for each in drawn(skyar("addon.panels.sidebar").SEQUENCER_PT_skyar_replace, window()).operators(
            "sequencer.skyar_replace_sky"
        )
        if not each.ask
    )
    assert button.sky_rotation == pytest.approx(math.radians(30)) and button.sky_fov == pytest.approx(
        math.radians(70)
    )
    assert {"sky_rotation", "sky_raised", "sky_brightness", "sky_fov"} <= set(panel().properties())


def test_where_the_picture_lies() -> None:
    geometry = skyar("addon.draft.geometry")

    def to_region(x: float, y: float) -> tuple[float, float]:
        return 400 + 0.5 * x, 300 + 0.5 * y

    whole = geometry.picture_place(None, (1920, 1080), to_region)
    assert whole.quad() == ((-80, 30), (880, 30), (880, 570), (-80, 570))
    assert whole.uv(400, 300) == pytest.approx((0.5, 0.5)) and whole.uv(-80, 570) == pytest.approx((0, 0))
    assert whole.holds(0, 100) and not whole.holds(0, 20)
    assert whole.quad(0.5)[0] == (400, 30) and geometry.display_size(whole) == 960
    # A quarter of the frame, in its lower right, stood on its head.
    part = geometry.picture_place((-0.5, 0, 1, 0, -0.5, 1), (1920, 1080), to_region)
    assert part.at(0, 0) == (880, 30) and part.at(1, 1) == (400, 300)
    assert part.uv(640, 165) == pytest.approx((0.5, 0.5))
    assert geometry.dragged(whole, (400, 300), (496, 354), 60.0) == pytest.approx((6.0, 3.375))
    none = geometry.PicturePlace((0, 0), (0, 0), (0, 0))
    assert none.uv(1, 1) is None and geometry.dragged(none, (0, 0), (1, 1), 60.0) == (0.0, 0.0)


# --- the hand -----------------------------------------------------------------------------------------------------


class Hand:
    """The operator that listens, with a preview of 96 x 54 pixels that shows the frame as it is."""

    def __init__(self, scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        module = skyar("addon.operators.draft_by_hand")
        self._class = module.SEQUENCER_OT_skyar_draft_by_hand
        view2d = SimpleNamespace(view_to_region=lambda x, y, clip: (x + 48, y + 27))
        self.region = SimpleNamespace(x=100, y=50, width=96, height=54, view2d=view2d)
        monkeypatch.setattr(module, "previews", lambda _context: [self.region])
        monkeypatch.setattr(module, "covered", lambda _region, _event: False)
        self.context = SimpleNamespace(
            scene=scene,
            sequencer_scene=scene,
            window_manager=bpy.context.window_manager,
            screen=SimpleNamespace(is_animation_playing=False),
        )
        self.operator = SimpleNamespace(_region=None, _drag="")
        for name in ("_pressed", "_go_on", "_hold", "_place_sky", "_point_at", "_paint", "cancel"):
            setattr(self.operator, name, getattr(self._class, name).__get__(self.operator))

    def does(self, kind: str, x: float = 50, y: float = 25, value: str = "PRESS") -> set[str]:
        event = SimpleNamespace(
            type=kind, value=value, mouse_x=100 + x, mouse_y=50 + y, alt=False, ctrl=False, shift=False
        )
        return self._class.modal(self.operator, self.context, event)


@pytest.fixture
def hand(scene: Any, monkeypatch: pytest.MonkeyPatch) -> Hand:
    assert draft_frame(size=64) == {"FINISHED"}
    scene.skyar.sky_rotation = scene.skyar.sky_raised = 0.0
    bpy.context.window_manager.skyar_draft.view = "RESULT"
    return Hand(scene, monkeypatch)


def test_a_drag_turns_and_raises(hand: Hand, scene: Any) -> None:
    degrees = sessions().active().shown.facts.degrees
    assert 60 < degrees < 70
    assert hand.does("LEFTMOUSE", 20, 40) == {"RUNNING_MODAL"}
    hand.does("MOUSEMOVE", 68, 49, "NOTHING")
    assert math.degrees(scene.skyar.sky_rotation) == pytest.approx(degrees / 2)
    assert math.degrees(scene.skyar.sky_raised) == pytest.approx(degrees * 9 / 96)
    hand.does("ESC")
    assert scene.skyar.sky_rotation == scene.skyar.sky_raised == 0
    assert sessions().active() is not None  # that Esc was for the drag


def test_the_horizon_is_a_line_to_drag_and_keys_hold_the_sky(hand: Hand, scene: Any) -> None:
    settings, facts = scene.skyar, sessions().active().shown.facts
    left, right = facts.horizon
    assert left == pytest.approx(right, abs=0.2) and settings.find_horizon
    at = 54 * (left + right) / 2
    assert hand.does("LEFTMOUSE", 48, at + 3) == {"RUNNING_MODAL"}
    hand.does("MOUSEMOVE", 60, at + 12, "NOTHING")
    assert not settings.find_horizon and settings.horizon == pytest.approx((left + right) / 2 + 9 / 54)
    assert settings.sky_rotation == 0
    assert skyar("addon.draft.chosen").chosen_in(scene).options["horizon"] == pytest.approx(settings.horizon)
    hand.does("ESC")
    assert settings.find_horizon and skyar("addon.draft.chosen").chosen_in(scene).options["horizon"] is None
    # Hidden, it cannot be taken hold of.
    hand.does("H")
    hand.does("LEFTMOUSE", 48, at + 3)
    hand.does("MOUSEMOVE", 60, at + 12, "NOTHING")
    assert settings.find_horizon and settings.sky_rotation != 0
    hand.does("RIGHTMOUSE")
    hand.does("H")

    hand.does("R", 40, 20)
    hand.does("MOUSEMOVE", 64, 40, "NOTHING")
    assert math.degrees(settings.sky_rotation) == pytest.approx(facts.degrees / 4) and settings.sky_raised == 0
    hand.does("LEFTMOUSE", 64, 40)
    hand.does("MOUSEMOVE", 20, 20, "NOTHING")
    assert math.degrees(settings.sky_rotation) == pytest.approx(facts.degrees / 4)
    assert hand.does("S") == {"PASS_THROUGH"}  # a panorama has no size
    object.__setattr__(facts, "panorama", False)
    settings.sky_fov = math.radians(60)
    hand.does("S", 40, 20)
    hand.does("MOUSEMOVE", 88, 20, "NOTHING")
    assert math.degrees(settings.sky_fov) == pytest.approx(120)
    hand.does("ESC")
    assert math.degrees(settings.sky_fov) == pytest.approx(60)


def test_keys_and_the_line_between_before_and_after(hand: Hand) -> None:
    view = bpy.context.window_manager.skyar_draft
    for key, seen in (("M", "MATTE"), ("B", "SPLIT")):
        assert hand.does(key) == {"RUNNING_MODAL"} and view.view == seen
    hand.does("LEFTMOUSE", 48 + 5, 20)
    hand.does("MOUSEMOVE", 24, 20, "NOTHING")
    assert view.split == pytest.approx(0.25) and bpy.context.scene.skyar.sky_rotation == 0
    hand.does("LEFTMOUSE", 24, 20, "RELEASE")
    hand.does("B")
    assert view.view == "RESULT"


def test_what_is_not_for_the_draft_goes_on(hand: Hand, scene: Any) -> None:
    assert hand.does("LEFTMOUSE", 200, 20) == {"PASS_THROUGH"}
    assert hand.does("A") == hand.does("MOUSEMOVE", value="NOTHING") == {"PASS_THROUGH"}
    assert hand.does("WHEELUPMOUSE") == {"PASS_THROUGH"}  # all around: there is nothing to widen
    scene.frame_set(15)
    assert hand.does("LEFTMOUSE") == {"PASS_THROUGH"}  # the draft is of another frame, and not seen
    assert hand.does("ESC", 200, 20) == {"PASS_THROUGH"} and sessions().active() is not None
    assert hand.does("ESC") == {"FINISHED"} and sessions().active() is None


def test_the_wheel_widens_an_ordinary_picture(hand: Hand, scene: Any) -> None:
    session = sessions().active()
    facts = session.shown.facts
    object.__setattr__(facts, "panorama", False)
    scene.skyar.sky_fov = math.radians(90)
    assert hand.does("WHEELUPMOUSE") == {"RUNNING_MODAL"}
    assert math.degrees(scene.skyar.sky_fov) == pytest.approx(97.2)


def test_another_file_clears_the_draft(scene: Any) -> None:
    assert draft_frame(size=64) == {"FINISHED"}
    new_scene()
    assert sessions().active() is None and sessions().current is not None
