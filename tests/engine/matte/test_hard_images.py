# SPDX-License-Identifier: GPL-3.0-or-later
"""The adaptive matte where it could go wrong: qualities, exact interiors, poles, tilts, odd shapes, threads."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyar_blender.engine.matte.adaptive import AdaptiveMatte
from skyar_blender.engine.matte.interface import PreviousFrame
from skyar_blender.engine.matte.methods import matte_method

BLUE, OVERCAST, SUNSET = (95, 140, 205), (214, 216, 218), (244, 190, 140)


def ground(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Brown and green clutter, float32 0..255."""
    random = np.random.default_rng(seed)
    fine = random.normal(0, 28, (height, width, 1))
    coarse = cv2.GaussianBlur(random.normal(0, 1, (height, width)), (0, 0), 4)[..., None] * 200
    return np.clip(np.array([92.0, 88.0, 52.0]) + fine + coarse, 0, 255).astype(np.float32)


def image(
    top: tuple[int, int, int], height: int = 180, width: int = 320, skyline: float = 0.55, noise: float = 2.0
) -> tuple[np.ndarray, np.ndarray]:
    """A sky that pales towards a wavy skyline, over clutter, with sensor noise: frame and true matte."""
    rows, columns = np.arange(height)[:, None], np.arange(width)[None]
    edge = height * (skyline + 0.05 * np.sin(columns / 23.0) + 0.02 * np.sin(columns / 5.0))
    matte = np.clip(edge - rows + 0.5, 0, 1)
    sky = np.array(top, float) + (np.array([238.0, 238.0, 240.0]) - top) * (rows / height)[..., None] * 0.6
    mixed = sky * matte[..., None] + ground(height, width) * (1 - matte[..., None])
    mixed += np.random.default_rng(3).normal(0, noise, mixed.shape)
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8), matte.astype(np.float32)


def overlap(matte: np.ndarray, truth: np.ndarray) -> float:
    """Intersection over union at one half."""
    found, real = matte > 0.5, truth > 0.5
    return float((found & real).sum() / (found | real).sum())


@pytest.mark.parametrize("quality", ["draft", "normal", "high"])
@pytest.mark.parametrize("top", [BLUE, OVERCAST, SUNSET], ids=["blue", "overcast", "sunset"])
def test_sky_over_clutter(top, quality):
    frame, truth = image(top, 270, 480)
    matte = matte_method("adaptive", quality).fit([frame]).matte(frame, None)
    assert matte.dtype == np.float32 and matte.shape == truth.shape
    assert overlap(matte, truth) > 0.97
    assert np.abs(matte - truth).mean() < 0.015


def test_inside_and_outside_are_exact():
    frame, _ = image(BLUE)
    matte = AdaptiveMatte().fit([frame]).matte(frame, None)
    assert (matte[:60] == 1).mean() > 0.999
    assert (matte[140:] == 0).mean() > 0.999


def test_an_edge_follows_the_full_image():
    """At three times the analysis size the edge is still within about two pixels of the truth."""
    frame, truth = image(BLUE, 540, 960)
    matte = matte_method("adaptive", "draft").fit([frame]).matte(frame, None)
    far = cv2.erode((truth > 0.5).astype(np.uint8), np.ones((7, 7))) | cv2.erode(
        (truth < 0.5).astype(np.uint8), np.ones((7, 7))
    )
    assert np.abs((matte > 0.5) != (truth > 0.5))[far > 0].mean() < 0.002


def test_a_pole_before_the_sky_is_kept():
    frame, _ = image(BLUE, 180, 320)
    frame[20:120, 150:156] = (60, 56, 50)
    matte = AdaptiveMatte().fit([frame]).matte(frame, None)
    assert matte[40:80, 152:154].mean() < 0.1 and matte[40:80, 140:145].mean() > 0.95


@pytest.mark.parametrize("top", [BLUE, OVERCAST], ids=["blue", "overcast"])
def test_clip_of_nothing_but_sky(top):
    frame, _ = image(top, skyline=3.0)
    assert AdaptiveMatte().fit([frame]).matte(frame, None).mean() > 0.95


def test_sky_that_leaves_and_fills_the_frame():
    """Tilting down and up: what the other frames taught holds for those at both ends."""
    clip = [image(OVERCAST, skyline=fraction)[0] for fraction in (-0.2, 0.2, 0.5, 0.8, 1.3)]
    model = AdaptiveMatte().fit(clip)
    fractions = [float(model.matte(frame, None).mean()) for frame in clip]
    assert fractions[0] < 0.01 and fractions[-1] > 0.97
    assert fractions == pytest.approx([0, 0.2, 0.5, 0.8, 1], abs=0.03)


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 9), (9, 1), (2, 2), (3, 5), (20, 320), (320, 20), (101, 67), (7, 700)], ids=str
)
def test_odd_sizes(shape):
    frame, _ = image(BLUE, 64, 64)
    frame = cv2.resize(frame, shape[::-1], interpolation=cv2.INTER_AREA).reshape(*shape, 3)
    matte = AdaptiveMatte("draft").fit([frame]).matte(frame, None)
    assert matte.shape == shape and np.isfinite(matte).all() and matte.min() >= 0 and matte.max() <= 1


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (128, 128, 128), (0, 255, 0), (0, 0, 255)], ids=str)
def test_one_colour(colour):
    frame = np.full((90, 160, 3), colour, np.uint8)
    matte = AdaptiveMatte("draft").fit([frame]).matte(frame, None)
    assert np.isfinite(matte).all() and matte.min() >= 0 and matte.max() <= 1
    assert matte.std() < 0.3  # one colour has no skyline


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 48), st.integers(1, 48), st.integers(0, 2**31), st.booleans())
def test_any_image_gives_a_matte(height, width, seed, blocky):
    random = np.random.default_rng(seed)
    frame = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    if blocky:
        frame = np.repeat(np.repeat(frame[::8, ::8], 8, 0), 8, 1)[:height, :width]
    before = PreviousFrame(frame[::-1].copy(), random.integers(0, 65536, (height, width), dtype=np.uint16))
    matte = AdaptiveMatte("draft").fit([frame]).matte(frame, before)
    assert matte.shape == (height, width) and matte.dtype == np.float32
    assert np.isfinite(matte).all() and matte.min() >= 0 and matte.max() <= 1


def test_same_matte_again_and_on_any_number_of_threads():
    frame, _ = image(BLUE)
    threads = cv2.getNumThreads()
    mattes = []
    try:
        for count in (1, 2, 2):
            cv2.setNumThreads(count)
            mattes.append(AdaptiveMatte().fit([frame]).matte(frame, None))
    finally:
        cv2.setNumThreads(threads)
    assert np.array_equal(mattes[0], mattes[1]) and np.array_equal(mattes[1], mattes[2])
