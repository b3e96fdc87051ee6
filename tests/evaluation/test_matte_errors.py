# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of mattes against truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyar_blender.evaluation.metrics.gradient import gradient_error
from skyar_blender.evaluation.metrics.matte_errors import EDGE_BAND, coverage, edge_band, matte_errors
from skyar_blender.evaluation.metrics.temporal_errors import dtssd

SIZE = (24, 32)


def random_matte(seed: int, kind: str) -> np.ndarray:
    """Noise, soft blobs, hard blobs, or one value."""
    random = np.random.default_rng(seed)
    if kind == "noise":
        return random.random(SIZE, np.float32)
    if kind == "plain":
        return np.full(SIZE, random.choice([0, 0.3, 1]), np.float32)
    blobs = np.kron(random.random((4, 4)), np.ones((6, 8))).astype(np.float32)
    return (blobs > 0.5).astype(np.float32) if kind == "hard" else blobs


seeds = st.integers(0, 2**32 - 1)
mattes = st.builds(random_matte, seeds, st.sampled_from(["noise", "plain", "soft", "hard"]))
masks = st.builds(lambda seed: np.random.default_rng(seed).random(SIZE) < 0.5, seeds)


def horizon(row: int, height: int = 60, width: int = 80) -> np.ndarray:
    matte = np.zeros((height, width), np.float32)
    matte[:row] = 1
    return matte


@settings(deadline=None, max_examples=40)
@given(mattes, masks)
def test_the_truth_itself_has_no_error(truth, counted):
    errors = matte_errors(truth, truth, counted)
    assert errors.iou == 1
    assert errors.mae == errors.mse == 0 and errors.grad < 1e-12
    assert errors.edge_mae in (0, None)


@settings(deadline=None, max_examples=40)
@given(mattes, mattes, masks)
def test_bounds(matte, truth, counted):
    errors = matte_errors(matte, truth, counted)
    assert 0 <= errors.iou <= 1
    assert 0 <= errors.mse <= errors.mae <= 1
    assert errors.grad >= 0
    assert errors.edge_mae is None or 0 <= errors.edge_mae <= 1
    assert 0 <= coverage(matte, counted) <= 1


@settings(deadline=None, max_examples=40)
@given(mattes, mattes, mattes, masks)
def test_what_is_not_counted_changes_nothing(matte, other, truth, counted):
    elsewhere = np.where(counted, matte, other)
    first, second = matte_errors(matte, truth, counted), matte_errors(elsewhere, truth, counted)
    assert replace(first, grad=0) == replace(second, grad=0)
    assert first.grad == pytest.approx(second.grad, abs=1e-9)
    assert coverage(matte, counted) == coverage(elsewhere, counted)


@settings(deadline=None, max_examples=40)
@given(mattes, mattes)
def test_errors_are_the_same_both_ways_round(matte, truth):
    there, back = matte_errors(matte, truth), matte_errors(truth, matte)
    assert (there.iou, there.mae, there.mse) == (back.iou, back.mae, back.mse)
    assert there.grad == pytest.approx(back.grad)


def test_figures_worked_out_by_hand():
    errors = matte_errors(horizon(20), horizon(30))
    assert errors.iou == pytest.approx(20 / 30)
    assert errors.mae == errors.mse == pytest.approx(10 / 60)
    assert errors.edge_mae == pytest.approx(10 / (2 * EDGE_BAND))
    half = matte_errors(horizon(30) * 0.5, horizon(30))
    assert half.iou == 0 and half.mae == pytest.approx(0.25) and half.mse == pytest.approx(0.125)


def test_the_band_has_ten_pixels_on_either_side_of_the_edge():
    rows = edge_band(horizon(30)).all(axis=1)
    assert np.flatnonzero(rows).tolist() == list(range(20, 40))
    assert not edge_band(np.ones((8, 8), np.float32)).any() and not edge_band(np.zeros((8, 8), np.float32)).any()


def test_gradient_error_of_a_step():
    """Kernels of 2-norm 1: a step's response is the running sum of the slope times the sum of the smooth part."""
    place = np.arange(-4, 5)
    smooth = np.exp(-(place**2) / (2 * 1.4**2))
    slope = place * smooth
    across = np.cumsum(slope / np.linalg.norm(slope)) * (smooth / np.linalg.norm(smooth)).sum()
    expected = 80 * (across**2).sum() / 1000
    everywhere = np.ones((60, 80), np.bool_)
    assert gradient_error(np.zeros((60, 80), np.float32), horizon(30), everywhere) == pytest.approx(
        expected, rel=1e-4
    )


def test_a_blurred_edge_costs_gradient_error_and_more_blur_costs_more():
    import cv2

    truth = horizon(30)
    grades = [matte_errors(cv2.GaussianBlur(truth, (0, 0), sigma), truth).grad for sigma in (0.5, 1, 2, 4)]
    assert grades == sorted(grades) and grades[0] > 0


@pytest.mark.parametrize(
    ("matte", "counted"),
    [
        (np.zeros((3, 4), np.float32), None),
        (np.full((60, 80), np.nan, np.float32), None),
        (horizon(3), np.zeros((60, 80), np.bool_)),
    ],
)
def test_what_cannot_be_compared_is_refused(matte, counted):
    with pytest.raises(ValueError):
        matte_errors(matte, horizon(30), counted)


@settings(deadline=None, max_examples=40)
@given(mattes, mattes, st.floats(-0.5, 0.5, width=32))
def test_dtssd_forgives_a_standing_error_and_no_other(before, now, offset):
    assert dtssd(before + offset, now + offset, before, now) == pytest.approx(0, abs=1e-4)
    assert 0 <= dtssd(before, now, before, before) <= 100


def test_dtssd_of_a_flash():
    still = horizon(30)
    flash = still.copy()
    flash[:15] = 0  # a quarter of the image
    assert dtssd(still, flash, still, still) == pytest.approx(50)
    with pytest.raises(ValueError):
        dtssd(still, flash[:9], still, still)
