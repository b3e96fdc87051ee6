# SPDX-License-Identifier: GPL-3.0-or-later
"""A shot that comes back after a cut is known again, and other places are not."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pytest

from skyar_blender.common.confidence import WEAK
from skyar_blender.contract.track_file import Track
from skyar_blender.engine.track.export import in_job_order
from skyar_blender.engine.track.geometry.analysis import AnalysisScale
from skyar_blender.engine.track.loop_closure.same_place import SeenView, passage
from skyar_blender.engine.track.loop_closure.views import View
from skyar_blender.engine.track.trackers.choose import make_tracker
from skyar_blender.engine.track.trackers.interface import Tracker
from skyar_blender.evaluation.tracking import moves, world
from skyar_blender.evaluation.tracking.poses import Move
from skyar_blender.evaluation.tracking.view import see

WIDTH, HEIGHT, FOCAL = 480, 270, 373.0
#: Frames of a shot; at this rate more than what covers a lens.
COUNT, RATE = 7, 5.0
Shot = list[tuple[np.ndarray, np.ndarray]]
PAN = moves.shaking(moves.turning(FOCAL, 3 * COUNT, yaw=14.0), 3)


@cache
def place(seed: int) -> world.World:
    return world.make_world(world.gradient(), seed, near=True)


def shot(seed: int, first: int = 0, move: Move = PAN) -> Shot:
    random = np.random.default_rng((seed, first))
    frames = []
    for time in range(first, first + COUNT):
        image, matte = see(place(seed), move, time, WIDTH, HEIGHT)
        image = np.clip(image + random.normal(0, 1, image.shape), 0, 255).astype(np.uint8)
        frames.append((image, np.rint(matte * 65535).astype(np.uint16)))
    return frames


def new_tracker() -> Tracker:
    return make_tracker("SOLVE", width=WIDTH, height=HEIGHT, fps=RATE, focal_mm=None, quality="normal")


def follow(*shots: Shot) -> Track:
    tracker = new_tracker()
    for frame, matte in (each for one in shots for each in one):
        tracker.add(frame, matte)
    return tracker.solve()


@cache
def there_and_back() -> Track:
    return follow(shot(1), shot(2), shot(1, 2 * COUNT))


def apart(turn: np.ndarray, first: int, second: int) -> float:
    """Pixels between where ``turn`` and the truth put the corners and the middle of frame ``second`` of the pan."""
    truth = PAN(second).rotation @ PAN(first).rotation.T
    x, y = WIDTH / 2, HEIGHT / 2
    rays = np.array([[0, 0, FOCAL], [x, y, FOCAL], [-x, y, FOCAL], [x, -y, FOCAL], [-x, -y, FOCAL]])
    seen = rays @ (turn @ truth.T).T
    return float(np.linalg.norm(FOCAL * seen[:, :2] / seen[:, 2:] - rays[:, :2], axis=1).max())


def test_the_sky_comes_back_where_it_was() -> None:
    track = there_and_back()
    assert [frame.index for frame in track.frames if frame.source == "cut"] == [COUNT, 2 * COUNT]
    assert track.places() == [0, 1, 0]
    same = track.same_place[2]
    assert same is not None
    for step in (0, COUNT - 1):
        rotation = np.array(track.frames[2 * COUNT + step].rotation)
        assert apart(rotation @ np.array(same.rotation), 0, 2 * COUNT + step) < 2
    assert all(WEAK <= frame.confidence <= max(WEAK, same.confidence) for frame in track.frames[2 * COUNT :])


def test_a_place_never_seen_is_a_place_of_its_own() -> None:
    track = follow(*(shot(seed) for seed in range(3, 7)))
    assert track.places() == list(range(4))


def seen_from(centre: tuple[float, float, float], turn: np.ndarray) -> SeenView:
    """A view of things all around 4 to 60 metres ahead, from so many metres off."""
    random = np.random.default_rng(1)
    depth = random.uniform(4, 60, 240)
    points = np.column_stack([random.uniform(-0.6, 0.6, (240, 2)), np.ones(240)]) * depth[:, None] - centre
    ideal = FOCAL * (points @ turn.T)[:, :2] / (points @ turn.T)[:, 2:]
    descriptors = random.integers(0, 256, (240, 32), dtype=np.uint8)
    scale = AnalysisScale.of(WIDTH, HEIGHT, "normal")
    return SeenView(View(0, scale.pixels(ideal), np.ones(240), descriptors), np.eye(3), FOCAL, scale)


def test_a_drive_that_went_on_behind_a_cut_is_told_by_its_way() -> None:
    turn = moves.turning(FOCAL, 2, yaw=6.0, pitch=-2.0)(1).rotation
    before, later = seen_from((0, 0, 0), np.eye(3)), seen_from((0.2, 0.1, 2.0), turn)
    found = passage([before], [later])
    assert found is not None and WEAK <= found.confidence < 0.5
    np.testing.assert_allclose(found.rotation, turn, atol=1e-3)
    # To the side, a turn and the way look alike.
    assert passage([before], [seen_from((2.0, 0, 0.2), turn)]) is None


def test_a_resumed_tracker_knows_the_place_too() -> None:
    frames = [*shot(1), *shot(2), *shot(1, 2 * COUNT)]
    first, second = new_tracker(), new_tracker()
    for frame, matte in frames[: COUNT + 3]:
        first.add(frame, matte)
    second.restore(first.checkpoint())
    for frame, matte in frames[COUNT + 3 :]:
        second.add(frame, matte)
    assert second.solve() == there_and_back()


def test_a_result_that_runs_backwards_faces_the_same_way() -> None:
    track = there_and_back()
    back = in_job_order(track, range(len(track.frames) - 1, -1, -1))
    assert back.places() == [0, 1, 0]
    same = back.same_place[2]
    assert same is not None
    # Its first frame is the last of the clip, that of its last shot the last of the clip's first.
    assert apart(np.array(same.rotation), 3 * COUNT - 1, COUNT - 1) < 2


@pytest.mark.parametrize(
    "wrong", [{"shot": 2}, {"shot": True}, {"rotation": [[1.0]]}, {"confidence": 2.0}, {"more": 1}]
)
def test_a_place_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    data = json.loads(there_and_back().to_json())
    data["same_place"][2] |= wrong
    with pytest.raises(ValueError, match="not a track"):
        Track.from_json(json.dumps(data))
