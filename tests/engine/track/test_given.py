# SPDX-License-Identifier: GPL-3.0-or-later
"""A camera whose motion is given: what becomes of its poses, and which files are refused."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from support.given import pan, pose, turned

from skyar_blender.contract.job import Settings
from skyar_blender.contract.motion_file import CameraMotion, CameraPose
from skyar_blender.contract.track_file import Track
from skyar_blender.engine.sky.placement import place
from skyar_blender.engine.track.export import in_job_order
from skyar_blender.engine.track.geometry.rotations import camera_matrix, scaled
from skyar_blender.engine.track.trackers.choose import make_tracker
from skyar_blender.engine.track.trackers.given_motion_tracker import BETWEEN, known_poses

WIDTH, HEIGHT = 64, 36
SETTINGS = {"width": WIDTH, "height": HEIGHT, "fps": 24.0, "focal_mm": None, "quality": "normal"}


_CUT = [(0.0, "A", -0.2), (1.0, "A", -0.2), (40.0, "B", 0.1)]


def tracked(motion: CameraMotion, places: list[int] | None = None) -> Track:
    places = list(range(len(motion.frames))) if places is None else places
    tracker = make_tracker("SCENE_CAMERA", given=motion, places=places, **SETTINGS)  # type: ignore[arg-type]
    for _ in places:
        tracker.add(np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint16))
    return tracker.solve()


def test_rotation_zoom_and_homography_are_those_given() -> None:
    given = CameraMotion(frames=[pose(10, 3, 2, focal=24), pose(25, -4, 5, focal=48)])
    track = tracked(given)
    first, second = turned(10, 3, 2), turned(25, -4, 5)
    assert track.focal_source == "camera"
    assert track.focal_px == pytest.approx([24 / 36 * WIDTH, 48 / 36 * WIDTH])
    assert np.allclose(track.frames[1].rotation, second @ first.T)
    expected = (
        camera_matrix(track.focal(1), WIDTH, HEIGHT)
        @ second
        @ first.T
        @ np.linalg.inv(camera_matrix(track.focal(0), WIDTH, HEIGHT))
    )
    assert np.allclose(track.frames[1].homography, expected)
    assert np.allclose(track.world, [first])
    assert [frame.source for frame in track.frames] == ["scene", "scene"]
    assert [frame.confidence for frame in track.frames] == [1, 1]
    assert Track.from_json(track.to_json()) == track


def test_the_lens_of_each_shot_is_that_given() -> None:
    frames = [replace(pose(yaw), camera=name, distortion=bend) for yaw, name, bend in _CUT]
    track = tracked(CameraMotion(frames=frames))
    assert track.distortion == [-0.2, 0.1]
    assert track.distortions() == [-0.2, -0.2, 0.1]
    backwards = in_job_order(track, [2, 1, 0])
    assert backwards.distortions() == [0.1, -0.2, -0.2]


def test_a_lens_that_cannot_be_is_refused() -> None:
    for bend in (-1.0, 1.5, float("nan")):
        with pytest.raises(ValueError, match="distortion"):
            replace(pose(0), distortion=bend)


def test_a_track_without_distortion_is_still_read() -> None:
    data = json.loads(tracked(CameraMotion(frames=[pose(0), pose(5)])).to_json())
    del data["distortion"]
    older = Track.from_json(json.dumps(data | {"version": 2}))
    assert older.distortions() == [0.0, 0.0]
    assert older.version == Track.from_json(older.to_json()).version > 2


def test_a_whole_turn_stays_finite_and_comes_back() -> None:
    track = in_job_order(tracked(pan(np.linspace(0, 360, 25))), list(range(25)))
    assert np.allclose(track.frames[-1].rotation, np.eye(3), atol=1e-9)
    assert np.isfinite([frame.homography for frame in track.frames]).all()
    behind = np.array(track.frames[12].homography) @ [(WIDTH - 1) / 2, (HEIGHT - 1) / 2, 1]
    assert behind[2] < 0  # what was ahead is behind after half a turn, and the homography says so


def test_what_is_not_known_is_bridged_with_little_confidence() -> None:
    ends = pose(0, focal=30), replace(pose(30, focal=60), confidence=0.8)
    track = tracked(CameraMotion(frames=[ends[0], None, None, ends[1]]))
    assert [frame.source for frame in track.frames] == ["scene", "interpolated", "interpolated", "scene"]
    assert [frame.confidence for frame in track.frames] == pytest.approx([1, 0.8 * BETWEEN, 0.8 * BETWEEN, 0.8])
    assert np.allclose(track.frames[1].rotation, turned(10))
    assert np.allclose(track.frames[2].rotation, turned(20))
    assert track.focal_px == pytest.approx([np.interp(x, [0, 3], [30, 60]) / 36 * WIDTH for x in range(4)])


def test_another_camera_is_a_cut() -> None:
    motion = CameraMotion(frames=[pose(yaw, camera="A") for yaw in (0, 5)] + [pose(y, camera="B") for y in (90, 91)])
    track = tracked(motion)
    assert [frame.source for frame in track.frames] == ["scene", "scene", "cut", "scene"]
    assert np.allclose(track.frames[2].rotation, np.eye(3))
    assert np.allclose(track.world, [turned(0), turned(90)])
    placed = place(track, (), Settings())
    for index, yaw in enumerate((0, 5, 90, 91)):
        assert np.allclose(placed.rotation(index), turned(yaw))


def test_frames_in_another_order_keep_their_camera() -> None:
    """A reversed strip with a cut: the work is done in the clip's order, the track is told in the job's."""
    yaws, names = (40, 30, 3, 0), "BBAA"
    motion = CameraMotion(frames=[pose(yaw, camera=name) for yaw, name in zip(yaws, names, strict=True)])
    track = in_job_order(tracked(motion, [3, 2, 1, 0]), [3, 2, 1, 0])
    assert [frame.source for frame in track.frames] == ["scene", "scene", "cut", "scene"]
    assert track.world is not None
    for frame, yaw, shot in zip(track.frames, yaws, (0, 0, 1, 1), strict=True):
        assert np.allclose(np.array(frame.rotation) @ track.world[shot], turned(yaw))


def test_the_given_world_decides_the_horizon() -> None:
    track = tracked(CameraMotion(frames=[pose(70, 5, 3)]))
    placed = place(track, (), Settings())
    assert np.allclose(placed.rotation(0), turned(70, 5, 3))
    (figures,) = placed.figures["shots"]
    assert figures["horizon_from"] == "camera"
    assert figures["pitch_degrees"] == pytest.approx(5)
    assert figures["roll_degrees"] == pytest.approx(3)


def test_a_wanted_horizon_keeps_heading_and_roll() -> None:
    track = tracked(CameraMotion(frames=[pose(70, 5, 3)]))
    placed = place(track, (), Settings(horizon=0.25))
    (figures,) = placed.figures["shots"]
    assert figures["horizon_from"] == "setting"
    assert figures["horizon_height"] == pytest.approx(0.25, abs=1e-3)
    assert figures["roll_degrees"] == pytest.approx(3, abs=0.1)
    x, _, z = placed.rotation(0)[2]
    assert math.degrees(math.atan2(x, z)) == pytest.approx(70, abs=1e-6)


def test_a_world_that_is_not_upright_is_not_told() -> None:
    track = tracked(CameraMotion(frames=[pose(70, 5, 3)], upright=False))
    assert track.world is None
    assert place(track, (), Settings()).figures["shots"][0]["horizon_from"] == "default"


@pytest.mark.parametrize("pitch", [90, -90, 180])
def test_straight_up_or_upside_down(pitch: float) -> None:
    placed = place(tracked(CameraMotion(frames=[pose(20, pitch)])), (), Settings())
    assert json.loads(json.dumps(placed.figures, allow_nan=False))["shots"][0]["horizon_height"] is None
    assert np.isfinite(place(tracked(CameraMotion(frames=[pose(20, pitch)])), (), Settings(horizon=0.5)).world).all()


@pytest.mark.parametrize("focal", [0.0, -35.0, math.nan, math.inf, 1e9])
def test_focal_lengths_that_are_none(focal: float) -> None:
    with pytest.raises(ValueError, match="focal length"):
        pose(focal=focal)


@pytest.mark.parametrize(
    "rotation",
    [
        [],
        [[1, 0, 0], [0, 1, 0]],
        [[1, 0], [0, 1], [0, 0]],
        [[math.nan, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[1, 0, 0], [0, 1, 0], [0, 0, -1]],
        [[2, 0, 0], [0, 2, 0], [0, 0, 2]],
        [[1, 0.1, 0], [0, 1, 0], [0, 0, 1]],
        [[0, 0, 0], [0, 0, 0], [0, 0, 0]],
    ],
)
def test_matrices_that_are_no_rotation(rotation: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="rotation"):
        CameraPose(rotation=rotation, focal_length=35.0)


@pytest.mark.parametrize("confidence", [-0.1, 1.5, math.nan])
def test_confidence_that_is_none(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        pose(confidence=confidence)


def test_nothing_is_guessed_beyond_what_is_known() -> None:
    for frames in ([], [None], [None, pose()], [pose(), None]):
        with pytest.raises(ValueError, match="first and at the last"):
            CameraMotion(frames=frames)
    with pytest.raises(ValueError, match="cut between the frames 0 and 2"):
        CameraMotion(frames=[pose(camera="A"), None, pose(camera="B")])


def test_going_on_from_a_state() -> None:
    motion = pan([0, 1, 2])
    make = {"given": motion, "places": [0, 1, 2]} | SETTINGS
    taker = make_tracker("SCENE_CAMERA", **make)  # type: ignore[arg-type]
    taker.add(np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint16))
    again = make_tracker("SCENE_CAMERA", **make)  # type: ignore[arg-type]
    again.restore(taker.checkpoint())
    assert again.count == 1 and again.solve() == taker.solve()
    for state in (b"", b"{}", b'{"tracker": "given", "count": 4}', b'{"tracker": "static", "count": 1}'):
        with pytest.raises(ValueError, match="cannot be read"):
            again.restore(state)
    with pytest.raises(ValueError, match="needs to be given"):
        make_tracker("SCENE_CAMERA", **SETTINGS)  # type: ignore[arg-type]


def test_half_a_turn_in_a_gap_is_still_a_rotation() -> None:
    middle = known_poses(CameraMotion(frames=[pose(0), None, pose(180)]))[1].rotation
    assert np.allclose(middle @ middle.T, np.eye(3)) and np.linalg.det(middle) == pytest.approx(1)


def test_homographies_past_a_right_angle_keep_their_sign() -> None:
    """A point that has gone behind the camera must not come back on the other side of the image."""
    lens = np.array([[100.0, 0, 79.5], [0, 100, 47.5], [0, 0, 1]])
    inverse = np.linalg.inv(lens)
    before, behind = (scaled(lens @ turned(angle) @ inverse) for angle in (40.0, 130.0))
    middle = np.array([79.5, 47.5, 1.0])
    assert (before @ middle)[2] > 0 > (behind @ middle)[2]
    assert before[2, 2] == pytest.approx(1)
