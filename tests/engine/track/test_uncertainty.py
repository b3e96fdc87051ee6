# SPDX-License-Identifier: GPL-3.0-or-later
"""How well a journey tells how its camera turned, against how far it is off."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from skyar_blender.engine.track.translation.bundle_adjustment import Reconstruction, reconstruct, settled
from skyar_blender.engine.track.translation.normal_equations import Sighting
from skyar_blender.engine.track.translation.uncertainty import turn_errors

FOCAL, HALF_DIAGONAL, FRAMES, NOISE = 600.0, 490.0, 13, 0.2


def journey(far: float, seed: int) -> Reconstruction:
    """Sideways before a wall 8 units away that fills the image; a share ``far`` of all points is much farther."""
    random = np.random.default_rng(seed)
    at = random.uniform((-380, -220), (380, 220), (120, 2))
    depth = np.where(np.arange(120) < far * 120, 800.0, 8.0)
    points = np.column_stack([at / FOCAL, np.ones(120)]) * depth[:, None]
    centres = np.column_stack([0.03 * np.arange(FRAMES), np.zeros(FRAMES), np.zeros(FRAMES)])
    sightings = []
    for frame, centre in enumerate(centres):
        away = points - centre
        seen = FOCAL * away[:, :2] / away[:, 2:] + random.normal(0, NOISE, (120, 2))
        sightings.append(Sighting(frame, np.arange(120), seen))
    found = reconstruct([np.eye(3)] * FRAMES, centres, sightings, FOCAL)
    assert found is not None
    return settled(found)


def told_and_true(far: float) -> tuple[float, float]:
    """Error of the corners in pixels over ten frames as it is told, and as it is, root mean square."""
    told, true = [], []
    for seed in range(8):
        found = journey(far, seed)
        told.append(turn_errors(found, np.arange(FRAMES), 10, HALF_DIAGONAL)[-1])
        turn = Rotation.from_matrix(found.rotations[-1] @ found.rotations[-11].T).as_rotvec()
        true.append(FOCAL * np.linalg.norm(turn))
    return float(np.mean(told)), float(np.sqrt(np.mean(np.square(true))))


def test_before_a_wall_the_error_that_is_told_is_about_the_true_one() -> None:
    told, true = told_and_true(0.0)
    assert true / 2 < told < 2 * true


def test_what_is_far_holds_the_camera() -> None:
    assert told_and_true(0.5)[0] < 0.5 * told_and_true(0.0)[0]


def test_a_long_journey_is_told_part_by_part_alike(monkeypatch) -> None:
    found = journey(0.2, 1)
    frames = np.arange(FRAMES)
    whole = turn_errors(found, frames, 4, HALF_DIAGONAL)
    monkeypatch.setattr("skyar_blender.engine.track.translation.uncertainty._BLOCK", 5)
    monkeypatch.setattr("skyar_blender.engine.track.translation.uncertainty._MARGIN", 4)
    np.testing.assert_allclose(turn_errors(found, frames, 4, HALF_DIAGONAL), whole, rtol=0.5)
