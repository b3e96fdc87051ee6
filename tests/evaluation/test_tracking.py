# SPDX-License-Identifier: GPL-3.0-or-later
"""The clips that trackers are measured on, and the measure itself."""

from __future__ import annotations

import dataclasses
import itertools
from functools import cache

import cv2
import numpy as np
import pytest

from skyar_blender.evaluation.tracking import moves, world
from skyar_blender.evaluation.tracking.cases import Case, cases, focal_px
from skyar_blender.evaluation.tracking.footage import shoot
from skyar_blender.evaluation.tracking.poses import turned
from skyar_blender.evaluation.tracking.track_errors import Truth, corner_errors, errors_over, sky_errors

WIDTH, HEIGHT, FOCAL = 160, 96, 120.0


@cache
def clouded() -> world.World:
    return world.make_world(world.clouded(2), 3, near=False)


def small_case(move: moves.Move, **options: object) -> Case:
    values = {
        "name": "case", "place": clouded, "move": move, "frames": 4,
        "width": WIDTH, "height": HEIGHT, "noise": 0.0, **options,
    }  # fmt: skip
    return Case(**values)  # type: ignore[arg-type]


def shifted(x: float) -> np.ndarray:
    return np.array([[1, 0, x], [0, 1, 0], [0, 0, 1.0]])


def test_names_are_different() -> None:
    names = [case.name for case in cases()]
    assert len(names) == len(set(names)) > 40


def test_the_truth_takes_the_image_along() -> None:
    move = moves.shaking(moves.zooming(moves.turning(FOCAL, 4, yaw=8, pitch=3, roll=6), 4, 1.2), 1)
    case = small_case(move)
    frames = [frame for frame, _ in shoot(case)]
    moved = cv2.warpPerspective(frames[0], case.truths()[3].homography, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC)
    inside = cv2.warpPerspective(np.ones((HEIGHT, WIDTH)), case.truths()[3].homography, (WIDTH, HEIGHT)) > 0.999
    inside = cv2.erode(inside.astype(np.uint8), np.ones((3, 3))) > 0
    assert inside.mean() > 0.5
    wrong = np.abs(moved.astype(float) - frames[3])[inside].mean()
    still = np.abs(frames[0].astype(float) - frames[3])[inside].mean()
    assert wrong < 0.25 * still


def test_pans_to_the_right_move_the_image_to_the_left() -> None:
    homography = small_case(moves.turning(FOCAL, 4, yaw=10)).truths()[3].homography
    assert cv2.perspectiveTransform(np.array([[[WIDTH / 2, HEIGHT / 2]]]), homography)[0, 0, 0] < WIDTH / 2 - 10


