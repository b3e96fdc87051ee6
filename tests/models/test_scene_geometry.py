# SPDX-License-Identifier: GPL-3.0-or-later
"""Cameras, lenses and the shape of the land, without Blender."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.scenes.cameras.handheld import camera_rotation
from models.training.scenes.cameras.lens import draw_lens
from models.training.scenes.cameras.moves import MOVES, angles, move
from models.training.scenes.land.relief import Relief


@pytest.mark.parametrize("yaw, pitch, roll", [(0.0, 0.0, 0.0), (2.5, 0.4, -0.3), (-1.2, -0.9, 0.1)])
def test_angles_of_a_rotation(yaw: float, pitch: float, roll: float) -> None:
    np.testing.assert_allclose(angles(camera_rotation(yaw, pitch, roll)), (yaw, pitch, roll), atol=1e-12)


def test_a_level_camera_looks_along_y() -> None:
    rotation = camera_rotation(0.0, 0.0, 0.0)
    np.testing.assert_allclose(rotation @ [0, 0, 1], [0, 1, 0], atol=1e-12)
    np.testing.assert_allclose(rotation @ [0, 1, 0], [0, 0, -1], atol=1e-12)


@pytest.mark.parametrize("kind", MOVES)
def test_moves_begin_where_told_and_turn_rigidly(kind: str) -> None:
    start, place = camera_rotation(0.7, 0.2, -0.1), np.array([3.0, -2.0, 1.6])
    path = move(kind, start, place, 24, 24.0, np.random.default_rng(2))
    np.testing.assert_allclose(path.rotation[0], start, atol=1e-9)
    np.testing.assert_allclose(path.place[0], place, atol=1e-9)
    np.testing.assert_allclose(
        path.rotation @ path.rotation.transpose(0, 2, 1), np.broadcast_to(np.eye(3), (24, 3, 3)), atol=1e-9
    )
    np.testing.assert_allclose(np.linalg.det(path.rotation), 1.0)
    moved = np.abs(path.rotation - start).max() + np.abs(path.place - place).max()
    assert moved > 0.01
    assert (np.abs(path.place - place).max() == 0) == (kind == "rotation")


def test_an_unknown_move_says_which_there_are() -> None:
    with pytest.raises(ValueError, match="drone"):
        move("rocket", np.eye(3), np.zeros(3), 4, 24.0, np.random.default_rng(1))


def test_lenses() -> None:
    rng = np.random.default_rng(3)
    lenses = [draw_lens(rng, 384) for _ in range(300)]
    assert all(max(lens.width, lens.height) == 384 and lens.width % 2 == lens.height % 2 == 0 for lens in lenses)
    assert all(18 <= lens.focal_mm <= 85 for lens in lenses)
    assert any(lens.height > lens.width for lens in lenses)
    assert lenses[0].focal_px == pytest.approx(lenses[0].focal_mm / 36 * 384)


def test_streets_are_level() -> None:
    around = np.linspace(0, 6.28, 40)
    relief = Relief(5, flat=100.0, rolling=8.0, bumps=0.3, rise=500.0, far=600.0)
    np.testing.assert_array_equal(relief.height(90 * np.cos(around), 90 * np.sin(around)), 0.0)
    assert np.ptp(relief.height(900 * np.cos(around), 900 * np.sin(around))) > 5.0


def test_the_sea_is_deep_and_the_land_dry() -> None:
    relief = Relief(9, shore=10.0, sea=np.pi / 2, water=-1.0, rolling=0.5, bumps=0.0)
    x = np.linspace(-30, 30, 20)
    assert (relief.height(x, 0 * x + 120) < relief.water).all()
    assert (relief.height(x, 0 * x - 60) > relief.water).all()


def test_the_same_seed_is_the_same_land() -> None:
    x = np.linspace(-500, 500, 50)
    one, same, other = (Relief(seed, rise=300.0).height(x, x) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0.1
