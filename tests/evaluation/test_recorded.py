# SPDX-License-Identifier: GPL-3.0-or-later
"""Truth that lies beside a clip, and returns of a camera to what it saw before."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from skyar_blender.contract.errors import SkyarError
from skyar_blender.engine.track.geometry.rotations import camera_matrix
from skyar_blender.evaluation.tracking import moves, world
from skyar_blender.evaluation.tracking.cases import Case
from skyar_blender.evaluation.tracking.footage import shoot
from skyar_blender.evaluation.tracking.loop_closure import loop_closure_error, loop_closures
from skyar_blender.evaluation.tracking.recorded import camera_truth, fitted_truth, recorded_orientation
from skyar_blender.evaluation.tracking.track_errors import corner_errors

WIDTH, HEIGHT, FOCAL = 320, 180, 250.0


def test_a_rendered_camera_is_read(tmp_path: Path) -> None:
    assert camera_truth(tmp_path) is None
    # To the world; the second looks ten degrees to the right of the first.
    to_world = Rotation.from_euler("YXZ", [[20, 5, 1], [30, 5, 1]], degrees=True).as_matrix()
    metadata = {"focal_px": FOCAL, "width": WIDTH, "height": HEIGHT, "rotation": to_world.tolist()}
    (tmp_path / "camera.json").write_text(json.dumps(metadata))
    first, second = (truth.homography for truth in camera_truth(tmp_path) or ())
    assert np.allclose(first / first[2, 2], np.eye(3), atol=1e-12)
    lens = camera_matrix(FOCAL, WIDTH, HEIGHT)
    ahead = to_world[0] @ np.linalg.inv(lens) @ [100, 60, 1]
    seen = lens @ to_world[1].T @ ahead
    moved = second @ [100, 60, 1]
    assert np.allclose(moved[:2] / moved[2], seen[:2] / seen[2])


def test_a_recorded_orientation_needs_no_known_axes(tmp_path: Path) -> None:
    clip = tmp_path / "walk.mp4"
    assert recorded_orientation(clip) is None
    found = Rotation.from_rotvec(np.random.default_rng(1).normal(0, 0.05, (40, 3)) * (np.arange(40) > 0)[:, None])
    axes = Rotation.from_euler("XYZ", [90, 180, 20], degrees=True)
    body = axes * found * axes.inv()
    still = [[1.0, 0.0, 0.0, 0.0]] * 40
    metadata = {"camera_orientation": np.roll(body.as_quat(), 1, axis=1).tolist(), "image_orientation": still}
    (tmp_path / "walk.orientation.json").write_text(json.dumps(metadata))
    recorded = recorded_orientation(clip)
    assert recorded is not None
    lens = camera_matrix(FOCAL, WIDTH, HEIGHT)
    truths = fitted_truth(recorded, list(found.as_matrix()), lens, [-0.1] * len(found))
    assert {truth.distortion for truth in truths} == {-0.1}
    homographies = [lens @ turn @ np.linalg.inv(lens) for turn in found.as_matrix()]
    assert corner_errors(homographies, truths, WIDTH, HEIGHT, [-0.1] * len(truths)).per_frame.max() < 0.01
    homographies[7] = np.array([[1, 0, 5.0], [0, 1, 0], [0, 0, 1]]) @ homographies[7]
    # The lens draws the corners together, and what happens there.
    assert 3.5 < corner_errors(homographies, truths, WIDTH, HEIGHT, [-0.1] * len(truths)).per_frame[7] < 4.5


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"focal_px": "long"}'])
def test_damaged_truth_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "camera.json").write_text(text)
    with pytest.raises(SkyarError, match="cannot be read"):
        camera_truth(tmp_path)
    (tmp_path / "a.orientation.json").write_text(text)
    with pytest.raises(SkyarError, match="cannot be read"):
        recorded_orientation(tmp_path / "a.mp4")


def test_a_return_shows_how_far_the_track_is_off() -> None:
    frames = 31
    case = Case(
        name="back", place=lambda: world.make_world(world.overcast(6), 11, near=False), frames=frames, noise=0.5,
        width=WIDTH, height=HEIGHT, move=moves.there_and_back(FOCAL, frames, 70),
    )  # fmt: skip
    true = [truth.homography for truth in case.truths()]
    found = loop_closures(true, 20, WIDTH, HEIGHT)
    assert found and all(pair.later - pair.earlier >= 20 for pair in found)
    assert not any(14 <= pair.later <= 18 for pair in found)  # it looks away then
    pair = found[-1]
    shot = [image for index, image in enumerate(shoot(case)) if index in (pair.earlier, pair.later)]
    between = true[pair.later] @ np.linalg.inv(true[pair.earlier])
    error = loop_closure_error(shot[0], shot[1], between)
    assert error is not None and error < 0.7
    off = loop_closure_error(shot[0], shot[1], np.array([[1, 0, 4.0], [0, 1, 3], [0, 0, 1]]) @ between)
    assert off == pytest.approx(5, abs=0.7)


def test_another_image_is_no_return() -> None:
    random = np.random.default_rng(3)
    images = [
        (random.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint16)) for _ in (0, 1)
    ]
    assert loop_closure_error(images[0], images[1], np.eye(3)) is None
    blank = (np.full((HEIGHT, WIDTH, 3), 90, np.uint8), images[0][1])
    assert loop_closure_error(blank, blank, np.eye(3)) is None
