# SPDX-License-Identifier: GPL-3.0-or-later
"""The old sky's grain, measured and made anew."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.colour import display_from_linear
from skyar_blender.engine.composite.grain import (
    CONTRAST,
    MIDDLE,
    PICTURES,
    Grain,
    GrainStatistics,
    grain_image,
    with_grain,
)

HEIGHT, WIDTH = 240, 400
ALL_SKY = np.ones((HEIGHT, WIDTH), np.float32)


def grainy(deviation: float, softness: float, seed: int = 0) -> np.ndarray:
    """A sky that brightens downwards, with noise of that deviation in grey levels."""
    noise = np.random.default_rng(seed).standard_normal((HEIGHT, WIDTH, 3))
    if softness:
        noise = cv2.GaussianBlur(noise, (0, 0), softness)
    ramp = np.linspace(90, 170, HEIGHT)[:, None, None]
    return np.clip(ramp + deviation * noise / noise.std(), 0, 255).round().astype(np.uint8)


def measured(*frames: np.ndarray, matte: np.ndarray = ALL_SKY) -> Grain:
    statistics = GrainStatistics()
    for frame in frames:
        statistics.add(frame, matte)
    return statistics.grain()


@pytest.mark.parametrize("softness", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("deviation", [1.0, 2.0, 5.0])
def test_grain_is_found(deviation: float, softness: float) -> None:
    found = measured(*(grainy(deviation, softness, seed) for seed in range(3)))
    assert np.array(found.sigma) * 255 == pytest.approx([deviation] * 3, rel=0.25)
    assert found.softness == pytest.approx(softness, abs=0.2)


def test_a_clean_sky_has_none() -> None:
    assert measured(grainy(0.0, 0.0)) == Grain()
    assert measured() == Grain()
    assert measured(np.full((HEIGHT, WIDTH, 3), 255, np.uint8)) == Grain()  # clipped: it could not show
    assert measured(grainy(5.0, 0.0), matte=0 * ALL_SKY) == Grain()
    assert measured(np.zeros((2, 1, 3), np.uint8), matte=np.ones((2, 1), np.float32)) == Grain()


def test_clouds_and_ground_are_no_grain() -> None:
    frame, matte = grainy(1.0, 0.0), ALL_SKY.copy()
    frame[:60] = cv2.resize(np.random.default_rng(1).integers(60, 200, (15, 100, 3)).astype(np.uint8), (WIDTH, 60))
    frame[200:] = np.random.default_rng(2).integers(0, 256, (40, WIDTH, 3))
    matte[200:] = 0
    assert np.array(measured(frame, matte=matte).sigma) * 255 == pytest.approx([1] * 3, rel=0.25)


def test_images_of_grain_have_their_deviation_and_differ() -> None:
    images = [grain_image(96, 64, softness, number) for number in range(PICTURES) for softness in (0.0, 1.0)]
    for image in images:
        assert image.shape == (64, 96) and image.min() >= 0 and image.max() <= 1
        assert image.std() == pytest.approx(CONTRAST, rel=0.05)
        assert image.mean() == pytest.approx(MIDDLE, abs=0.02)
    assert np.array_equal(grain_image(96, 64, 1.0, 3), grain_image(96, 64, 1.0, 3))
    assert np.abs(images[0] - images[2]).mean() > 0.05


def test_the_new_sky_gets_what_was_measured() -> None:
    grain = measured(*(grainy(3.0, 0.0, seed) for seed in range(2)))
    sky = np.ones((HEIGHT, WIDTH, 3), np.float32) * np.array([0.2, 0.3, 0.5], np.float32)
    image = grain_image(WIDTH, HEIGHT, grain.softness, 0)
    shown = display_from_linear(with_grain(sky, image, 1.0, grain.linear((0.2, 0.3, 0.5)))) * 255
    assert shown.std(axis=(0, 1)) == pytest.approx([3.0] * 3, rel=0.15)
    assert np.array_equal(with_grain(sky, image, 0.0, (1, 1, 1)), sky)
    with pytest.raises(ValueError, match="differ in size"):
        with_grain(sky, image[1:], 1.0, (1, 1, 1))


def test_what_was_given_is_measured_again() -> None:
    """Measured, given to another sky, and measured there: the same grain."""
    grain = measured(*(grainy(4.0, 0.6, seed) for seed in range(2)))
    sky = np.full((HEIGHT, WIDTH, 3), 0.25, np.float32)
    frames = []
    for number in range(2):
        image = grain_image(WIDTH, HEIGHT, grain.softness, number)
        frames.append(display_from_linear(with_grain(sky, image, 1.0, grain.linear((0.25,) * 3))) * 255)
    again = measured(*(frame.round().astype(np.uint8) for frame in frames))
    assert again.sigma == pytest.approx(grain.sigma, rel=0.2)
    assert again.softness == pytest.approx(grain.softness, abs=0.15)