def test_near_things_have_parallax_and_far_ones_have_not() -> None:
    place = lambda: world.make_world(world.clouded(2), 3, near=True)  # noqa: E731
    walk = lambda time: moves.TruePose(np.eye(3), FOCAL, np.array([0.1 * time, 0, 0]))  # noqa: E731
    first, *_, last = (frame for frame, _ in shoot(small_case(walk, place=place)))
    change = np.abs(first.astype(float) - last).mean(axis=(1, 2))
    assert change[: HEIGHT // 3].max() < 1 < change[-HEIGHT // 4 :].min()


def test_clouds_drift_and_the_land_stays() -> None:
    (first, matte), *_, (last, _) = shoot(small_case(moves.locked(FOCAL, 2.0)))
    change = np.abs(first.astype(float) - last).mean(axis=2)
    assert change[matte > 65000].mean() > 1 and change[matte < 100].max() == 0


@cache
def whipped() -> list[tuple[np.ndarray, np.ndarray]]:
    return list(shoot(small_case(moves.whip(FOCAL, 4, 20, 3))))


@pytest.mark.parametrize(
    "options",
    [
        {"noise": 2.0}, {"crf": 30}, {"shutter": 0.5}, {"blurred": range(1, 3)}, {"person": True},
        {"covered": range(1, 3)}, {"cut": 2},
    ],
)  # fmt: skip
def test_mishaps_change_the_image_and_keep_its_form(options: dict[str, object]) -> None:
    frames, plain = list(shoot(small_case(moves.whip(FOCAL, 4, 20, 3), **options))), whipped()
    assert len(frames) == 4
    for frame, matte in frames:
        assert frame.shape == (HEIGHT, WIDTH, 3) and frame.dtype == np.uint8
        assert matte.shape == (HEIGHT, WIDTH) and matte.dtype == np.uint16
    assert any((frame != other).any() for (frame, _), (other, _) in zip(frames, plain, strict=True))


def test_the_same_case_twice_is_the_same_clip() -> None:
    case = small_case(moves.shaking(moves.locked(FOCAL), 2), place=clouded.__wrapped__, noise=1.0)
    for (frame, matte), (again, matte_again) in zip(shoot(case), shoot(case), strict=True):
        assert (frame == again).all() and (matte == matte_again).all()


def test_a_cut_starts_a_new_truth() -> None:
    case = dataclasses.replace(small_case(moves.turning(FOCAL, 4, yaw=9)), cut=2)
    truths = case.truths()
    assert [truth.start for truth in truths] == [0, 0, 2, 2]
    assert np.allclose(truths[2].homography / truths[2].homography[2, 2], np.eye(3))


def test_the_truth_has_no_error_and_a_shift_has_its_length() -> None:
    truths = small_case(moves.turning(FOCAL, 4, yaw=9, roll=5)).truths()
    exact = corner_errors([truth.homography for truth in truths], truths, WIDTH, HEIGHT)
    assert exact.per_frame.max() < 1e-9 and exact.jitter < 1e-9
    off = corner_errors([shifted(3.0) @ truth.homography for truth in truths], truths, WIDTH, HEIGHT)
    assert np.allclose(off.per_frame, 3.0)


def test_jitter_is_what_changes_fast() -> None:
    truths = [Truth(0, np.eye(3))] * 40
    drifting = corner_errors([shifted(0.1 * i) for i in range(40)], truths, WIDTH, HEIGHT)
    shaking = corner_errors([shifted(0.5 * (-1) ** i) for i in range(40)], truths, WIDTH, HEIGHT)
    assert drifting.jitter < 1e-9
    assert shaking.jitter == pytest.approx(0.5, rel=0.15)


def test_sky_is_measured_where_it_was_seen_before() -> None:
    case = small_case(moves.turning(FOCAL, 4, yaw=30))
    truths, mattes = case.truths(), [matte for _, matte in shoot(case)]
    # Wrong only where the first frame did not look.
    found = [truth.homography for truth in truths]
    assert sky_errors(found, truths, mattes).per_frame.max() < 1e-9
    found[3] = shifted(2.0) @ found[3]
    assert sky_errors(found, truths, mattes).per_frame[3] == pytest.approx(2.0)


def test_turns_add_up_as_a_camera_turns() -> None:
    for first, second in itertools.pairwise([0.0, 10.0, 25.0]):
        ahead = turned(yaw=second) @ np.array([np.sin(np.radians(second)), 0, np.cos(np.radians(second))])
        assert np.allclose(ahead, [0, 0, 1])
        assert (turned(yaw=first) @ turned(yaw=second).T)[0, 2] > 0
    assert focal_px(36.0, 854) == 854


def test_errors_over_some_frames_forget_what_was_before() -> None:
    truths = [Truth(0, np.eye(3))] * 8
    jumped = [shifted(5.0 if index >= 4 else 0.0) for index in range(8)]
    errors = errors_over(2, jumped, truths, WIDTH, HEIGHT)
    assert np.isnan(errors[:2]).all()
    assert errors[2:].round(6).tolist() == [0, 0, 5, 5, 0, 0]
    cut = [Truth(0, np.eye(3))] * 4 + [Truth(4, np.eye(3))] * 4
    assert np.nanmax(errors_over(2, jumped, cut, WIDTH, HEIGHT)) < 1e-9


def test_a_board_that_is_turned_and_moves_is_seen_where_it_stands() -> None:
    image = np.full((8, 8, 3), 250, np.uint8)
    board = world.Board(0.0, -1.0, 10.0, 4.0, 2.0, image, turn=-90.0, speed=(0.5, 0.0, 0.0))
    place = dataclasses.replace(world.make_world(world.gradient(), 3, near=False), boards=[board])
    frames = [frame for frame, _ in shoot(small_case(moves.locked(FOCAL), place=lambda: place))]
    bright = [np.flatnonzero((frame.min(axis=2) > 245).any(axis=0)) for frame in frames]
    # It recedes from 10 m to 14 m: seen edge on at first, then between both ends, half a metre a frame to the right.
    assert len(bright[0]) <= 1
    middle = (WIDTH - 1) / 2
    assert bright[3].min() == pytest.approx(middle + FOCAL * 1.5 / 14, abs=1.5)
    assert bright[3].max() == pytest.approx(middle + FOCAL * 1.5 / 10, abs=1.5)
