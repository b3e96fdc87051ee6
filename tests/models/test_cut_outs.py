# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn landscapes, and what is made of them for training."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.matting.compose import compose
from models.training.matting.cutouts.canvas import SIZE, Canvas
from models.training.matting.cutouts.recipes import cut_out
from models.training.matting.cutouts.textures import Photographs
from models.training.matting.skies import painted


@pytest.fixture(scope="module")
def drawn() -> list[np.ndarray]:
    return [cut_out(seed, Photographs([])) for seed in range(12)]


def test_a_seed_always_draws_the_same(drawn: list[np.ndarray]) -> None:
    assert np.array_equal(drawn[3], cut_out(3, Photographs([])))
    assert not np.array_equal(drawn[3], drawn[4])


def test_most_landscapes_leave_some_sky_and_cover_some(drawn: list[np.ndarray]) -> None:
    cover = np.array([each[..., 3].mean() / 255 for each in drawn])
    assert all(each.shape == (SIZE, SIZE, 7) and each.dtype == np.uint8 for each in drawn)
    assert ((cover > 0.05) & (cover < 0.98)).mean() > 0.5


def test_a_layer_in_front_hides_what_is_behind() -> None:
    canvas = Canvas.empty()
    all_over = np.ones((SIZE, SIZE), np.float32)
    canvas.lay(all_over, np.float32([1, 0, 0]), mirror=1.0, haze=0.5, glow=1.0)
    canvas.lay(all_over * 0.5, np.float32([0, 1, 0]))
    packed = canvas.packed()
    assert np.allclose(packed[0, 0], [128, 128, 0, 255, 128, 64, 128], atol=1)


@pytest.mark.parametrize("seed", range(6))
def test_the_matte_is_what_is_not_covered_and_pure_sky_shows_the_sky(seed: int, drawn: list[np.ndarray]) -> None:
    random = np.random.default_rng(seed)
    sky = painted(random)[:96, :96]
    part = drawn[seed][:96, :96]
    image, matte = compose(random, part, sky)
    assert np.allclose(matte, 1 - part[..., 3] / 255, atol=1e-6)
    assert image.min() >= 0 and image.max() <= 1
    pure = part[..., 3] == 0
    assert np.allclose(image[pure], np.clip(sky, 0, 1)[pure], atol=1e-3)


def test_skies_painted_by_a_seed_are_the_same_and_differ_between_seeds() -> None:
    first, again, other = (painted(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
