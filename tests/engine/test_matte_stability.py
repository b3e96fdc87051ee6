# SPDX-License-Identifier: GPL-3.0-or-later
"""What the frame before may and may not change."""

from __future__ import annotations

import numpy as np

from skyar_blender.engine.matte.interface import PreviousFrame
from skyar_blender.engine.matte.stability import steadied


def test_noise_in_the_matte_of_a_still_picture_dies_down():
    random = np.random.default_rng(0)
    frame = random.integers(0, 256, (40, 60, 3), dtype=np.uint8)
    truth = np.full((40, 60), 0.5, np.float32)
    stored, changes = None, []
    for _ in range(12):
        noisy = np.clip(truth + random.normal(0, 0.1, truth.shape), 0, 1).astype(np.float32)
        matte = steadied(frame, noisy, None if stored is None else PreviousFrame(frame, stored))
        if stored is not None:
            changes.append(float(np.abs(matte - stored / 65535).mean()))
        stored = np.rint(matte * 65535).astype(np.uint16)
    assert changes[-1] < 0.06  # 0.11 between two draws of the noise


def test_nothing_is_left_where_something_moved():
    before = np.full((30, 50, 3), 200, np.uint8)
    now = before.copy()
    now[10:20, 10:20] = 90
    matte = np.ones((30, 50), np.float32)
    matte[10:20, 10:20] = 0
    result = steadied(now, matte, PreviousFrame(before, np.full((30, 50), 65535, np.uint16)))
    assert result[10:20, 10:20].max() < 1e-3 and result[:8].min() == 1


def test_a_frame_of_another_size_is_ignored():
    matte = np.random.default_rng(1).random((8, 9)).astype(np.float32)
    before = PreviousFrame(np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.uint16))
    assert np.array_equal(steadied(np.zeros((8, 9, 3), np.uint8), matte, before), matte)
