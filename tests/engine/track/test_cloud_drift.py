# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift of the old clouds is told apart from the camera's motion."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skyar_blender.contract.track_file import Track
from skyar_blender.engine.track.export import in_job_order
from skyar_blender.engine.track.trackers.choose import make_tracker
from skyar_blender.evaluation.tracking import moves, world
from skyar_blender.evaluation.tracking.cases import Case
from skyar_blender.evaluation.tracking.footage import shoot
from skyar_blender.evaluation.tracking.poses import TruePose, turned

WIDTH, HEIGHT, FRAMES, FPS = 480, 270, 16, 25.0
FOCAL = 28 / 36 * WIDTH
#: Degrees that the clouds drift in a frame.
DRIFT = 0.08


def followed(move: moves.Move, sky: world.Image) -> Track:
    case = Case(
        name="clouds",
        place=lambda: world.make_world(sky, 3, near=False),
        move=move,
        frames=FRAMES,
        width=WIDTH,
        height=HEIGHT,
    )
    tracker = make_tracker("SOLVE", width=WIDTH, height=HEIGHT, fps=FPS, focal_mm=None, quality="normal")
    for frame, matte in shoot(case):
        tracker.add(frame, matte)
    return tracker.solve()


def panning(drift: float) -> moves.Move:
    return lambda time: TruePose(turned(0.5 * time, 0.0, 0.0), FOCAL, clouds=drift * time)


@pytest.mark.parametrize("drift", [DRIFT, -DRIFT, 0.0])
def test_drift_is_found_under_a_camera_that_pans(drift: float) -> None:
    track = followed(panning(drift), world.clouded(5))
    (found,) = track.clouds
    assert found is not None
    assert np.allclose(found, [0.0, -drift * FPS, 0.0], atol=0.1 * DRIFT * FPS)
    assert Track.from_json(track.to_json()) == track


def test_a_blank_sky_tells_no_drift() -> None:
    assert followed(panning(DRIFT), world.gradient()).clouds == [None]


def test_another_first_frame_turns_the_axes_along() -> None:
    track = followed(
        lambda time: TruePose(turned(0.0, 0.0, 6.0 * time / FRAMES), FOCAL, clouds=DRIFT * time), world.clouded(5)
    )
    (forward,), (backward,) = track.clouds, in_job_order(track, list(reversed(range(FRAMES)))).clouds
    assert forward is not None and backward is not None
    angle = math.radians(6.0 * (FRAMES - 1) / FRAMES)
    assert abs(backward[0]) == pytest.approx(abs(forward[1]) * math.sin(angle), rel=0.2)
    assert np.linalg.norm(backward) == pytest.approx(np.linalg.norm(forward))
