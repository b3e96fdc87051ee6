# SPDX-License-Identifier: GPL-3.0-or-later
"""Rain: streaks that fall, come round without a seam, and leave no trace where it does not rain."""

from __future__ import annotations

import numpy as np

from skyar_blender.common.rain import PICTURES, VEIL
from skyar_blender.engine.composite.rain import rain_all_around, rain_image, rained

WIDTH, HEIGHT, FOCAL, FPS = 480, 270, 380.0, 24.0


def drawn(number: int) -> np.ndarray:
    return rain_image(WIDTH, HEIGHT, FOCAL, FPS, number)


def test_the_same_number_gives_the_same_image_and_the_loop_closes() -> None:
    assert np.array_equal(drawn(3), drawn(3))
    assert np.array_equal(drawn(PICTURES + 3), drawn(3))
    changes = [np.abs(drawn(k) - drawn(k + 1)).mean() for k in (PICTURES - 2, PICTURES - 1, PICTURES, 5)]
    assert max(changes) < 1.5 * min(changes)  # from the last to the first it changes as anywhere else


def test_streaks_are_thin_and_everywhere() -> None:
    image = drawn(0)
    assert 0.002 < image.mean() < 0.05
    assert 0.1 < image.max() <= 1
    parts = image.reshape(3, HEIGHT // 3, 4, WIDTH // 4).mean(axis=(1, 3))
    assert parts.min() > 0.3 * parts.max()
    # Along a streak little changes, across it much does.
    assert np.abs(np.diff(image, axis=0)).mean() < 0.8 * np.abs(np.diff(image, axis=1)).mean()


def test_without_rain_the_image_comes_back() -> None:
    image = np.random.default_rng(1).random((9, 7, 3)).astype(np.float32)
    cover = np.zeros((9, 7, 3), np.float32)
    assert rained(image, np.ones((9, 7), np.float32), cover, None, 0.0, (1, 1, 1)) is image


def test_streaks_are_lit_and_what_is_far_is_veiled() -> None:
    image = np.zeros((1, 2, 3), np.float32)
    streaks = np.array([[0.5, 0.0]], np.float32)
    cover = np.zeros((1, 2, 3), np.float32)
    wet = rained(image, streaks, cover, np.zeros((1, 2), np.float32), 1.0, (0.4, 0.5, 0.6))
    assert np.allclose(wet[0, 0], np.array([0.4, 0.5, 0.6]) * 1.3 * 0.5)
    assert wet[0, 1].max() == 0
    far = rained(image, None, cover, np.ones((1, 2), np.float32), 1.0, (0.4, 0.5, 0.6))
    assert np.allclose(far[0, 1], np.array([0.4, 0.5, 0.6]) * VEIL)
    sky = rained(image, None, cover + 1, np.ones((1, 2), np.float32), 1.0, (0.4, 0.5, 0.6))
    assert sky.max() == 0


def test_all_around_both_ends_meet_and_the_poles_are_clear() -> None:
    image = rain_all_around(384, 192, 24.0, 3)
    steps = np.abs(np.diff(image, axis=1, append=image[:, :1])).mean(axis=0)
    assert steps[-1] < 1.5 * steps[:-1].max() and 0 < steps[-1] < 3 * np.median(steps)
    assert image[:4].mean() < 0.1 * image[90:102].mean() and image.max() <= 1
