# SPDX-License-Identifier: GPL-3.0-or-later
"""The old sky taken out of the image."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyar_blender.engine.composite.foreground import without_old_sky


def three(matte: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.repeat(matte[..., None], 3, axis=2), np.float32)


def leaves(seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Dark green leaves before a blue sky: image, matte in three channels, plate, and the true foreground."""
    random = np.random.default_rng(seed)
    cover = three(np.clip(random.normal(0.5, 0.5, (40, 50)), 0, 1))
    plate = np.ones((40, 50, 3), np.float32) * np.array([0.2, 0.4, 0.9], np.float32)
    plate *= np.linspace(0.8, 1.1, 40, dtype=np.float32)[:, None, None]
    leaf = np.array([0.03, 0.08, 0.02], np.float32) * random.uniform(0.5, 2, (40, 50, 1)).astype(np.float32)
    true = leaf * (1 - cover)
    return true + plate * cover, cover, plate, true


def test_with_the_true_plate_the_foreground_is_exact() -> None:
    image, cover, plate, true = leaves()
    assert np.abs(without_old_sky(image, cover, plate, 1.0) - true).max() < 1e-6


def test_it_is_far_nearer_than_alpha_over_under_noise_and_a_rough_plate() -> None:
    image, cover, plate, true = leaves()
    random = np.random.default_rng(1)
    seen = image + random.normal(0, 0.01, image.shape).astype(np.float32)
    rough = plate * random.normal(1, 0.03, plate.shape).astype(np.float32)
    edge = (cover > 0) & (cover < 1)
    clean = np.abs(without_old_sky(seen, cover, rough, 1.0) - true)[edge].mean()
    plain = np.abs(without_old_sky(seen, cover, None, 1.0) - true)[edge].mean()
    assert clean < 0.15 * plain


def test_half_is_halfway() -> None:
    image, cover, plate, _ = leaves()
    none, half, full = (without_old_sky(image, cover, plate, amount) for amount in (0.0, 0.5, 1.0))
    assert np.allclose(half, (none + full) / 2, atol=1e-6)
    assert np.allclose(none, image * (1 - cover))


@settings(max_examples=60, deadline=None)
@given(st.floats(-0.5, 60), st.floats(0, 1), st.floats(0, 60), st.floats(0, 1))
def test_nothing_runs_away(value: float, fraction: float, old: float, amount: float) -> None:
    image, plate = np.full((1, 1, 3), value, np.float32), np.full((1, 1, 3), old, np.float32)
    cover = three(np.full((1, 1), fraction))
    (found,) = set(without_old_sky(image, cover, plate, amount).ravel().tolist())
    slack = 1e-4 * max(1, abs(value))
    assert min(value, 0) - slack <= found <= (1 - fraction) * max(value, 1) + slack
    if fraction == 0:
        assert found == np.float32(value)
    if fraction == 1:
        assert abs(found) <= max(0, -value) + slack


@pytest.mark.parametrize("fraction", [0.0, 1.0])
def test_where_the_matte_is_sure_nothing_is_guessed(fraction: float) -> None:
    image = np.random.default_rng(5).random((6, 6, 3)).astype(np.float32)
    found = without_old_sky(image, three(np.full((6, 6), fraction)), 3 * image, 1.0)
    assert np.array_equal(found, image if fraction == 0 else 0 * image)
