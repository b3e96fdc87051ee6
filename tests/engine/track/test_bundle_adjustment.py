# SPDX-License-Identifier: GPL-3.0-or-later
"""All frames agreed at once, and the focal length told from the motion."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from skyar_blender.engine.lens import Lens
from skyar_blender.engine.track.rotation.bundle_adjustment import Observation, adjust_rotations, most_trusted
from skyar_blender.engine.track.rotation.calibration import calibrated

FRAMES, FOCAL = 30, 500.0


def straight(focal: float = FOCAL) -> Lens:
    return Lens.of(focal, 0.0, 640, 360)


def views(yaw: float, roll: float = 3.0) -> np.ndarray:
    """Rotations of a camera that pans by ``yaw`` degrees in all, and rolls to and fro."""
    fraction = np.linspace(0, 1, FRAMES)
    angles = np.column_stack([yaw * fraction, np.zeros(FRAMES), roll * np.sin(6 * fraction)])
    return np.asarray(Rotation.from_euler("YXZ", angles, degrees=True).as_matrix().transpose(0, 2, 1))


def seen(rotation: np.ndarray, pixels: np.ndarray, focal: float, zoom: float = 1.0) -> np.ndarray:
    rays = np.column_stack([pixels / focal, np.ones(len(pixels))]) @ rotation.T
    return np.asarray(focal * zoom * rays[:, :2] / rays[:, 2:])


def observe(
    rotations: np.ndarray, focal: float, zooms: np.ndarray, noise: float = 0.1, distortion: float = 0.0
) -> list[Observation]:
    """Every frame matched with the keyframe before it, one match in six wrong."""
    lens = Lens.of(focal, distortion, 640, 360)
    random = np.random.default_rng(3)
    found = []
    for second in range(1, FRAMES):
        first = (second - 1) // 10 * 10
        p = random.uniform((-320, -180), (320, 180), (40, 2))
        turn = rotations[second] @ rotations[first].T
        q = lens.seen(seen(turn, lens.ideal(p) / zooms[first], focal, zooms[second]))
        q += random.normal(0, noise, (40, 2))
        q[:6] += random.normal(0, 40, (6, 2))
        found.append(Observation(first, second, p, q, np.ones(40)))
    return found


def worst_angle(found: np.ndarray, truth: np.ndarray) -> float:
    """Largest difference in degrees, both from the first frame."""
    away = Rotation.from_matrix(found @ found[0].T) * Rotation.from_matrix(truth @ truth[0].T).inv()
    return float(np.degrees(away.magnitude().max()))


def test_rotations_are_found_from_a_rough_guess() -> None:
    truth = views(30)
    rough = Rotation.from_matrix(truth) * Rotation.from_rotvec(np.random.default_rng(1).normal(0, 0.002, (FRAMES, 3)))
    start = rough.as_matrix()
    found = adjust_rotations(list(start), np.ones(FRAMES), observe(truth, FOCAL, np.ones(FRAMES)), straight())
    assert worst_angle(start, truth) > 0.15
    assert worst_angle(found.rotations, truth) < 0.02
    assert found.lens.focal == FOCAL and np.allclose(found.rotations[0], start[0])


@pytest.mark.parametrize("reported", [320.0, 420.0, 500.0, 700.0])
def test_a_pan_tells_the_focal_length(reported: float) -> None:
    truth = views(40)
    # What was found with the wrong focal length is turned too little or too far by its ratio.
    wrong = Rotation.from_rotvec(Rotation.from_matrix(truth).as_rotvec() * FOCAL / reported).as_matrix()
    found = calibrated(
        list(wrong), np.ones(FRAMES), observe(truth, FOCAL, np.ones(FRAMES)), straight(reported), free_focal=True
    )
    assert found.lens.focal == pytest.approx(FOCAL, rel=0.003)
    assert found.lens.distortion == 0.0
    assert worst_angle(found.rotations, truth) < 0.03


@pytest.mark.parametrize("reported", [420.0, 500.0, 600.0])
@pytest.mark.parametrize("distortion", [-0.3, -0.06, 0.08])
def test_a_pan_tells_the_distortion_too(reported: float, distortion: float) -> None:
    truth = views(40)
    wrong = Rotation.from_rotvec(Rotation.from_matrix(truth).as_rotvec() * FOCAL / reported).as_matrix()
    matches = observe(truth, FOCAL, np.ones(FRAMES), distortion=distortion)
    found = calibrated(list(wrong), np.ones(FRAMES), matches, straight(reported), free_focal=True)
    assert found.lens.distortion == pytest.approx(distortion, abs=0.01)
    assert found.lens.focal == pytest.approx(FOCAL, rel=0.02)
    assert worst_angle(found.rotations, truth) < 0.3


def test_the_distortion_is_told_where_the_focal_length_is_given() -> None:
    truth = views(40)
    matches = observe(truth, FOCAL, np.ones(FRAMES), distortion=-0.2)
    found = calibrated(list(truth), np.ones(FRAMES), matches, straight(), free_focal=False)
    assert found.lens.focal == FOCAL
    assert found.lens.distortion == pytest.approx(-0.2, abs=0.01)


def test_a_longer_lens_found_on_the_way_is_not_taken_for_one_that_distorts() -> None:
    truth = views(22)
    matches = observe(truth, FOCAL, np.ones(FRAMES), distortion=-0.15)
    long = straight(1.4 * FOCAL)
    wrong = Rotation.from_rotvec(Rotation.from_matrix(truth).as_rotvec() / 1.4).as_matrix()
    found = calibrated(
        list(wrong), np.ones(FRAMES), matches, long, free_focal=True, beforehand=straight(1.17 * FOCAL)
    )
    assert found.lens.distortion == pytest.approx(-0.15, abs=0.02)
    assert found.lens.focal == pytest.approx(FOCAL, rel=0.03)


def test_a_zoom_keeps_its_course() -> None:
    truth, zooms = views(25), np.linspace(1, 1.3, FRAMES)
    found = calibrated(list(truth), zooms, observe(truth, FOCAL, zooms), straight(400.0), free_focal=True)
    assert found.lens.focal == pytest.approx(FOCAL, rel=0.005)


@pytest.mark.parametrize(("yaw", "roll"), [(0.0, 0.0), (0.0, 8.0), (1.0, 0.5)])
def test_a_camera_that_hardly_pans_does_not_tell_it(yaw: float, roll: float) -> None:
    truth = views(yaw, roll)
    found = calibrated(
        list(truth),
        np.ones(FRAMES),
        observe(truth, FOCAL, np.ones(FRAMES), noise=0.4),
        straight(400.0),
        free_focal=True,
    )
    assert found.lens == straight(400.0)


def test_frames_without_matches_stay_where_they_are() -> None:
    truth = views(10)
    some = [each for each in observe(truth, FOCAL, np.ones(FRAMES)) if each.second != 7]
    start = truth.copy()
    start[7] = np.eye(3)
    found = adjust_rotations(list(start), np.ones(FRAMES), some, straight())
    assert np.allclose(found.rotations[7], np.eye(3), atol=1e-6)
    assert np.isfinite(found.rotations).all()


def test_nothing_seen_changes_nothing() -> None:
    truth = views(10)
    found = calibrated(list(truth), np.ones(FRAMES), [], straight(), free_focal=True)
    assert np.array_equal(found.rotations, truth) and found.lens.focal == FOCAL


def test_the_most_trusted_are_kept_in_order() -> None:
    assert most_trusted(np.array([0.1, 0.0, 0.9, 0.5, 0.0]), 2).tolist() == [2, 3]
    assert most_trusted(np.array([0.1, 0.0, 0.9]), 9).tolist() == [0, 2]
    assert most_trusted(np.zeros(3), 2).tolist() == []
