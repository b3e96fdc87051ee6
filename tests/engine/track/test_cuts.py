# SPDX-License-Identifier: GPL-3.0-or-later
"""A cut is a change of image: shots are counted while the camera travels, through all that looks like a cut."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from skyar_blender.common.confidence import WEAK
from skyar_blender.contract.track_file import Track
from skyar_blender.engine.survey.dissolves import find_dissolves, sketch
from skyar_blender.engine.track.trackers.choose import make_tracker
from skyar_blender.evaluation.tracking import moves, places, world
from skyar_blender.evaluation.tracking.view import blurred, see

WIDTH, HEIGHT, FOCAL = 320, 180, 215.0
Shot = list[tuple[np.ndarray, np.ndarray]]


@cache
def drive(seed: int, metres: float = 0.6, frames: int = 26) -> Shot:
    """Frames (HEIGHT, WIDTH, 3) and mattes of a camera that drives, so many metres a frame, with a jolt."""
    move = moves.shaking(moves.travelling(FOCAL, frames, lambda time: metres), seed, 0.1)
    place = street(seed)
    return [_stored(*see(place, move, index, WIDTH, HEIGHT)) for index in range(frames)]


@cache
def street(seed: int) -> world.World:
    ahead = moves.travelling(FOCAL, 40, lambda time: 0.6)
    return places.along(world.gradient(), seed, ahead, 40, things=70)


def _stored(image: np.ndarray, matte: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    noisy = image + np.random.default_rng(int(image.sum()) % 1000).normal(0, 1, image.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8), np.rint(matte * 65535).astype(np.uint16)


def follow(shot: Shot, focal: float | None = None) -> Track:
    lens = None if focal is None else 36 * focal / WIDTH
    tracker = make_tracker("SOLVE", width=WIDTH, height=HEIGHT, fps=25.0, focal_mm=lens, quality="normal")
    for frame, matte in shot:
        tracker.add(frame, matte)
    return tracker.solve()


def cuts(track: Track) -> list[int]:
    return [frame.index for frame in track.frames if frame.source == "cut"]


def changed(shot: Shot, frames: range, change: Callable[[np.ndarray], np.ndarray]) -> Shot:
    return [
        (change(frame), matte) if index in frames else (frame, matte) for index, (frame, matte) in enumerate(shot)
    ]


def flash(frame: np.ndarray) -> np.ndarray:
    return np.clip(frame.astype(np.int16) * 2 + 90, 0, 255).astype(np.uint8)


def hand(frame: np.ndarray) -> np.ndarray:
    soft = np.linspace(0.7, 1.1, WIDTH)[None, :, None] * np.array([150, 104, 84])
    noisy = np.broadcast_to(soft, frame.shape) + np.random.default_rng(3).normal(0, 1, frame.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


@cache
def whip() -> Shot:
    """A drive with a jerk to the side of thirty degrees in six frames, blurred along the way."""

    def move(time: float) -> moves.TruePose:
        turned = 30 * min(max((time - 10) / 6, 0.0), 1.0)
        return moves.travelling(FOCAL, 27, lambda at: 0.6, looking=turned)(time)

    place, shot = street(5), []
    for index in range(26):
        if 10 <= index <= 16:
            shot.append(_stored(*blurred(place, move, index, WIDTH, HEIGHT, 1.0, 10)))
        else:
            shot.append(_stored(*see(place, move, index, WIDTH, HEIGHT)))
    return shot


ONE_TAKE = {
    "travel": lambda: drive(5),
    "flashes": lambda: changed(drive(5), range(8, 16, 3), flash),
    "covered": lambda: changed(drive(5), range(11, 15), hand),
    "whip": whip,
}


@cache
def followed(name: str) -> Track:
    # How far the jerk turned is only told where the lens is known.
    return follow(ONE_TAKE[name](), FOCAL if name == "whip" else None)


@pytest.mark.parametrize("name", ONE_TAKE)
def test_a_travelling_take_is_one_shot(name: str) -> None:
    track = followed(name)
    assert cuts(track) == []
    turns = Rotation.from_matrix([frame.rotation for frame in track.frames])
    steps = np.degrees((turns[1:] * turns[:-1].inv()).magnitude())
    assert np.median(steps) < 0.1
    if name == "whip":
        assert np.degrees(turns[-1].magnitude()) == pytest.approx(30, abs=1.0)
    else:
        assert steps.max() < 0.6


def dimmed(shot: Shot, light: Callable[[int], float], noise: float) -> Shot:
    """Each frame ``light`` of its number times as bright, in 8 bits, with so many grey levels of noise."""
    random = np.random.default_rng(4)
    return [
        (
            np.clip(np.rint(frame * light(index) + random.normal(0, noise, frame.shape)), 0, 255).astype(np.uint8),
            matte,
        )
        for index, (frame, matte) in enumerate(shot)
    ]


@cache
def turning() -> Shot:
    """A camera in an unsteady hand that stays in its place."""
    place = world.make_world(world.overcast(6), 11, near=True)
    move = moves.shaking(moves.locked(FOCAL), 11)
    return [_stored(*see(place, move, index, WIDTH, HEIGHT)) for index in range(26)]


LIGHT: dict[str, Callable[[int], float]] = {
    "evening": lambda index: 1 - 0.96 * min(max((index - 5) / 16, 0.0), 1.0),
    "switched off": lambda index: 1 - 0.96 * min(max((index - 8) / 4, 0.0), 1.0),
    "there and back": lambda index: min(1.0, max(0.04, abs(index - 13) / 8)),
    "tunnel": lambda index: 0.06 if 9 <= index < 17 else 1.0,
    "flicker": lambda index: 0.04 if index % 5 == 3 else 1.0,
}


@pytest.mark.parametrize("noise", (0.0, 1.5))
@pytest.mark.parametrize("light", LIGHT)
@pytest.mark.parametrize("kind", ("turning", "drive"))
def test_light_that_goes_or_comes_back_is_no_cut(kind: str, light: str, noise: float) -> None:
    shot = turning() if kind == "turning" else drive(5)
    assert cuts(follow(dimmed(shot, LIGHT[light], noise))) == []


def test_true_cuts_between_travelling_shots_are_all_found() -> None:
    shots = [drive(5)[:12], drive(6)[:12], drive(5)[14:], drive(7, frames=9)]
    track = follow([each for shot in shots for each in shot])
    assert cuts(track) == [12, 24, 36]


def dissolved(before: Shot, after: Shot, count: int) -> Shot:
    """Both, of which ``count`` frames lie over one another."""
    mixed = []
    for index, ((a, old), (b, new)) in enumerate(zip(before[-count:], after[:count], strict=True)):
        fraction = (index + 1) / (count + 1)
        images = np.rint((1 - fraction) * a + fraction * b).astype(np.uint8)
        mixed.append((images, np.rint((1 - fraction) * old + fraction * new).astype(np.uint16)))
    return [*before[:-count], *mixed, *after[count:]]


def test_all_shots_of_an_edit_are_counted() -> None:
    """True cuts, dissolves, a whip pan, a flash and a covered lens, all while the camera travels."""
    second = changed(changed(drive(8), range(5, 6), flash), range(10, 13), hand)
    third = dissolved(second, drive(6), 7)
    fourth = dissolved(drive(5)[6:], drive(8), 5)
    edit = [*whip(), *third, *fourth]
    starts = [len(whip()), len(whip()) + len(third)]
    dissolves = find_dissolves([sketch(frame) for frame, _ in edit], 50)
    middles = [starts[0] + len(second) - 4, starts[1] + len(drive(5)[6:]) - 3]
    np.testing.assert_allclose([each.cut for each in dissolves], middles, atol=1)
    # As a job does it: what shows two shots is not followed, a whole frame of either stands in for it.
    places = list(range(len(edit)))
    for each in dissolves:
        for place in range(each.first, each.last + 1):
            places[place] = each.first - 1 if place < each.cut else each.last + 1
    found = cuts(follow([edit[place] for place in places]))
    assert found == sorted([*starts, *(each.cut for each in dissolves)])


def test_what_covers_the_lens_of_a_travelling_camera_is_bridged() -> None:
    track = followed("covered")
    assert [frame.index for frame in track.frames if frame.confidence < WEAK] == [11, 12, 13, 14]
