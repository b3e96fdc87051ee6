# SPDX-License-Identifier: GPL-3.0-or-later
"""Following the camera: known moves are found, and what cannot be followed is said to be unsure."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from support.track_scenes import Move, Scene, corner_error, turn

from skyar_blender.contract.track_file import Track
from skyar_blender.engine.track.export import in_job_order
from skyar_blender.engine.track.trackers.choose import make_tracker
from skyar_blender.engine.track.trackers.interface import Tracker
from skyar_blender.engine.track.trackers.shared_lens import ShotLens, shared_lens

WIDTH, HEIGHT, FRAMES = 320, 192, 24
Images = list[tuple[np.ndarray, np.ndarray]]


def tracker(motion: str = "SOLVE", **settings: object) -> Tracker:
    values = {"width": WIDTH, "height": HEIGHT, "fps": 25.0, "focal_mm": None, "quality": "normal", **settings}
    return make_tracker(motion, **values)  # type: ignore[arg-type]


def solve(images: Images) -> Track:
    taker = tracker()
    for frame, matte in images:
        taker.add(frame, matte)
    track = taker.solve()
    assert len(track.frames) == taker.count == len(images)
    assert Track.from_json(track.to_json()) == track  # also refuses NaN
    return track


def scene(sky: str = "gradient", **options: object) -> Scene:
    return Scene(WIDTH, HEIGHT, sky, **options)  # type: ignore[arg-type]


def shoot(place: Scene, moves: list[Move], noise: float = 1.0) -> Images:
    return [place.frame(move, noise, seed) for seed, move in enumerate(moves)]


def errors(track: Track, place: Scene, moves: list[Move]) -> list[float]:
    return [
        corner_error(np.array(frame.homography), place.truth(moves[0], move), WIDTH, HEIGHT)
        for frame, move in zip(track.frames, moves, strict=True)
    ]


@pytest.mark.parametrize("sky", ["clouds", "overcast", "gradient"])
def test_pan_under_any_sky(sky: str) -> None:
    place = scene(sky)
    moves = [Move(turn(yaw=-0.6 * i), place.focal, near=1.5 * i) for i in range(FRAMES)]
    track = solve(shoot(place, moves, noise=1.5))
    found = errors(track, place, moves)
    assert max(found) < 1.0
    assert np.linalg.norm(np.array(track.frames[-1].homography) - np.eye(3)) > 10  # it did move
    assert min(frame.confidence for frame in track.frames) > 0.3
    assert {frame.source for frame in track.frames} == {"scene"}
    assert min(frame.points for frame in track.frames) >= 8
    residuals = [frame.residual_px for frame in track.frames]
    assert all(value is not None and 0 < value < 0.5 for value in residuals)


def test_roll() -> None:
    place = scene()
    moves = [Move(turn(roll=0.8 * i), place.focal) for i in range(FRAMES)]
    assert max(errors(solve(shoot(place, moves)), place, moves)) < 0.5


@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_noise_in_a_blank_sky_is_no_landmark(noise: float) -> None:
    place = scene("gradient", near=False)
    moves = [Move(turn(yaw=0.5 * i, pitch=0.4 * math.sin(i)), place.focal) for i in range(FRAMES)]
    assert max(errors(solve(shoot(place, moves, noise)), place, moves)) < 1.0


def test_moving_clouds_do_not_move_a_locked_camera() -> None:
    place = scene("clouds")
    moves = [Move(np.eye(3), place.focal, clouds=1.5 * i) for i in range(FRAMES)]
    assert max(errors(solve(shoot(place, moves)), place, moves)) < 0.5


def test_near_things_that_pass_by_do_not_turn_the_camera() -> None:
    place = scene("overcast")
    moves = [Move(turn(yaw=0.2 * math.sin(i / 3)), place.focal, near=4.0 * i) for i in range(FRAMES)]
    assert max(errors(solve(shoot(place, moves)), place, moves)) < 1.0


def test_zoom_is_followed() -> None:
    place = scene("gradient", near=False)
    moves = [Move(turn(yaw=0.1 * i), place.focal * 1.2 ** (i / FRAMES)) for i in range(FRAMES)]
    track = solve(shoot(place, moves))
    assert isinstance(track.focal_px, list)
    assert track.focal_px[-1] / track.focal_px[0] == pytest.approx(moves[-1].focal / moves[0].focal, rel=0.005)
    assert max(errors(track, place, moves)[12:]) < 1.0


def test_homography_is_made_of_rotation_and_focal_length() -> None:
    place = scene()
    moves = [Move(turn(yaw=0.5 * i, roll=0.3 * i), place.focal) for i in range(6)]
    track = solve(shoot(place, moves))
    for frame in track.frames:
        rotation = np.array(frame.rotation)
        assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
        focal = track.focal(frame.index)
        camera = np.array([[focal, 0, (WIDTH - 1) / 2], [0, focal, (HEIGHT - 1) / 2], [0, 0, 1]])
        expected = camera @ rotation @ np.linalg.inv(camera)
        assert np.allclose(np.array(frame.homography), expected / expected[2, 2], atol=1e-9)


def test_a_cut_starts_a_new_reference() -> None:
    first, second = scene("gradient"), scene("clouds", seed=50)
    moves = [Move(turn(yaw=0.4 * i), first.focal) for i in range(20)]
    track = solve(shoot(first, moves[:10]) + shoot(second, moves[10:]))
    assert [frame.index for frame in track.frames if frame.source == "cut"] == [10]
    assert track.frames[10].homography == np.eye(3).tolist()
    after = [
        corner_error(np.array(track.frames[i].homography), second.truth(moves[10], moves[i]), WIDTH, HEIGHT)
        for i in range(10, 20)
    ]
    assert max(after) < 1.0


def test_covered_frames_are_bridged_from_both_sides() -> None:
    place = scene()
    moves = [Move(turn(yaw=0.5 * i), place.focal) for i in range(20)]
    images = shoot(place, moves)
    for i in range(8, 12):
        images[i] = (np.zeros_like(images[i][0]), images[i][1])
    track = solve(images)
    assert [frame.index for frame in track.frames if frame.source == "interpolated"] == [8, 9, 10, 11]
    assert all(0 < frame.confidence < 0.3 for frame in track.frames[8:12])
    assert max(errors(track, place, moves)) < 1.0


def _blank(rng: np.random.Generator) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), 200, np.uint8)


def _strong_noise(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def _faint_noise(rng: np.random.Generator) -> np.ndarray:
    return np.clip(rng.normal(150, 3, (HEIGHT, WIDTH, 3)).round(), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("make", [_blank, _strong_noise, _faint_noise])
@pytest.mark.parametrize("horizon", [0, HEIGHT // 2, HEIGHT])
def test_nothing_to_follow_is_never_a_sure_identity(make: object, horizon: int) -> None:
    rng = np.random.default_rng(1)
    matte = np.zeros((HEIGHT, WIDTH), np.uint16)
    matte[:horizon] = 65535
    track = solve([(make(rng), matte) for _ in range(15)])  # type: ignore[operator]
    assert max(frame.confidence for frame in track.frames) < 0.3
    assert sum(frame.source == "interpolated" for frame in track.frames) >= 12


def test_one_frame_is_the_reference() -> None:
    track = solve(shoot(scene(), [Move(np.eye(3), 250.0)]))
    assert track.frames[0].homography == np.eye(3).tolist()
    assert track.frames[0].confidence == 1.0


def test_no_frame_is_an_empty_track() -> None:
    assert solve([]).frames == []


def test_restored_tracker_goes_on_exactly() -> None:
    place = scene("clouds")
    moves = [Move(turn(yaw=1.2 * i, roll=0.5 * i), place.focal * 1.01**i, near=2.0 * i) for i in range(FRAMES)]
    images = shoot(place, moves)
    through = tracker()
    states = []
    for frame, matte in images:
        states.append(through.checkpoint())
        through.add(frame, matte)
    for stop in (0, 1, 9, 17):
        resumed = tracker()
        resumed.restore(states[stop])
        assert resumed.count == stop
        for frame, matte in images[stop:]:
            resumed.add(frame, matte)
        assert resumed.checkpoint() == through.checkpoint()
        assert resumed.solve().to_json() == through.solve().to_json()


def test_result_does_not_depend_on_the_number_of_threads() -> None:
    place = scene("clouds")
    moves = [Move(turn(yaw=0.7 * i), place.focal, near=2.0 * i) for i in range(10)]
    images = shoot(place, moves)
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        alone = solve(images)
        cv2.setNumThreads(4)
        together = solve(images)
    finally:
        cv2.setNumThreads(before)
    assert alone == together


@pytest.mark.parametrize("damage", [b"", b"not a state", None])
def test_damaged_state_is_refused(damage: bytes | None) -> None:
    taker = tracker()
    for frame, matte in shoot(scene(), [Move(np.eye(3), 250.0)] * 2):
        taker.add(frame, matte)
    blob = taker.checkpoint()[:-200] if damage is None else damage
    with pytest.raises(ValueError, match="cannot be read"):
        tracker().restore(blob)


def test_state_of_another_clip_is_refused() -> None:
    blob = tracker(width=WIDTH + 2).checkpoint()
    with pytest.raises(ValueError, match="another size"):
        tracker().restore(blob)
    with pytest.raises(ValueError, match="another focal length"):
        tracker(width=WIDTH + 2, focal_mm=50.0).restore(blob)


def test_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        tracker().add(np.zeros((10, 10, 3), np.uint8), np.zeros((10, 10), np.uint16))


@pytest.mark.parametrize("fraction", [0.75, 0.9, 1.6])
def test_a_turning_camera_tells_its_focal_length(fraction: float) -> None:
    place = scene("overcast", near=False)
    moves = [Move(turn(yaw=-0.9 * i), fraction * place.focal) for i in range(FRAMES)]
    track = solve(shoot(place, moves))
    assert track.focal(0) == pytest.approx(fraction * place.focal, rel=0.01)
    assert track.focal_source == "solved"
    assert "cut" not in {frame.source for frame in track.frames}
    assert min(frame.confidence for frame in track.frames) > 0.5
    assert max(errors(track, place, moves)) < 1.0


def test_a_shot_that_tells_no_lens_has_that_of_the_others() -> None:
    first, second = scene("overcast", near=False), scene("clouds", seed=50)
    focal = 0.75 * first.focal
    pan = [Move(turn(yaw=-0.9 * i), focal) for i in range(FRAMES)]
    held = [Move(turn(yaw=0.02 * i, pitch=14.0, roll=0.1 * i), focal) for i in range(12)]
    track = solve([*shoot(first, pan), *shoot(second, held)])
    assert [frame.index for frame in track.frames if frame.source == "cut"] == [FRAMES]
    assert track.focal(FRAMES) == track.focal(0) == pytest.approx(focal, rel=0.02)
    assert track.focal_sources == ["solved", "other_shot"]
    assert in_job_order(track, [FRAMES, 0]).focal_sources == ["other_shot", "solved"]
    alone = solve(shoot(second, held))
    assert alone.focal(0) == pytest.approx(first.focal)
    assert alone.focal_source == "default" and alone.focal_sources == ["default"]


def test_shots_with_different_lenses_keep_them() -> None:
    wide, long = ShotLens(300.0, -0.1, 20, True, False), ShotLens(500.0, 0.0, 90, True, False)
    unknown, zoom = ShotLens(400.0, 0.0, 60, False, False), ShotLens(700.0, 0.0, 60, True, True)
    assert shared_lens([wide, unknown, zoom]) == (300.0, -0.1)
    assert shared_lens([wide, long, unknown]) is None and shared_lens([unknown, zoom]) is None


def test_a_given_focal_length_is_kept() -> None:
    place = scene("overcast", near=False)
    moves = [Move(turn(yaw=-1.2 * i), 1.4 * place.focal) for i in range(12)]
    taker = tracker(focal_mm=28.0)
    for frame, matte in shoot(place, moves):
        taker.add(frame, matte)
    track = taker.solve()
    assert (track.focal(0), track.focal_source) == (pytest.approx(28 / 36 * WIDTH), "given")
