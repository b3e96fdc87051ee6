# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaves and grass are no sky; skies of all colours stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.matte.foliage import foliage, rough, without_foliage

SIZE = (96, 160)
SKIES = {
    "clear": (110, 160, 230),
    "deep": (20, 90, 190),
    "blue green": (20, 150, 190),
    "white": (250, 252, 255),
    "grey": (150, 152, 150),
    "sunset": (255, 190, 60),
    "gold": (255, 225, 90),
    "night": (8, 10, 14),
}


def noisy(colour: tuple[int, int, int], spread: float, seed: int = 1) -> np.ndarray:
    """One colour, its lightness from pixel to pixel different, a little noise in each channel."""
    rng = np.random.default_rng(seed)
    light = 1 + spread * rng.standard_normal(SIZE)[..., None]
    return np.clip(np.array(colour) * light + rng.normal(0, 2, (*SIZE, 3)), 0, 255).astype(np.uint8)


def cleared(image: np.ndarray) -> np.ndarray:
    return without_foliage(image, np.ones(SIZE, np.float32), rough(image))


@pytest.mark.parametrize("colour", [(90, 140, 40), (150, 172, 45), (40, 70, 20)])
def test_leaves_are_none_of_the_sky(colour: tuple[int, int, int]) -> None:
    leaves = noisy(colour, 0.3)
    assert foliage(leaves).mean() > 0.9
    assert cleared(leaves).mean() < 0.1


@pytest.mark.parametrize("name", SKIES)
@pytest.mark.parametrize("spread", [0.0, 0.02, 0.3])
def test_no_sky_is_taken_for_leaves(name: str, spread: float) -> None:
    sky = noisy(SKIES[name], spread)
    assert foliage(sky).mean() < 0.01
    assert cleared(sky).mean() > 0.99


def test_a_smooth_green_sky_stays() -> None:
    aurora = noisy((60, 180, 90), 0.01)
    assert foliage(aurora).max() == 0
    assert cleared(aurora).min() == 1


def test_gaps_between_leaves_stay() -> None:
    image = noisy((90, 140, 40), 0.3)
    gaps = np.zeros(SIZE, bool)
    gaps[::12, ::12] = True
    gaps = cv2.dilate(gaps.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    image[gaps] = (235, 242, 250)
    matte = cleared(image)
    assert matte[gaps].min() == 1
    assert matte[~gaps].mean() < 0.1


def test_the_matte_it_is_given_is_left_alone() -> None:
    leaves, matte = noisy((90, 140, 40), 0.3), np.full(SIZE, 0.5, np.float32)
    less = without_foliage(leaves, matte, rough(leaves))
    assert (matte == 0.5).all()
    assert less.shape == SIZE
    assert less.dtype == np.float32
    assert not without_foliage(leaves, np.zeros(SIZE, np.float32), rough(leaves)).any()
