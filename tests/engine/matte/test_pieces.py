# SPDX-License-Identifier: GPL-3.0-or-later
"""A window that some frames tell from the sky by its colour is none in all of them."""

from __future__ import annotations

import numpy as np
import pytest
from support.predictions import COUNT, SHAPE, shot

from skyar_blender.engine.matte.over_time.pieces import Pieces
from skyar_blender.engine.matte.over_time.second_look import correction
from skyar_blender.engine.matte.over_time.seen import SeenDirections


def boxes(index: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """A window and a gap beside it, below the horizon, which the pan takes to the left while they come nearer."""
    left = 70 - round(index * 1.55)
    return (slice(50, 58 + index // 5), slice(left, left + 6)), (slice(50, 57), slice(left + 12, left + 17))


def pieces(foreign, window=range(COUNT), odds: float = -4, leafy: bool = False):
    """The shot, and its pieces; the window is found foreign in some frames, and there at all in some."""

    def change(index, logits, sureness, crowns, is_foreign):
        glass, gap = boxes(index)
        logits[gap] = 3
        if index in window:
            logits[glass] = odds if index in foreign else 3
            is_foreign[glass], crowns[glass] = index in foreign, leafy

    frames, found = shot(change), Pieces()
    for place, (prediction, seen) in enumerate(frames):
        found.add(place, prediction, seen, 7)
    return frames, found


def test_what_half_of_the_frames_found_foreign_is_so_in_all():
    _, found = pieces(range(8, 24))
    for index in range(COUNT):
        glass, gap = boxes(index)
        areas = found.areas(index)
        assert areas.ground[glass].all() and areas.ground.sum() == areas.ground[glass].sum()
        assert not areas.sky.any() and not areas.ground[gap].any()


def test_what_few_found_foreign_is_sky_in_all():
    _, found = pieces(range(8, 15))
    for index in range(COUNT):
        areas = found.areas(index)
        assert areas.sky[boxes(index)[0]].all() and not areas.sky[boxes(index)[1]].any() and not areas.ground.any()


def test_what_was_lowered_but_a_little_does_not_count():
    _, found = pieces(range(COUNT), odds=-1)
    assert all(found.areas(index).sky[boxes(index)[0]].all() for index in range(COUNT))


@pytest.mark.parametrize(
    ("foreign", "leafy"),
    [(range(0), False), (range(8, 20), False), (range(8, 24), True)],
    ids=["one mind", "two minds", "crown"],
)
def test_nothing_is_said(foreign, leafy):
    _, found = pieces(foreign, leafy=leafy)
    areas = [found.areas(index) for index in range(COUNT)]
    assert not any(each.sky.any() or each.ground.any() for each in areas)


def test_a_piece_that_is_missing_for_two_frames_goes_on():
    there = [*range(14), *range(16, COUNT)]
    _, found = pieces(range(2, 24), there)
    assert found.areas(29).ground[boxes(29)[0]].all()


def test_after_a_longer_gap_it_is_another_one():
    there = [*range(14), *range(17, COUNT)]
    _, found = pieces(range(2, 13), there)
    assert found.areas(10).ground.any() and not found.areas(25).ground.any()


def test_the_correction_has_it_and_says_that_it_flickers():
    frames, found = pieces(range(8, 24))
    seen = SeenDirections()
    for prediction, by in frames:
        seen.add(prediction, by, 7)
    corrections = [
        correction(prediction, seen.fractions(by), 7, found.areas(index))
        for index, (prediction, by) in enumerate(frames)
    ]
    assert all(each.areas.ground[boxes(index)[0]].all() for index, each in enumerate(corrections))
    assert [each.flickers for each in corrections] == [index not in range(8, 24) for index in range(COUNT)]


def test_it_takes_its_soft_rim_with_it():
    frames, found = pieces(range(8, 24))
    glass = boxes(3)[0]
    soft = (slice(glass[0].start - 1, glass[0].stop + 1), slice(glass[1].start - 1, glass[1].stop + 1))
    prediction, by = frames[3]
    prediction.logits[soft] = np.maximum(prediction.logits[soft], -1)
    seen = SeenDirections()
    seen.add(prediction, by, 7)
    corrected = correction(prediction, seen.fractions(by), 7, found.areas(3))
    assert corrected is not None and corrected.areas.ground[soft].all()


def test_a_frame_that_was_not_added_has_none():
    _, found = pieces(range(8, 24))
    areas = found.areas(COUNT)
    assert areas.sky.shape == areas.ground.shape == SHAPE and not (areas.sky | areas.ground).any()
