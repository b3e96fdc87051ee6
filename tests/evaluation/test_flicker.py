# SPDX-License-Identifier: GPL-3.0-or-later
"""Flicker that needs no truth."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from support.track_scenes import Move, Scene, turn

from skyar_blender.engine.flicker import flicker, small_frame

WIDTH, HEIGHT, FOCAL = 320, 180, 280.0


def clip(count: int = 4, degrees: float = 0.4) -> list[tuple[np.ndarray, np.ndarray]]:
    """A turning camera with noise: frames and true mattes."""
    scene = Scene(WIDTH, HEIGHT, "clouds", near=False)
    return [scene.frame(Move(turn(degrees * index), FOCAL), noise=1.5, seed=index) for index in range(count)]


def mean_flicker(frames: list[tuple[np.ndarray, np.ndarray]]) -> float:
    small = [small_frame(frame, matte) for frame, matte in frames]
    found = [flicker(before, now) for before, now in pairwise(small)]
    assert None not in found
    return float(np.mean(found))


def test_a_matte_that_moves_with_the_image_hardly_flickers():
    frames = clip()
    compensated = mean_flicker(frames)
    plain = np.mean([np.abs(b[1] / 65535 - a[1] / 65535).mean() for a, b in pairwise(frames)])
    assert compensated < 0.35 * plain


def test_chatter_is_measured_in_units_of_the_matte():
    frames = clip()
    random = np.random.default_rng(0)

    def chattering(amount: float) -> float:
        blocks = [np.kron(random.random((18, 32)) < amount, np.ones((10, 10))) > 0 for _ in frames]
        return mean_flicker(
            [
                (frame, np.where(block, 65535 - matte, matte))
                for (frame, matte), block in zip(frames, blocks, strict=True)
            ]
        )

    some, more = chattering(0.02), chattering(0.1)
    assert 0.6 * 2 * 0.02 < some < 1.6 * 2 * 0.02  # what appears and what goes
    assert 3 * some < more < 7 * some


def test_an_even_pulse_of_the_whole_matte():
    frame, _ = clip(1)[0]
    low, high = (np.full((HEIGHT, WIDTH), value, np.uint16) for value in (0, 65535))
    assert flicker(small_frame(frame, low), small_frame(frame, high)) == pytest.approx(1, abs=1e-3)
    assert flicker(small_frame(frame, high), small_frame(frame, high)) == 0


def test_a_cut_has_no_figure():
    random = np.random.default_rng(1)
    frames = [random.integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8) for _ in range(2)]
    matte = np.zeros((HEIGHT, WIDTH), np.uint16)
    assert flicker(small_frame(frames[0], matte), small_frame(frames[1], matte)) is None


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (15, 400), (16, 16), (40, 640), (640, 40), (31, 320), (700, 1300)])
def test_any_shape(shape):
    frame = np.random.default_rng(2).integers(0, 256, (*shape, 3), dtype=np.uint8)
    small = small_frame(frame, np.full(shape, 30000, np.uint16))
    assert max(small.grey.shape) <= 320 and small.matte.shape == small.grey.shape
    assert flicker(small, small) == 0


def test_frames_of_different_sizes_are_refused():
    one, other = (
        small_frame(np.zeros((side, 40, 3), np.uint8), np.zeros((side, 40), np.uint16)) for side in (30, 40)
    )
    with pytest.raises(ValueError):
        flicker(one, other)
