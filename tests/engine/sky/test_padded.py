# SPDX-License-Identifier: GPL-3.0-or-later
"""A sky that is held in half floats gives the views of single ones, and takes half the memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from skyar_blender.engine.sky.padded import Padded
from skyar_blender.engine.sky.panorama import PanoramaSky


def _image(kind: type[np.floating]) -> np.ndarray:
    return np.random.default_rng(5).random((256, 512, 3)).astype(np.float16).astype(kind)


def _turned(degrees: float, up: float) -> np.ndarray:
    a, e = np.radians(degrees), np.radians(up)
    around = np.array([[np.cos(a), 0, -np.sin(a)], [0, 1, 0], [np.sin(a), 0, np.cos(a)]])
    tilt = np.array([[1, 0, 0], [0, np.cos(e), np.sin(e)], [0, -np.sin(e), np.cos(e)]])
    return tilt @ around


@pytest.mark.parametrize("focal", [30.0, 160.0, 400.0])
@pytest.mark.parametrize("up", [0.0, 80.0, -85.0])
def test_views_of_both_precisions_are_the_same(focal: float, up: float) -> None:
    half, whole = (PanoramaSky(_image(kind), 33.0) for kind in (np.float16, np.float32))
    camera = _turned(50.0, up), focal, 96, 64
    off = np.abs(half.view(*camera) - whole.view(*camera))
    # Smaller versions of it are rounded to half floats too.
    assert off.max() < 1e-3


def test_a_view_of_a_part_makes_no_copy_of_the_whole() -> None:
    image = np.tile(_image(np.float16), (4, 4, 1))
    tracemalloc.start()
    try:
        sky = PanoramaSky(image)
        sky.view(_turned(0.0, 0.0), 300.0, 64, 48)
        assert tracemalloc.get_traced_memory()[1] < image.nbytes
    finally:
        tracemalloc.stop()


def test_parts_reach_over_the_rows_beyond() -> None:
    image = _image(np.float16)[:8]
    above, below = image[:2] + 1, image[-3:] + 2
    padded = Padded(image, above, below)
    whole = np.concatenate([above, image, below]).astype(np.float32)
    columns = np.arange(-5, 20) % 512
    for rows in (slice(0, 2), slice(1, 5), slice(3, 9), slice(8, 13), slice(0, 13)):
        assert np.array_equal(padded.part(rows, columns), whole[rows][:, columns])
    assert padded.height == 13 and padded.in_halves
    assert np.array_equal(padded.whole(), whole)
    assert np.array_equal(padded.inner, image.astype(np.float32)) and not padded.in_halves
