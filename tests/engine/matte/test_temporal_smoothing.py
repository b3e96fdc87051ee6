# SPDX-License-Identifier: GPL-3.0-or-later
"""What the frame before may and may not change."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.matte.interface import PreviousFrame
from skyar_blender.engine.matte.temporal_smoothing import temporally_smoothed


def smooth(random: np.random.Generator, shape: tuple[int, int], size: float) -> np.ndarray:
    noise = cv2.GaussianBlur(random.normal(0, 1, shape).astype(np.float32), (0, 0), size)
    return noise / noise.std()


def scene() -> tuple[np.ndarray, np.ndarray]:
    """A wide image, 240x480, of a wavy textured ground under an even sky, and its matte."""
    random = np.random.default_rng(0)
    rows, columns = np.arange(240)[:, None], np.arange(480)[None]
    matte = np.clip(120 + 25 * np.sin(columns / 20) - rows, 0, 1).astype(np.float32)
    ground = np.array([90.0, 95.0, 70.0]) + 25 * smooth(random, (240, 480), 2)[..., None]
    return np.array([140.0, 170.0, 220.0]) * matte[..., None] + ground * (1 - matte[..., None]), matte


def seen(image: np.ndarray, right: float, down: float) -> np.ndarray:
    """What a camera of 320x200 sees of it that has moved by so many pixels."""
    moved = cv2.warpAffine(image, np.array([[1, 0, -right - 20], [0, 1, -down - 20]], float), (320, 200))
    return moved.astype(np.float32)


def camera(index: int, way: str) -> tuple[float, float]:
    if way == "shaking":
        right, down = np.random.default_rng(index).uniform(-3, 3, 2)
        return float(right), float(down)
    return {"still": (0.0, 0.0), "pan": (2.3 * index, 0.6 * index)}[way]


def followed(way: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True mattes, mattes that chatter, and those steadied, of ten frames with noise."""
    image, matte = scene()
    true, raw, steady = [], [], []
    previous = None
    for index in range(10):
        random = np.random.default_rng(100 + index)
        frame = seen(image, *camera(index, way)) + random.normal(0, 2, (200, 320, 3))
        frame = np.clip(frame, 0, 255).astype(np.uint8)
        true.append(seen(matte, *camera(index, way)))
        chatter = np.clip(true[-1] + 0.15 * smooth(random, (200, 320), 5), 0, 1).astype(np.float32)
        raw.append(chatter)
        stored = np.rint(temporally_smoothed(frame, chatter, previous) * 65535).astype(np.uint16)
        steady.append(stored / np.float32(65535))
        previous = PreviousFrame(frame, stored)
    return np.array(true), np.array(raw), np.array(steady)


def flicker(mattes: np.ndarray, true: np.ndarray) -> float:
    """dtSSD: how far the change from frame to frame is from the true one."""
    return float(np.sqrt(np.square(np.diff(mattes, axis=0) - np.diff(true, axis=0)).mean()))


@pytest.mark.parametrize("way", ["still", "pan", "shaking"])
def test_chatter_is_at_most_half_of_what_it_was(way):
    true, raw, steady = followed(way)
    assert flicker(steady, true) < 0.5 * flicker(raw, true)
    assert np.square(steady - true).mean() < 0.7 * np.square(raw - true).mean()


@pytest.mark.parametrize("way", ["pan", "shaking"])
def test_moving_edges_do_not_smear(way):
    true, raw, steady = followed(way)
    moving = np.abs(np.diff(true, axis=0)) > 0.3
    assert moving.sum() > 1000
    assert np.abs(steady - true)[1:][moving].mean() < np.abs(raw - true)[1:][moving].mean() + 0.005


def test_nothing_is_left_where_something_moved():
    before = np.full((30, 50, 3), 200, np.uint8)
    now = before.copy()
    now[10:20, 10:20] = 90
    matte = np.ones((30, 50), np.float32)
    matte[10:20, 10:20] = 0
    result = temporally_smoothed(now, matte, PreviousFrame(before, np.full((30, 50), 65535, np.uint16)))
    assert result[10:20, 10:20].max() < 1e-3 and result[:8].min() == 1


def test_what_comes_and_goes_before_a_still_sky_leaves_no_ghost():
    random = np.random.default_rng(1)
    sky = np.clip(np.array([150.0, 175.0, 215.0]) + random.normal(0, 2, (200, 320, 3)), 0, 255).astype(np.uint8)
    before, now = sky.copy(), sky.copy()
    before[60:110, 100:110], now[60:110, 140:150] = 40, 40
    past, matte = np.ones((200, 320), np.uint16) * 65535, np.ones((200, 320), np.float32)
    past[60:110, 100:110], matte[60:110, 140:150] = 0, 0
    result = temporally_smoothed(now, matte, PreviousFrame(before, past))
    assert np.abs(result - matte).mean() < 0.001
    assert result[70:100, 100:110].min() > 0.95 and result[70:100, 141:149].max() < 0.05


def test_a_cut_carries_nothing_over():
    random = np.random.default_rng(2)
    before, now = (cv2.blur(random.integers(0, 256, (120, 200, 3), dtype=np.uint8), (5, 5)) for _ in range(2))
    now = 255 - now // 2
    matte = np.ones((120, 200), np.float32)
    result = temporally_smoothed(now, matte, PreviousFrame(before // 2, np.zeros((120, 200), np.uint16)))
    assert np.abs(result - matte).mean() < 0.05


def test_a_frame_of_another_size_is_ignored():
    matte = np.random.default_rng(1).random((8, 9)).astype(np.float32)
    before = PreviousFrame(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint16))
    assert np.array_equal(temporally_smoothed(np.zeros((8, 9, 3), np.uint8), matte, before), matte)


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (1, 40), (40, 640), (640, 40), (33, 33), (300, 1000)], ids=str)
def test_any_shape(shape):
    random = np.random.default_rng(3)
    frames = [random.integers(0, 256, (*shape, 3), dtype=np.uint8) for _ in range(2)]
    matte = random.random(shape, np.float32)
    result = temporally_smoothed(
        frames[1], matte, PreviousFrame(frames[0], random.integers(0, 65536, shape, np.uint16))
    )
    assert result.shape == shape and result.dtype == np.float32
    assert np.isfinite(result).all() and result.min() >= 0 and result.max() <= 1


def test_the_same_on_any_number_of_threads():
    image, matte = scene()
    frames = [seen(image, right, 0).astype(np.uint8) for right in (0.0, 2.5)]
    past = np.rint(seen(matte, 0, 0) * 65535).astype(np.uint16)
    threads, results = cv2.getNumThreads(), []
    try:
        for count in (1, 2, 3):
            cv2.setNumThreads(count)
            results.append(temporally_smoothed(frames[1], seen(matte, 2.5, 0), PreviousFrame(frames[0], past)))
    finally:
        cv2.setNumThreads(threads)
    assert np.array_equal(results[0], results[1]) and np.array_equal(results[1], results[2])
