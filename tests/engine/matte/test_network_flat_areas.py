# SPDX-License-Identifier: GPL-3.0-or-later
"""Doubtful parts of an area without edges follow the rest of it; what has an edge of its own does not."""

from __future__ import annotations

import numpy as np
import pytest

from skyar_blender.engine.matte.network.flat_areas import with_flat_areas

HALF = 60


@pytest.fixture
def street() -> np.ndarray:
    """A white sky above a grey wall, with noise of a level: (120, 160, 3), 8-bit."""
    random = np.random.default_rng(3)
    image = np.full((2 * HALF, 160, 3), 235.0)
    image[HALF:] = 120
    return np.clip(np.rint(image + random.normal(0, 0.5, image.shape)), 0, 255).astype(np.uint8)


def _answer() -> np.ndarray:
    logits = np.full((2 * HALF, 160), 6.0, np.float32)
    logits[HALF:] = -6
    return logits


def test_doubt_inside_a_wall_and_inside_a_sky_goes_with_them(street):
    logits = _answer()
    logits[80:100, 40:60] = 1
    logits[10:30, 100:120] = -1
    found = with_flat_areas(street, logits)
    assert (found[85:95, 45:55] < -1).all() and (found[15:25, 105:115] > 1).all()


def test_where_an_area_is_in_two_minds_nothing_changes(street):
    logits = _answer()
    logits[HALF:, :72] = 1
    assert with_flat_areas(street, logits)[HALF + 5 :] == pytest.approx(logits[HALF + 5 :], abs=0.2)


def test_what_has_an_edge_of_its_own_keeps_its_answer(street):
    street[20:40, 60:80] = 60
    logits = _answer()
    logits[20:40, 60:80] = -1
    assert (with_flat_areas(street, logits)[24:36, 64:76] < 0).all()


def test_sure_answers_hardly_move(street):
    logits = _answer()
    logits[80:100, 40:60] = 9
    assert (with_flat_areas(street, logits)[85:95, 45:55] > 8.5).all()


def test_noise_and_small_images_are_no_areas():
    random = np.random.default_rng(1)
    image = random.integers(0, 256, (48, 64, 3)).astype(np.uint8)
    logits = random.normal(0, 2, (48, 64)).astype(np.float32)
    found = with_flat_areas(image, logits)
    assert found.dtype == np.float32 and found == pytest.approx(logits, abs=0.5)
