# SPDX-License-Identifier: GPL-3.0-or-later
"""The new sun and the shot's light: what the panel says, the click that brings them together, and a drawn shadow."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.drawn import Layout, drawn, shown
from blender.shots import add_movie, new_scene, replaced, saved_shot, select, show_result, skyar, strips

replace_sky = bpy.ops.sequencer.skyar_replace_sky
change_sky = bpy.ops.sequencer.skyar_change_sky
draw_shadow = bpy.ops.sequencer.skyar_draw_shadow
AIM = "sequencer.skyar_change_sky"
#: A point on the ground and one nearer and further right, in heights of the camera: right, forward.
FOOT, TIP = (0.3, 5.0), (1.3, 4.0)


def panel() -> Any:
    return skyar("addon.panels.sun").SEQUENCER_PT_skyar_sun


# --- the panel ---------------------------------------------------------------------------------------------------


@pytest.fixture
def scene(media: Path) -> Any:
    """A result that is active."""
    scene = new_scene()
    select(scene, show_result(scene, add_movie(scene, media / "landscape.mkv")))
    return scene


def reported(scene: Any, **sun: Any) -> Layout:
    """What the panel draws of a report with these facts of the sun."""
    path = skyar("addon.result.link").folder_of(scene.sequence_editor.active_strip.scene).report
    path.unlink(missing_ok=True)  # the others share it
    path.write_text(json.dumps({"figures": {"sun": sun}}))
    return drawn(panel())


def words(layout: Layout) -> str:
    return " | ".join(layout.labels())


def test_a_sun_that_goes_with_the_light(scene: Any) -> None:
    layout = reported(scene, light_from=40.0, sure=True, given=False, new_sun_at=10.0)
    assert "40° right, sure" in words(layout) and "10° right" in words(layout)
    assert "Shadows" not in words(layout)


@pytest.mark.parametrize(("light", "sun"), [(40.0, -10.0), (170.0, -140.0)])
def test_a_sun_that_is_far_off_is_warned_of(scene: Any, light: float, sun: float) -> None:
    layout = reported(scene, light_from=light, sure=True, given=False, new_sun_at=sun)
    assert "Shadows will not go with it" in words(layout)
    (aim,) = layout.operators(AIM)
    assert aim.aim_sun is True and aim.ask is False


def test_a_guess_warns_of_nothing(scene: Any) -> None:
    layout = reported(scene, light_from=40.0, sure=False, given=False, new_sun_at=-120.0)
    assert "not sure" in words(layout) and "Shadows" not in words(layout)
    assert layout.operators(AIM)


def test_a_sky_without_a_sun_has_nothing_to_aim(scene: Any) -> None:
    layout = reported(scene, light_from=-2.0, sure=True, given=True, new_sun_at=None)
    assert "ahead, as given" in words(layout) and "No sun" in words(layout)
    assert not layout.operators(AIM)


@pytest.mark.parametrize("sun", [{}, {"light_from": "left"}, {"light_from": math.nan}])
def test_no_panel_where_the_report_does_not_tell(scene: Any, sun: dict[str, Any]) -> None:
    path = skyar("addon.result.link").folder_of(scene.sequence_editor.active_strip.scene).report
    path.unlink(missing_ok=True)
    path.write_text(json.dumps({"figures": {"sun": sun}}))
    assert not shown(panel())


# --- aiming ------------------------------------------------------------------------------------------------------


@pytest.fixture
def shot(media: Path, tmp_path: Path) -> Any:
    """A saved file with a strip of three frames of a level camera, whose result, which has a sun, is selected."""
    scene = saved_shot(media, tmp_path, 5, (2, 5))
    chosen = {"sky": "floating_castle", "quality": "draft", "motion": "STATIC", "find_horizon": False, "horizon": 0.5}
    replaced(tmp_path, **chosen, light_from=math.radians(150))
    select(scene, result_of(scene))
    return scene


def result_of(scene: Any) -> Any:
    (found,) = [strip for strip in strips(scene) if strip.type == "SCENE"]
    return found


def read(scene: Any, name: str) -> Any:
    folder = Path(bpy.path.abspath(result_of(scene).scene["skyar_folder"]))
    return json.loads((folder / name).read_text())


def sun_of(scene: Any) -> dict[str, Any]:
    return read(scene, "report.json")["figures"]["sun"]


def apart(scene: Any) -> float:
    sun = sun_of(scene)
    return abs((sun["new_sun_at"] - sun["light_from"] + 180) % 360 - 180)


def test_one_click_turns_the_sky(shot: Any) -> None:
    assert read(shot, "job.json")["sky"]["light_from"] == pytest.approx(150)
    assert not read(shot, "job.json")["sky"]["aim_sun"]
    assert apart(shot) > 45  # the sky has its sun ahead on the left
    (aim,) = drawn(panel()).operators(AIM)
    requested = {name: value for name, value in vars(aim).items() if not name.startswith("_")}
    assert change_sky(**requested) == {"FINISHED"}
    assert apart(shot) < 2
    turn = skyar("addon.result.camera").sky_turn(result_of(shot))
    assert turn == pytest.approx(sun_of(shot)["turned"]) and abs(turn) > 45
    # What was aimed stays aimed as the artist turns on from there; the light as given stays too.
    assert change_sky(sky_rotation=math.radians(20)) == {"FINISHED"}
    assert apart(shot) == pytest.approx(20, abs=2)
    # And it is found again where that is asked for.
    assert change_sky(find_light=True) == {"FINISHED"}
    assert read(shot, "job.json")["sky"]["light_from"] is None and not sun_of(shot)["given"]


def at(point: tuple[float, float], scene: Any) -> tuple[float, float]:
    """Where the Preview shows a point on the ground: right and up from the middle, before the strip is placed."""
    focal = read(scene, "track.json")["focal_px"]
    return focal * point[0] / point[1], -focal / point[1]


@pytest.mark.parametrize("placed", ["as it is", "moved and scaled", "flipped"])
def test_a_shadow_is_drawn(shot: Any, placed: str) -> None:
    foot, tip = at(FOOT, shot), at(TIP, shot)
    strip = result_of(shot)
    if placed == "moved and scaled":
        strip.transform.offset_x, strip.transform.offset_y = 7, -5
        strip.transform.scale_x = strip.transform.scale_y = 1.5
        foot, tip = ((1.5 * x + 7, 1.5 * y - 5) for x, y in (foot, tip))
    elif placed == "flipped":
        strip.use_flip_x = True
        foot, tip = ((-x, y) for x, y in (foot, tip))
    shot.frame_set(8)
    assert draw_shadow(foot=foot, tip=tip) == {"FINISHED"}
    expected = math.degrees(math.atan2(FOOT[0] - TIP[0], FOOT[1] - TIP[1]))
    assert read(shot, "job.json")["sky"]["light_from"] == pytest.approx(expected, abs=0.1)
    assert apart(shot) < 2 and sun_of(shot)["given"]


def test_what_is_no_shadow_says_why(shot: Any) -> None:
    shot.frame_set(8)
    foot = at(FOOT, shot)
    with pytest.raises(RuntimeError, match="above the horizon"):
        draw_shadow(foot=foot, tip=(10, 30))
    with pytest.raises(RuntimeError, match="too short"):
        draw_shadow(foot=foot, tip=foot)
    shot.frame_set(100)
    with pytest.raises(RuntimeError, match="does not show its result"):
        draw_shadow(foot=foot, tip=at(TIP, shot))
    assert not sun_of(shot)["turned"]
