# SPDX-License-Identifier: GPL-3.0-or-later
"""The horizon of the new sky where the shot's own is."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from support.given import turned

from skyar_blender.contract.job import Settings
from skyar_blender.contract.track_file import SamePlace, Track, TrackFrame
from skyar_blender.engine.sky.placement import DEFAULT_HEIGHT, Placement, base_rotation, drifted, headed, place

WIDTH, HEIGHT, FOCAL = 640, 360, 500.0


def track_of(cameras: list[np.ndarray], cuts: tuple[int, ...] = ()) -> Track:
    """A track of cameras given as world to camera; each shot's reference is its first frame."""
    frames, reference = [], cameras[0]
    for index, camera in enumerate(cameras):
        if index in cuts:
            reference = camera
        frames.append(
            TrackFrame(
                index=index,
                homography=np.eye(3).tolist(),
                rotation=(camera @ reference.T).tolist(),
                confidence=1.0,
                source="cut" if index in cuts else "scene",
            )
        )
    return Track(width=WIDTH, height=HEIGHT, fps=25.0, focal_px=FOCAL, focal_source="given", frames=frames)


def world_elevation(camera: np.ndarray, scale: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Azimuth and elevation (degrees) of the pixels of a matte at 1 / scale of the size."""
    x, y = np.meshgrid(np.arange(WIDTH // scale) + 0.5, np.arange(HEIGHT // scale) + 0.5)
    rays = (
        np.stack([(x * scale - WIDTH / 2) / FOCAL, (y * scale - HEIGHT / 2) / FOCAL, np.ones_like(x)], axis=-1)
        @ camera
    )
    azimuth = np.degrees(np.arctan2(rays[..., 0], rays[..., 2]))
    return azimuth, np.degrees(np.arctan2(-rays[..., 1], np.hypot(rays[..., 0], rays[..., 2])))


def sea(camera: np.ndarray) -> np.ndarray:
    """The matte of a camera at sea."""
    return ((world_elevation(camera)[1] > 0) * 65535).astype(np.uint16)


def town(camera: np.ndarray) -> np.ndarray:
    """The matte of a camera among houses with streets between them, of which one ends at the horizon."""
    azimuth, elevation = world_elevation(camera)
    roofs = 3 + 9 * ((azimuth // 7) % 3)
    roofs[np.abs(azimuth - 3) < 4] = 0
    return ((elevation > roofs) * 65535).astype(np.uint16)


def placed(cameras: list[np.ndarray], mattes: Iterable[np.ndarray], **settings: float) -> Placement:
    return place(track_of(cameras), enumerate(mattes), Settings(**settings))  # type: ignore[arg-type]


def horizon_row(rotation: np.ndarray) -> float:
    """Row in which a camera sees the horizon in its middle column."""
    down = rotation[:, 1]
    return -FOCAL * down[2] / down[1] + (HEIGHT - 1) / 2


def up_error(placed: np.ndarray, camera: np.ndarray) -> float:
    """Degrees between the true and the placed vertical."""
    return math.degrees(math.acos(min(1.0, float(placed[:, 1] @ camera[:, 1]))))


@pytest.mark.parametrize("roll", [0, 5, -20, 45])
@pytest.mark.parametrize("pitch", [-8, 0, 10])
def test_a_sea_gives_pitch_and_roll(pitch: float, roll: float) -> None:
    cameras = [turned(0, pitch, roll)] * 3
    result = placed(cameras, map(sea, cameras))
    assert up_error(result.rotation(0), cameras[0]) < 0.3
    assert result.figures["shots"][0]["horizon_from"] == "line"
    assert result.figures["shots"][0]["roll_degrees"] == pytest.approx(roll, abs=0.5)
    assert result.figures["shots"][0]["pitch_degrees"] == pytest.approx(pitch, abs=0.5)


def test_more_roll_than_a_camera_is_ever_held_at_is_not_believed() -> None:
    result = placed([turned(0, 0, 75)] * 2, map(sea, [turned(0, 0, 75)] * 2))
    assert result.figures["shots"][0]["roll_degrees"] == pytest.approx(0)


def test_a_pan_keeps_one_constant_alignment() -> None:
    cameras = [turned(3 * index, 4 + math.sin(index), 2 * math.cos(index)) for index in range(20)]
    result = placed(cameras, map(sea, cameras))
    for index, camera in enumerate(cameras):
        assert up_error(result.rotation(index), camera) < 0.3
        base = np.array(track_of(cameras).frames[index].rotation).T @ result.rotation(index)
        assert np.allclose(base, result.rotation(0))


def test_among_houses_the_horizon_is_below_the_roofs() -> None:
    cameras = [turned(0.5 * index, 2) for index in range(10)]
    result = placed(cameras, map(town, cameras))
    assert result.figures["shots"][0]["horizon_from"] == "skyline"
    assert result.figures["shots"][0]["roll_degrees"] == pytest.approx(0)
    assert up_error(result.rotation(0), cameras[0]) < 5


def test_one_leaking_matte_does_not_move_the_horizon() -> None:
    cameras = [turned(0, 3)] * 10
    mattes = [town(camera) for camera in cameras]
    calm = placed(cameras, mattes).rotation(0)
    mattes[4] = np.full_like(mattes[4], 65535)
    assert np.allclose(placed(cameras, mattes).rotation(0), calm, atol=0.01)


def test_reflections_in_water_do_not_count() -> None:
    camera = turned(0, 0)
    matte = sea(camera)
    matte[150:170, 40:200] = 65535
    assert up_error(placed([camera], [matte]).rotation(0), camera) < 0.3


@pytest.mark.parametrize("fill", [0, None])
def test_without_sky_the_default_is_used_and_said(fill: int | None) -> None:
    mattes = [] if fill is None else [np.full((90, 160), fill, np.uint16)]
    result = placed([np.eye(3)], mattes)
    shot = result.figures["shots"][0]
    assert shot["horizon_from"] == "default"
    assert shot["horizon_height"] == pytest.approx(DEFAULT_HEIGHT, abs=0.001)


def test_nothing_but_sky_puts_the_horizon_below_the_image() -> None:
    result = placed([np.eye(3)], [np.full((90, 160), 65535, np.uint16)])
    assert result.figures["shots"][0]["horizon_from"] == "below_frame"
    assert horizon_row(result.rotation(0)) > HEIGHT


@pytest.mark.parametrize("height", [-0.5, 0.0, 0.3, 1.0])
def test_the_setting_decides(height: float) -> None:
    camera = turned(0, 5)
    result = placed([camera], [sea(camera)], horizon=height)
    assert horizon_row(result.rotation(0)) == pytest.approx((1 - height) * (HEIGHT - 1), abs=0.01)
    assert result.figures["shots"][0]["horizon_height"] == pytest.approx(height, abs=0.001)
    assert result.figures["shots"][0]["horizon_from"] == "setting"


def test_the_setting_keeps_the_roll_that_is_seen() -> None:
    camera = turned(0, 5, 10)
    result = placed([camera], [sea(camera)], horizon=0.4)
    assert result.figures["shots"][0]["roll_degrees"] == pytest.approx(10, abs=0.5)
    assert horizon_row(result.rotation(0)) == pytest.approx(0.6 * (HEIGHT - 1), abs=0.01)


def test_each_shot_has_its_own_alignment() -> None:
    cameras = [turned(0, 5)] * 4 + [turned(30, -6, 8)] * 4
    result = place(track_of(cameras, cuts=(4,)), enumerate(map(sea, cameras)), Settings())
    assert [shot["first_frame"] for shot in result.figures["shots"]] == [0, 4]
    for index, camera in enumerate(cameras):
        assert up_error(result.rotation(index), camera) < 0.3


def three_shots() -> tuple[list[np.ndarray], Track]:
    """Two that show the same place, with another between them."""
    cameras = [turned(0, 5)] * 4 + [turned(30, -6, 8)] * 4 + [turned(-20, 2, 3)] * 4
    same = SamePlace(shot=0, rotation=(cameras[8] @ cameras[0].T).tolist(), confidence=0.8)
    return cameras, replace(track_of(cameras, cuts=(4, 8)), same_place=[None, None, same])


def test_shots_of_one_place_have_one_horizon_and_one_heading() -> None:
    cameras, track = three_shots()
    # Of the last shot no matte is seen: it stands as its place does.
    result = place(track, enumerate(map(sea, cameras[:8])), Settings())
    turn = result.rotation(8) @ result.rotation(0).T
    np.testing.assert_allclose(turn, cameras[8] @ cameras[0].T, atol=1e-6)
    assert up_error(result.rotation(8), cameras[8]) < 0.3
    told = [(shot["heading_from"], shot["heading_of"]) for shot in result.figures["shots"]]
    assert told == [("middle", None), ("middle", None), ("place", 0)]


def test_a_place_is_turned_to_its_light_and_its_shots_with_it() -> None:
    cameras, track = three_shots()
    before = place(track, enumerate(map(sea, cameras)), Settings())
    after = headed(before, track, {1: 30.0})
    for index, degrees in ((0, 0.0), (5, 30.0), (9, 0.0)):
        np.testing.assert_allclose(after.rotation(index), drifted(before.rotation(index), degrees), atol=1e-9)
    assert [shot["heading_from"] for shot in after.figures["shots"]] == ["middle", "light", "place"]
    np.testing.assert_allclose(after.world[1], after.rotation(4), atol=1e-9)


def test_figures_are_plain_data() -> None:
    result = placed([turned(0, 5)], [sea(turned(0, 5))])
    assert json.loads(json.dumps(result.figures, allow_nan=False)) == result.figures


def test_a_base_is_a_rotation_even_straight_up_or_down() -> None:
    for down in ([0, 1, 0], [0.6, 0.8, 0], [0, 0, 1], [0, 0, -1]):
        base = base_rotation(np.array(down, float))
        assert np.allclose(base @ base.T, np.eye(3))
        assert np.linalg.det(base) == pytest.approx(1)
        assert np.allclose(base[:, 1], down)


@pytest.mark.parametrize("roll", [0.0, 5.0])
@pytest.mark.parametrize("height", [0.5, 0.6])
def test_the_horizon_ahead_of_a_camera_that_sees_all_around(height: float, roll: float) -> None:
    sine, cosine = math.sin(math.radians(roll)), math.cos(math.radians(roll))
    world = [[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]]
    track = replace(track_of([np.eye(3), turned(30.0)]), projection="equirectangular", world=[world])
    placed = place(track, (), Settings(horizon=height))
    (figures,) = placed.figures["shots"]
    assert figures["horizon_from"] == "setting"
    assert figures["horizon_height"] == pytest.approx(height, abs=1e-4)
    down = placed.rotation(0)[:, 1]
    ahead = math.degrees(math.atan2(-down[2], down[1]))  # how far below what is straight ahead the horizon lies
    assert ahead == pytest.approx(-180 * (height - 0.5) * (track.height - 1) / track.height)
    assert figures["roll_degrees"] == pytest.approx(-roll, abs=1e-3)
    (level,) = place(track, (), Settings()).figures["shots"]
    assert level["horizon_from"] == "camera" and level["horizon_height"] == pytest.approx(0.5)
