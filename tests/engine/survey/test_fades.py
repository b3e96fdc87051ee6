# SPDX-License-Identifier: GPL-3.0-or-later
"""Fades are measured, undone and made again; light that changes otherwise is no fade."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from support.clips import landscape

from skyar_blender.engine.colour import frame_from_linear, linear_from_frame
from skyar_blender.engine.survey.bars import Bars
from skyar_blender.engine.survey.fades import Fade, cut_fades, find_fades, glance, inside

SHARES = [0.0, 0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 0.8, 0.4, 0.1, 0.0]


def faded(index: int, fraction: float, white: bool = False) -> np.ndarray:
    image = fraction * landscape(index).astype(float) + (1 - fraction) * 255 * white
    return np.rint(image).astype(np.uint8)


def found(images: Sequence[np.ndarray], longest: int = 50) -> list[Fade]:
    return find_fades([glance(each) for each in images], longest)


@pytest.mark.parametrize("white", [False, True])
def test_fades_in_and_out_of_a_moving_image(white: bool) -> None:
    fades = found([faded(index, fraction, white) for index, fraction in enumerate(SHARES)])
    assert np.abs(np.array([fade.fraction for fade in fades]) - SHARES).max() < 0.03
    assert all(fade.white == white for fade in fades if not fade.whole)
    assert [fade.blank for fade in fades] == [fraction == 0 for fraction in SHARES]


def test_a_blank_frame_alone_is_blank() -> None:
    fades = found([faded(index, fraction) for index, fraction in enumerate([1, 1, 0, 1, 1])])
    assert [fade.fraction for fade in fades] == [1, 1, 0, 1, 1]


def test_a_white_sky_that_fills_the_frame_is_no_fade() -> None:
    white = np.full((96, 160, 3), 254, np.uint8)
    tilted = [np.vstack([white[: 12 * index], landscape(0)])[:96] for index in range(9)]
    assert all(fade.whole for fade in found([*tilted, white, white]))


def test_other_changes_are_no_fade() -> None:
    tunnel = [np.zeros((96, 160, 3), np.uint8) for _ in range(12)]
    for index, image in enumerate(tunnel[1:], start=1):  # the way out grows
        image[48 - 4 * index : 48 + 4 * index, 80 - 6 * index : 80 + 6 * index] = 220
    assert all(fade.whole for fade in found(tunnel)[3:])
    dark = [np.rint(landscape(index) * 0.3).astype(np.uint8) for index in range(6)]
    assert all(fade.whole for fade in found(dark))
    flicker = [faded(index, fraction) for index, fraction in enumerate([1, 0.8, 1, 0.7, 1])]
    assert all(fade.whole for fade in found(flicker))


def test_a_slow_dawn_is_no_fade() -> None:
    dawn = [faded(0, fraction) for fraction in np.linspace(0, 1, 60)]
    assert sum(not fade.whole for fade in found(dawn, longest=20)) <= 3  # those that are all but black


def test_a_fade_that_the_clip_cuts_off_is_told() -> None:
    begins = [glance(faded(index, fraction)) for index, fraction in enumerate([0.4, 0.55, 0.7, 0.85, 1, 1, 1, 1])]
    assert cut_fades(begins, 50) == (4, 0) and cut_fades(begins[::-1], 50) == (0, 4)
    assert cut_fades([glance(landscape(index)) for index in range(8)], 50) == (0, 0)
    assert cut_fades([glance(faded(index, fraction)) for index, fraction in enumerate(SHARES)], 50) == (0, 0)


def test_bars_do_not_hide_a_fade_to_white() -> None:
    images = [faded(index, fraction, True) for index, fraction in enumerate(SHARES)]
    for image in images:
        image[:15], image[-15:] = 0, 0
    glances = [inside(glance(each), Bars(15, 15), (160, 96)) for each in images]
    assert [fade.blank for fade in find_fades(glances, 50)] == [fraction == 0 for fraction in SHARES]


@pytest.mark.parametrize("white", [False, True])
def test_undone_and_made_again(white: bool) -> None:
    fade, image = Fade(0.4, white), landscape(0)
    assert np.abs(fade.undone(faded(0, 0.4, white)).astype(int) - image).max() <= 2
    again = frame_from_linear(fade.of_linear(linear_from_frame(image)))
    assert np.abs(again.astype(int) - faded(0, 0.4, white)).max() <= 1
    sun = np.full((1, 1, 3), 50, np.float32)
    assert np.allclose(fade.of_linear(sun), fade.of_linear(np.ones_like(sun)))
    assert Fade().of_linear(sun) is sun
    assert np.all(Fade(0.0, white).of_linear(sun) == (1.0 if white else 0.0))
