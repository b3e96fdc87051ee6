# SPDX-License-Identifier: GPL-3.0-or-later
"""Cameras that travel: two images, all frames at once, and whole shots of made places."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from skyar_blender.contract.track_file import Track
from skyar_blender.engine.lens import Lens
from skyar_blender.engine.track.confidence import capped
from skyar_blender.engine.track.distorted_turn import distorted_turn
from skyar_blender.engine.track.features.feature_tracks import FrameTracks
from skyar_blender.engine.track.geometry.analysis import AnalysisScale
from skyar_blender.engine.track.keyframes.state import unpack
from skyar_blender.engine.track.trackers.choose import make_tracker
from skyar_blender.engine.track.translation import solve
from skyar_blender.engine.track.translation.bundle_adjustment import reconstruct, settled, with_lens
from skyar_blender.engine.track.translation.epipolar import explains, relative_pose
from skyar_blender.engine.track.translation.normal_equations import Sighting
from skyar_blender.engine.track.translation.resection import placed
from skyar_blender.engine.track.translation.solve import agreed_on, believed, lens_doubt, weighed
from skyar_blender.evaluation.tracking import moves, places, world
from skyar_blender.evaluation.tracking.cases import Case
from skyar_blender.evaluation.tracking.footage import shoot
from skyar_blender.evaluation.tracking.track_errors import errors_over

FOCAL, FRAMES = 450.0, 24
RANDOM = np.random.default_rng(5)
#: Things before a street's camera, metres: near ones, and some that are as good as infinitely far.
POINTS = np.concatenate(
    [
        RANDOM.uniform((-20, -8, 12), (20, 1.5, 60), (160, 3)),
        RANDOM.uniform((-4e4, -6e3, 5e4), (4e4, -1e3, 6e4), (25, 3)),
    ]
)


def pixels(rotation: np.ndarray, place: np.ndarray, focal: float = FOCAL) -> tuple[np.ndarray, np.ndarray]:
    """Centred pixels of the points that a 640x360 image shows, and which these are."""
    seen = (POINTS - place) @ rotation.T
    at = focal * seen[:, :2] / np.maximum(seen[:, 2:], 1e-3)
    kept = np.flatnonzero((seen[:, 2] > 2) & (np.abs(at) < (320, 180)).all(axis=1))
    return at[kept], kept


def turn(yaw: float, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    return np.asarray(Rotation.from_euler("YXZ", [yaw, pitch, roll], degrees=True).as_matrix().T)


def angle(found: np.ndarray, truth: np.ndarray) -> float:
    return float(np.degrees(Rotation.from_matrix(found @ truth.T).magnitude()))


def pair(rotation: np.ndarray, place: np.ndarray, wrong: int = 0) -> tuple[np.ndarray, np.ndarray]:
    (first, a), (second, b) = pixels(np.eye(3), np.zeros(3)), pixels(rotation, place)
    _, at, of = np.intersect1d(a, b, return_indices=True)
    p, q = first[at], second[of] + np.random.default_rng(1).normal(0, 0.1, (len(of), 2))
    q[:wrong] += np.random.default_rng(2).normal(0, 30, (wrong, 2))
    return p, q


@pytest.mark.parametrize("way", [(0, 0, 1.0), (0.6, 0, 0), (0, -0.5, 0.1), (-0.3, 0.1, -0.8)])
def test_rotation_and_direction_are_found_among_wrong_matches(way: tuple[float, float, float]) -> None:
    rotation, place = turn(1.5, 0.4, -0.8), np.array(way)
    p, q = pair(rotation, place, wrong=30)
    found = relative_pose(p, q, FOCAL, [(np.eye(3), None)])
    assert found is not None and angle(found.rotation, rotation) < 0.2
    assert found.travel @ (-rotation @ place) / np.linalg.norm(place) > 0.99
    assert found.fraction == pytest.approx(1 - 30 / len(p), abs=0.05)


def test_a_rotation_that_takes_near_things_for_far_does_not_explain_them() -> None:
    rotation, place = turn(0.5), np.array([0.8, 0.0, 0.0])
    p, q = pair(rotation, place)
    assert explains(rotation, p, q, FOCAL)
    assert not explains(turn(1.2), p, q, FOCAL)


def test_few_matches_tell_no_passage() -> None:
    p, q = pair(turn(1), np.array([0, 0, 1.0]))
    assert relative_pose(p[:7], q[:7], FOCAL, [(np.eye(3), None)]) is None
    nothing = [Sighting(0, np.arange(0), np.empty((0, 2)))] * 2
    assert reconstruct([np.eye(3)] * 2, np.zeros((2, 3)), nothing, FOCAL) is None


def trip(bend: float) -> tuple[np.ndarray, np.ndarray, list[Sighting]]:
    """Truth and sightings of a drive in a bend, one match in twelve wrong."""
    random = np.random.default_rng(4)
    rotations = np.array([turn(bend * index / FRAMES, 0.3 * np.sin(index)) for index in range(FRAMES)])
    steps = 0.4 * np.array([rotation[2] for rotation in rotations])
    centres = np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)[:-1]])
    sightings = []
    for index in range(FRAMES):
        at, which = pixels(rotations[index], centres[index])
        at = at + random.normal(0, 0.1, at.shape)
        wrong = random.random(len(at)) < 1 / 12
        at[wrong] += random.normal(0, 15, (int(wrong.sum()), 2))
        sightings.append(Sighting(index, which, at))
    return rotations, centres, sightings


def test_all_frames_of_a_journey_agree_and_tell_the_lens() -> None:
    rotations, centres, sightings = trip(40.0)
    shaken = Rotation.from_rotvec(np.random.default_rng(6).normal(0, 0.003, (FRAMES, 3)))
    rough = list((shaken * Rotation.from_matrix(rotations)).as_matrix())
    rough[0] = rotations[0]
    far_off = 1.15 * FOCAL
    rough_one = reconstruct(rough, centres, sightings, far_off)
    assert rough_one is not None and rough_one.focal == far_off
    fixed, reported = settled(rough_one), with_lens(rough_one)
    assert fixed.focal == far_off and reported.focal == pytest.approx(FOCAL, rel=0.01)
    assert reported.deviation < 0.01
    assert believed(reported, fixed, far_off) and not believed(with_lens(reported), settled(reported), reported.focal)
    away = [
        angle(found @ reported.rotations[0].T, truth)
        for found, truth in zip(reported.rotations, rotations, strict=True)
    ]
    assert max(away) < 0.15
    assert reported.fraction[1:].min() > 0.75 and reported.points[1:].min() > 30


def test_trails_that_stray_by_little_more_than_noise_pull_nothing_along() -> None:
    rotations, centres, sightings = trip(40.0)
    slips = np.random.default_rng(12).random(len(POINTS)) < 0.25
    slipped = [
        replace(each, pixels=each.pixels + np.where(slips[each.number], 0.15 * each.frame, 0.0)[:, None])
        for each in sightings
    ]
    rough = reconstruct(list(rotations), centres, slipped, FOCAL)
    assert rough is not None
    worst = [
        max(angle(each @ found.rotations[0].T, truth) for each, truth in zip(found.rotations, rotations, strict=True))
        for found in (rough, settled(rough))
    ]
    assert worst[1] < min(0.15, 0.5 * worst[0])


def test_all_frames_near_the_ends_of_trails_are_agreed_on() -> None:
    # Trails begin at frame 0, and anew at frame 21.
    led = np.ones(40, bool)
    led[[0, 21]] = False
    keys = agreed_on(led, 2).tolist()
    assert keys == [*range(7), *range(8, 15, 2), *range(15, 28), *range(29, 34, 2), *range(34, 40)]


def test_where_travel_begins_neither_frame_is_surer_than_the_other() -> None:
    sure = np.array([0.9, 0.8, 0.2, 0.6, 0.65, 0.6, 0.95])
    assert capped(sure, np.array([3, 4, 5])).tolist() == [0.9, 0.8, 0.2, 0.2, 0.65, 0.6, 0.6]
    covered = np.array([0.6, 0.0, 0.65])
    assert capped(covered, np.array([0, 2])).tolist() == covered.tolist()


def test_frames_between_are_placed_by_what_is_known() -> None:
    rotations, centres, sightings = trip(40.0)
    keys = np.array([*range(0, FRAMES, 3), FRAMES - 1])
    agreed = reconstruct(
        list(rotations[keys]), centres[keys], [replace(sightings[key], frame=i) for i, key in enumerate(keys)], FOCAL
    )
    assert agreed is not None
    # As if each had been found a little wrong.
    shaken = Rotation.from_rotvec(np.random.default_rng(8).normal(0, 0.003, (FRAMES, 3)))
    rough = (shaken * Rotation.from_matrix(rotations)).as_matrix()
    found = placed(agreed, keys, sightings, rough, centres)
    assert np.array_equal(found.rotations[keys], agreed.rotations)
    away = [angle(each @ found.rotations[0].T, truth) for each, truth in zip(found.rotations, rotations, strict=True)]
    assert max(away) < 0.15
    assert found.points[1:].min() > 20 and found.fraction[1:].min() > 0.7


def test_a_long_trail_is_cut_without_coming_apart() -> None:
    random = np.random.default_rng(9)
    frames = 60
    rotations = np.array([turn(0.1 * index) for index in range(frames)])
    seen = [pixels(each, np.array([0.0, 0.0, 0.02 * index])) for index, each in enumerate(rotations)]
    sightings = [
        Sighting(index, which, at + random.normal(0, 0.05, at.shape)) for index, (at, which) in enumerate(seen)
    ]
    centres = np.array([[0.0, 0.0, 0.02 * index] for index in range(frames)])
    # Half of the way was found wrong: only trails through its middle tell.
    rough = [each if index < 30 else turn(1.0) @ each for index, each in enumerate(rotations)]
    found = reconstruct(rough, centres, sightings, FOCAL)
    assert found is not None and found.points[1:].min() > 30
    assert angle(found.rotations[-1], rotations[-1]) < 0.1


def test_what_depends_on_a_lens_that_nothing_tells_is_in_doubt() -> None:
    rotations, centres, sightings = trip(0.0)
    straight = reconstruct(list(rotations), centres, sightings, FOCAL)
    assert straight is not None
    frames = np.arange(FRAMES)
    assert lens_doubt(straight, straight, 367.0, frames).max() < 1e-9
    longer = replace(straight, state=replace(straight.state, focal=1.2 * FOCAL))
    assert lens_doubt(straight, longer, 367.0, frames).max() < 1.5
    distorted = np.array([turn(0.3 * index) for index in range(FRAMES)])
    both = [replace(each, state=replace(each.state, rotations=distorted)) for each in (straight, longer)]
    doubt = lens_doubt(*both, 367.0, frames)
    assert doubt[0] == 0 and doubt[12:].min() > 3


def feature_tracks(rotations: np.ndarray, centres: np.ndarray, distortion: float) -> list[FrameTracks]:
    """What a lens shows of the points, with noise."""
    lens = AnalysisScale(640, 360, 640, 360, distortion)
    random = np.random.default_rng(11)
    found = []
    for index, (rotation, centre) in enumerate(zip(rotations, centres, strict=True)):
        at, which = pixels(rotation, centre)
        found.append(FrameTracks(index, which, lens.pixels(at) + random.normal(0, 0.1, at.shape)))
    return found


def test_a_turn_through_a_lens_that_distorts_is_told_from_travel() -> None:
    scale = AnalysisScale(640, 360, 640, 360)
    turned, still = np.array([turn(0.8 * index) for index in range(8)]), np.zeros((8, 3))
    rough = [turn(0.7 * index) for index in range(8)]
    assert distorted_turn(feature_tracks(turned, still, -0.25), rough, FOCAL, scale)
    assert distorted_turn(feature_tracks(turned, still, -0.35), rough, 1.3 * FOCAL, scale)
    # Sideways, forward, and forward in a bend: near things move more than far ones, wherever they are.
    for way in ((0.2, 0.0, 0.0), (0.0, 0.0, 0.4)):
        assert not distorted_turn(feature_tracks(turned, np.outer(np.arange(8), way), 0.0), rough, FOCAL, scale)
    rotations, centres, _ = trip(20.0)
    assert not distorted_turn(feature_tracks(rotations[:8], centres[:8], 0.0), list(rotations[:8]), FOCAL, scale)


def test_trails_go_on_while_a_car_halts() -> None:
    """It may start again, and slow travel shows late."""
    speeds = [0.6] * 10 + [0.0] * 16 + [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    move = moves.travelling(220.0, 32, lambda time: speeds[min(int(time), 31)])
    place = places.along(world.gradient(), 23, move, 32)
    case = Case(name="halt", place=lambda: place, move=move, frames=32, width=280, height=160)
    tracker = make_tracker("SOLVE", width=280, height=160, fps=25.0, focal_mm=None, quality="normal")
    for frame, matte in shoot(case):
        tracker.add(frame, matte)
    data = unpack(tracker.checkpoint(), AnalysisScale.of(280, 160, "normal"), 28 / 36 * 280)
    assert 18 < data.kept < 26
    assert [each.frame for each in data.seen] == list(range(32))
    assert len(np.intersect1d(data.seen[data.kept - 1].number, data.seen[data.kept].number)) > 20


@cache
def driven(metres: float, focal_mm: float | None) -> tuple[Track, np.ndarray]:
    """Track of a drive through a street without a hill in sight, and its errors over ten frames."""
    move = moves.shaking(moves.travelling(300.0, 26, lambda time: metres), 3, 0.1)
    case = Case(
        name="drive", place=lambda: places.along(world.gradient(), 21, move, 26, hills=False), move=move, frames=26,
        width=400, height=226,
    )  # fmt: skip
    tracker = make_tracker("SOLVE", width=400, height=226, fps=25.0, focal_mm=focal_mm, quality="normal")
    for frame, matte in shoot(case):
        tracker.add(frame, matte)
    track = tracker.solve()
    found = [np.array(frame.homography) for frame in track.frames]
    return track, errors_over(10, found, case.truths(), 400, 226)


def test_a_drive_is_followed_without_a_cut_or_a_jump() -> None:
    track, errors = driven(0.8, None)
    assert {frame.source for frame in track.frames} == {"scene"}
    assert np.nanmax(errors) < 2
    assert all(0.3 < frame.confidence < 0.7 for frame in track.frames)
    assert min(frame.points for frame in track.frames) > 20


def test_the_lens_of_a_straight_drive_is_told_roughly() -> None:
    track, _ = driven(0.8, None)
    assert isinstance(track.focal_px, float) and track.focal_px == pytest.approx(300, rel=0.12)
    assert track.focal_source == "weighed" and track.focal_sources == ["weighed"]
    assert track.distortion == [0.0]


def test_a_short_part_that_travels_does_not_tell_the_lens_of_the_shot(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for frame in range(24):
        at, number = pixels(np.eye(3), np.array([0.3 * frame, 0.0, 0.2 * frame]))
        seen.append(FrameTracks(frame, number, at, np.array([-0.3, 0.0, -0.2]) if frame else np.zeros(3)))
    monkeypatch.setattr(solve, "believed", lambda *_: False)
    monkeypatch.setattr(solve, "weighed", lambda *_: 1.1 * FOCAL)

    def told(frames: int, *, usual: bool = True) -> tuple[float, bool]:
        rotations, lens = [np.eye(3)] * frames, Lens(FOCAL, 0.0, 370.0)
        found = solve.travelled(rotations, 0, seen, lens, lambda at: at, free_focal=True, usual=usual)
        assert found is not None
        return found.focal, found.roughly

    assert told(24) == (1.1 * FOCAL, True)
    assert told(60) == (FOCAL, False)
    # Nor is one that the clip's metadata tell weighed against anything.
    assert told(24, usual=False) == (FOCAL, False)


def test_a_focal_length_is_weighed_by_how_well_it_is_known() -> None:
    def journey(focal: float, deviation: float, cost: float) -> Any:
        return SimpleNamespace(focal=focal, deviation=deviation, cost_within=lambda near: cost, sigma=0.2)

    usual = journey(300.0, 1.0, 2.0)
    found = [weighed(journey(400.0, deviation, 1.9), usual, 300.0) for deviation in (0.001, 0.03, 0.3)]
    assert all(each is not None for each in found)
    assert 400 > found[0] > 399.5 and 380 < found[1] < found[0] and 300 < found[2] < 325
    # No better a fit, or a lens that nobody has: nothing is told.
    assert weighed(journey(400.0, 0.01, 2.0), usual, 300.0) is None
    assert weighed(journey(1000.0, 0.01, 1.0), usual, 300.0) is None


def test_a_given_lens_of_a_travelling_camera_is_kept() -> None:
    track, _ = driven(0.8, 40.0)
    assert track.focal_px == pytest.approx(40 / 36 * 400) and track.focal_source == "given"
    assert track.distortion == [0.0]


def test_restored_in_the_middle_of_a_drive_goes_on_exactly() -> None:
    move = moves.travelling(220.0, 12, lambda time: 0.7)
    place = places.along(world.gradient(), 22, move, 12)
    case = Case(name="drive", place=lambda: place, move=move, frames=12, width=280, height=160)
    images = list(shoot(case))

    def new() -> object:
        return make_tracker("SOLVE", width=280, height=160, fps=25.0, focal_mm=None, quality="normal")

    through, resumed = new(), new()
    for index, (frame, matte) in enumerate(images):
        if index == 8:
            resumed.restore(through.checkpoint())  # type: ignore[attr-defined]
        through.add(frame, matte)  # type: ignore[attr-defined]
    for frame, matte in images[8:]:
        resumed.add(frame, matte)  # type: ignore[attr-defined]
    assert resumed.checkpoint() == through.checkpoint()  # type: ignore[attr-defined]
    assert resumed.solve() == through.solve()  # type: ignore[attr-defined]
