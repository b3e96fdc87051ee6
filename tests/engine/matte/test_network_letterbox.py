# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of any shape fit the network undistorted, and its answer fits them again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyar_blender.engine.matte.network.letterbox import letterboxed


def image(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height * 7 + width).integers(0, 256, (height, width, 3), np.uint8)


@settings(max_examples=40, deadline=None)
@given(height=st.integers(1, 900), width=st.integers(1, 900))
def test_any_shape(height, width):
    box = letterboxed(image(height, width), 384)
    high, wide = box.small.shape[:2]
    assert max(high, wide) == 384
    assert abs(min(high, wide) - max(1, 384 * min(height, width) / max(height, width))) <= 0.5
    assert all(
        size % 32 == 0 and size - own < 32 for size, own in zip(box.tensor.shape[2:], (high, wide), strict=True)
    )
    assert box.tensor[0, :3].min() >= 0 and box.tensor[0, :3].max() <= 1
    answer = np.zeros((2, box.tensor.shape[2] // 2, box.tensor.shape[3] // 2), np.float32)
    found = box.unboxed(answer)
    assert found.sureness is not None and found.logits.shape == found.sureness.shape == (high, wide)


def test_rows_run_from_0_to_1_and_on_below_the_image():
    box = letterboxed(image(100, 384), 384)
    rows = box.tensor[0, 3]
    assert (rows == rows[:, :1]).all()
    assert rows[0, 0] == 0 and rows[99, 0] == pytest.approx(1)
    assert np.diff(rows[:, 0]) == pytest.approx(1 / 99, abs=1e-6)


def test_edges_are_repeated():
    box = letterboxed(image(100, 300), 320)
    (high, wide), tensor = box.small.shape[:2], box.tensor[0, :3]
    assert (tensor[:, high:, :wide] == tensor[:, high - 1 : high, :wide]).all()
    assert (tensor[:, :, wide:] == tensor[:, :, wide - 1 : wide]).all()


def test_the_answer_lies_where_the_image_was():
    frame = np.zeros((216, 384, 3), np.uint8)
    frame[60:100, 120:180] = 255
    box = letterboxed(frame, 384)
    halved = box.tensor[0, 0].reshape(112, 2, 192, 2).mean(axis=(1, 3))
    back = box.unboxed(halved[None]).logits
    assert np.abs(back - frame[..., 0] / np.float32(255)).mean() < 0.005
    assert (back[62:98, 122:178] == 1).all() and (back[:58] == 0).all()
