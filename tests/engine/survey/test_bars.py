# SPDX-License-Identifier: GPL-3.0-or-later
"""Black bars are found to the row, and only where they are."""

from __future__ import annotations

import numpy as np
import pytest
from support.clips import landscape

from skyar_blender.engine.survey.bars import Bars, find_bars, lit_lines

SIZE = (96, 160)


def framed(image: np.ndarray, bars: Bars, level: int = 0) -> np.ndarray:
    """``image`` with bars over its rim."""
    covered = np.full_like(image, level)
    height, width = image.shape[:2]
    inside = slice(bars.top, height - bars.bottom), slice(bars.left, width - bars.right)
    covered[inside] = image[inside]
    return covered


def found(images: list[np.ndarray]) -> list[Bars]:
    return find_bars([lit_lines(each) for each in images])


@pytest.mark.parametrize(
    "bars",
    [Bars(12, 12), Bars(1, 0), Bars(0, 0, 20, 31), Bars(9, 14, 8, 5), Bars()],
    ids=lambda bars: "-".join(map(str, bars.sides)),
)
@pytest.mark.parametrize("level", [0, 16])
def test_bars_of_the_whole_clip(bars: Bars, level: int) -> None:
    images = [framed(landscape(index), bars, level) for index in range(5)]
    assert found(images) == [bars] * 5


def test_few_dark_rows_of_a_large_image() -> None:
    image = landscape(0, 1920, 1080)
    assert found([framed(image, Bars(8, 8))]) == [Bars(8, 8)]


@pytest.mark.parametrize("rows", [1, 2])
def test_dark_rows_that_compression_has_lightened(rows: int) -> None:
    images = [framed(landscape(index), Bars(rows)) for index in range(5)]
    for index, image in enumerate(images):
        image[:rows] = np.random.default_rng(index).integers(25, 60, (rows, 160, 1))
        image[rows] = image[rows] * 0.8
    assert found(images) == [Bars(rows)] * 5
    soft = [landscape(index) for index in range(5)]
    for image in soft:  # towards the rim a lens is darker, but by and by
        image[:6] = image[:6] * np.linspace(0.55, 1, 6)[:, None, None]
    assert found(soft) == [Bars()] * 5


def test_what_is_written_into_a_bar_does_not_end_it() -> None:
    images = [framed(landscape(index), Bars(10, 16)) for index in range(4)]
    for image in images:
        image[85:91, 50:110] = 230
    assert found(images) == [Bars(10, 16)] * 4


def test_bars_that_change_with_the_shot() -> None:
    kinds = [Bars(12, 12)] * 10 + [Bars()] * 12 + [Bars(0, 0, 20, 20)] * 9
    assert found([framed(landscape(index), bars) for index, bars in enumerate(kinds)]) == kinds


def test_bars_that_move() -> None:
    kinds = [Bars(16, 16)] * 9 + [Bars(12, 12), Bars(8, 8), Bars(4, 4)] + [Bars()] * 9
    assert found([framed(landscape(index), bars) for index, bars in enumerate(kinds)]) == kinds


@pytest.mark.parametrize("backwards", [False, True], ids=["opening", "closing"])
def test_bars_that_move_at_an_end_of_the_clip(backwards: bool) -> None:
    kinds = [Bars(each, each) for each in range(20, 0, -4)] + [Bars()] * 12
    kinds = kinds[::-1] if backwards else kinds
    assert found([framed(landscape(index), bars) for index, bars in enumerate(kinds)]) == kinds
    uneven = [Bars(each, 0) for each in range(20, 0, -4)] + [Bars()] * 12  # a dark edge that sinks is no bar
    assert found([framed(landscape(index), bars) for index, bars in enumerate(uneven)]) == [Bars()] * len(uneven)


def test_dark_frames_have_the_bars_of_their_neighbours() -> None:
    images = [framed(landscape(index), Bars(12, 12)) for index in range(12)]
    for index in (0, 4, 5, 11):
        images[index] //= 60
    assert found(images) == [Bars(12, 12)] * 12


def test_a_night_and_a_dark_hill_are_no_bars() -> None:
    night = landscape(0)
    ground = landscape(0).min(axis=2) < 100
    night[~ground] = 4
    dark_ground = landscape(0)
    dark_ground[ground] = 3
    for image in (night, dark_ground, np.zeros_like(night), np.full_like(night, 200)):
        assert found([image] * 10) == [Bars()] * 10


def test_filling_and_framing() -> None:
    image = framed(landscape(0), Bars(12, 9, 3, 4))
    (bars,) = found([image])
    filled = bars.filled(image)
    assert filled.shape == image.shape
    assert np.array_equal(bars.cut(filled), bars.cut(image))
    assert np.array_equal(filled[0, 50], image[12, 50])
    assert np.array_equal(bars.framed(bars.cut(image)), image)
