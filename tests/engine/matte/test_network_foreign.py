# SPDX-License-Identifier: GPL-3.0-or-later
"""A piece of sky for itself goes where the open sky has no such colour and the network is less sure of it."""

from __future__ import annotations

import numpy as np
import pytest

from skyar_blender.engine.matte.network.foreign import without_foreign

PIECE = slice(90, 130), slice(40, 70)


def seen(colour: tuple[int, int, int], odds: float, open_odds: float = 6.0) -> tuple[np.ndarray, np.ndarray]:
    """A blue sky with a white cloud above a wall, and a piece for itself in the wall; the log odds of it all."""
    random = np.random.default_rng(5)
    small = np.full((160, 240, 3), (120, 110, 100), np.float32)
    small[:60] = (100, 150, 215)
    small[10:30, 100:200] = (235, 235, 238)
    small[PIECE] = colour
    logits = np.full(small.shape[:2], -5, np.float32)
    logits[:60] = open_odds
    logits[PIECE] = odds
    return np.clip(small + random.normal(0, 2, small.shape), 0, 255).astype(np.uint8), logits


def test_a_dark_window_goes_with_its_rim():
    small, logits = seen((52, 84, 120), 3)
    logits[88:90, 40:70] = -0.5
    left = without_foreign(small, logits)
    assert left[86:134, 36:74].max() <= -4 and np.array_equal(left[:60], logits[:60])


@pytest.mark.parametrize(
    ("colour", "odds"),
    [((100, 150, 215), 3), ((235, 235, 238), 3), ((52, 84, 120), 7)],
    ids=["blue", "cloud", "sure"],
)
def test_what_the_open_sky_shows_too_or_is_as_sure_stays(colour, odds):
    small, logits = seen(colour, odds)
    assert without_foreign(small, logits) is logits


def test_a_pane_in_a_colour_near_the_skys_goes_where_the_network_is_in_doubt():
    small, logits = seen((112, 163, 226), 3)  # 12 levels from the sky's blue
    doubt, sure = (np.full(logits.shape, value, np.float32) for value in (0.9, 2.5))
    assert without_foreign(small, logits, doubt)[PIECE].max() <= -3.9
    assert without_foreign(small, logits, sure) is logits and without_foreign(small, logits) is logits


def test_a_ragged_gap_in_such_a_colour_stays():
    small, logits = seen((112, 163, 226), 3)
    for row in range(90, 130, 4):
        logits[row : row + 2, 40 : 40 + row % 13 * 2] = logits[row : row + 2, 70 - row % 11 * 2 : 70] = -5
    assert without_foreign(small, logits, np.full(logits.shape, 0.9, np.float32)) is logits


def test_a_sky_that_is_not_sure_itself_tells_nothing():
    small, logits = seen((52, 84, 120), 1, open_odds=2)
    assert without_foreign(small, logits) is logits


def test_nothing_jumps():
    left = [without_foreign(*seen((100 - step, 150 - step, 215 - step), 3))[110, 55] for step in range(14, 45)]
    assert left[0] == 3 and left[-1] <= -4 and np.min(np.diff(left)) > -1


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (64, 1)], ids=str)
@pytest.mark.parametrize("odds", [-3.0, 4.0])
def test_any_shape(shape, odds):
    assert np.all(without_foreign(np.zeros((*shape, 3), np.uint8), np.full(shape, odds, np.float32)) == odds)
