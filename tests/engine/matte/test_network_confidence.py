# SPDX-License-Identifier: GPL-3.0-or-later
"""How likely a matte is right: by the network's log odds, by what agrees with them, by what the clip taught."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.engine.matte.hints import Hints
from skyar_blender.engine.matte.network.confidence import (
    Calibration,
    expected_overlap,
    margins_of,
    overlap,
    shipped_calibration,
)
from skyar_blender.engine.matte.network.interface import Prediction

KNOWN = Calibration((-4.0, 0.0, 4.0), (0.1, 0.5, 0.999), bias=-2.0, overlap=1.5, refused=-2.0)
TABLE = {"margins": [-4.0, 0.0, 4.0], "right": [0.1, 0.5, 0.999], "bias": -2, "overlap": 1.5, "refused": -2}


def halves(sure: float) -> tuple[np.ndarray, np.ndarray]:
    """Log odds of sky above ground, and the matte that follows."""
    logits = np.full((40, 60), sure, np.float32)
    logits[20:] = -sure
    return logits, (logits > 0).astype(np.float32)


def test_a_pixel_is_as_sure_as_the_log_odds_of_what_the_matte_says():
    logits = np.array([[4.0, -4.0, 0.0, 4.0, -9.0]], np.float32)
    matte = np.array([[1.0, 0.0, 1.0, 0.2, 0.9]], np.float32)
    np.testing.assert_allclose(KNOWN.pixels(logits, matte), [[0.999, 0.999, 0.5, 0.1, 0.1]], atol=1e-6)


def test_a_network_that_says_how_sure_it_is_is_believed():
    small, logits = np.zeros((1, 3, 3), np.uint8), np.array([[5.0, -5.0, 5.0]], np.float32)
    np.testing.assert_array_equal(margins_of(Prediction(small, logits)), logits)
    sureness = np.array([[2.0, 2.0, -1.0]], np.float32)
    np.testing.assert_array_equal(margins_of(Prediction(small, logits, sureness)), [[2.0, -2.0, -1.0]])


def test_a_frame_is_the_surer_the_less_is_in_doubt():
    sure, unsure = (KNOWN.frame(*halves(value), adapted=True) for value in (5.0, 1.0))
    assert sure > 0.9 and unsure < 0.3
    assert KNOWN.frame(*halves(5.0), adapted=False) < sure


def test_what_follows_and_says_something_else_makes_it_less_sure():
    logits, matte = halves(5.0)
    changed = matte.copy()
    changed[10:20] = 0
    assert KNOWN.frame(logits, changed, adapted=True) < 0.2 < KNOWN.frame(logits, matte, adapted=True)


def test_a_mattes_own_size_does_not_matter_and_marks_are_right():
    logits, matte = halves(5.0)
    logits[:10] = 0.1
    large = np.repeat(np.repeat(matte, 3, 0), 3, 1)
    found = KNOWN.frame(logits, matte, adapted=True)
    assert KNOWN.frame(logits, large, adapted=True) == pytest.approx(found, abs=1e-6)
    marks = Hints(np.zeros((120, 180), bool), np.zeros((120, 180), bool))
    marks.sky[:30] = True
    assert KNOWN.frame(logits, large, True, marks) > found + 0.3


def test_overlaps_without_any_sky_say_something():
    nothing, everything, some = (
        np.zeros((10, 10), np.float32),
        np.ones((10, 10), bool),
        np.zeros((10, 10), np.float32),
    )
    some[:1] = 1
    assert overlap(nothing, nothing, everything) == 1
    assert overlap(some, nothing, everything) < 0.1
    assert expected_overlap(nothing, np.ones((10, 10), np.float32)) == 1
    assert expected_overlap(nothing, np.full((10, 10), 0.5, np.float32)) < 0.05


def test_the_numbers_are_read_as_they_were_written():
    assert Calibration.from_metadata({"confidence": TABLE}, Path("x.toml")) == KNOWN
    assert Calibration.from_metadata({"name": "sky_matte"}, Path("x.toml")) is None


@pytest.mark.parametrize(
    "change",
    [{"bias": "high"}, {"margins": [0.0]}, {"margins": [0, 0, 1]}, {"right": [0.9, 0.5, 0.1]}, {"refused": None}],
    ids=str,
)
def test_damaged_numbers_are_told(change):
    with pytest.raises(SkyarError) as caught:
        Calibration.from_metadata({"confidence": TABLE | change}, Path("x.toml"))
    assert caught.value.code == ErrorCode.WEIGHTS_UNREADABLE and "confidence" in caught.value.why


def test_the_shipped_weights_are_calibrated():
    known = shipped_calibration()
    # What follows the network is more often right than wrong where it says the opposite of what the network is not
    # very sure of, but not as it is elsewhere.
    assert known is not None
    opposite = float(np.interp(-3, known.margins, known.right))
    assert known.right[0] <= opposite and 0.5 < opposite < 0.8 < 0.99 < known.right[-1]
    assert known.overlap > 0 and known.refused <= 0
