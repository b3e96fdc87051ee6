# SPDX-License-Identifier: GPL-3.0-or-later
"""Edges from the full picture: a coarse matte must get better, a perfect one must not get worse."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.matte.refine import refine


def scene(sky: tuple[int, int, int], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Leaf-like blobs and thin twigs before an even sky, 480x360, with the true matte (0..1)."""
    random = np.random.default_rng(seed)
    large = np.full((1440, 1920), 255, np.uint8)
    large[800:] = 0
    for _ in range(260):
        centre = (int(random.integers(0, 1920)), int(random.normal(800, 90)))
        size = (int(random.integers(6, 60)), int(random.integers(6, 30)))
        cv2.ellipse(large, centre, size, float(random.integers(0, 180)), 0, 360, 0, -1)
    matte = cv2.resize(large, (480, 360), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    ground = np.array([50.0, 62.0, 36.0]) + random.normal(0, 8, (360, 480, 1))
    frame = np.array(sky, float) * matte[..., None] + ground * (1 - matte[..., None])
    frame += random.normal(0, 1.5, frame.shape)
    return np.clip(np.rint(frame), 0, 255).astype(np.uint8), matte


@pytest.mark.parametrize("sky", [(110, 150, 210), (225, 227, 230), (240, 150, 70)], ids=["blue", "grey", "orange"])
def test_a_coarse_matte_gets_better(sky):
    frame, truth = scene(sky)
    coarse = cv2.resize(truth, (160, 120), interpolation=cv2.INTER_AREA)
    plain = cv2.resize(coarse, (480, 360), interpolation=cv2.INTER_LINEAR)
    refined = refine(frame, coarse)
    assert np.abs(refined - truth).mean() < 0.6 * np.abs(plain - truth).mean()


@pytest.mark.parametrize("sky", [(110, 150, 210), (225, 227, 230), (240, 150, 70)], ids=["blue", "grey", "orange"])
def test_a_perfect_matte_stays_so(sky):
    frame, truth = scene(sky)
    assert np.abs(refine(frame, truth) - truth).mean() < 0.006


def test_alike_colours_leave_the_coarse_matte():
    frame = np.full((60, 80, 3), 150, np.uint8)
    coarse = np.zeros((60, 80), np.float32)
    coarse[:30] = 1
    assert np.array_equal(refine(frame, coarse), coarse)
