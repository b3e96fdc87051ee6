# SPDX-License-Identifier: GPL-3.0-or-later
"""Faint islands go, sure ones and all that touches sure sky stay."""

from __future__ import annotations

import numpy as np
import pytest

from skyar_blender.engine.matte.network.islands import without_islands


def seen() -> np.ndarray:
    matte = np.full((60, 80), 0.02, np.float32)
    matte[:20] = 0.97
    matte[20:28, 40:60] = 0.4  # doubt below the skyline
    return matte


def test_a_faint_island_goes():
    matte = seen()
    matte[40:50, 10:30] = 0.45
    found = without_islands(matte)
    assert found[40:50, 10:30].max() == 0
    assert np.array_equal(found[:30], matte[:30])


def test_a_sure_island_stays():
    matte = seen()
    matte[40:50, 10:30] = 0.4
    matte[45, 20] = 0.9
    assert np.array_equal(without_islands(matte), matte)


def test_nothing_jumps():
    steps = []
    for peak in np.linspace(0.45, 0.75, 31):
        matte = seen()
        matte[40:50, 10:30] = peak
        steps.append(without_islands(matte)[45, 20])
    assert np.max(np.abs(np.diff(steps))) < 0.1 and steps[0] == 0 and steps[-1] == pytest.approx(0.75)


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (64, 1)], ids=str)
@pytest.mark.parametrize("value", [0.0, 0.4, 1.0])
def test_any_shape(shape, value):
    found = without_islands(np.full(shape, value, np.float32))
    assert found.shape == shape and found.max() == (1.0 if value == 1 else 0)
