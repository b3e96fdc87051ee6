# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbered images: gaps, and what does not belong together."""

from __future__ import annotations

import pytest

from skyar_blender.common.image_names import missing_names, several_series


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        ([1, 2, 3, 5, 6, 10, 11], [(4, 4), (7, 9)]),
        ([2, 4, 6, 10], [(8, 8)]),
        ([1, 2, 3], []),
        ([1, 3, 5], []),  # every second frame is a sequence too
        ([3, 2, 1, 7], []),  # an order of the user's own
        ([1, 1, 5], []),
        ([4], []),
    ],
)
def test_gaps(numbers, missing):
    names = [f"shot_{number:04d}_left.png" for number in numbers]
    expected = [tuple(f"shot_{number:04d}_left.png" for number in gap) for gap in missing]
    assert missing_names(names) == expected


@pytest.mark.parametrize("names", [["a1.png", "b2.png", "c9.png"], ["a.png", "b.png"], []])
def test_names_that_do_not_count_have_no_gaps(names):
    assert missing_names(names) == []


@pytest.mark.parametrize(
    ("names", "reported"),
    [
        (["i1.jpg", "i1.png", "i2.jpg", "i2.png"], ["i1.jpg", "i1.png"]),
        (["take1_001.png", "take1_002.png", "take2_001.png", "take2_002.png"], ["take1_001.png", "take2_001.png"]),
        (["001.png", "002.png", "contact sheet.png"], ["001.png", "contact sheet.png"]),
        (["1.JPG", "2.jpg", "3.jpg"], []),
        (["a.png", "b.png", "c7.png"], []),
    ],
)
def test_sequences_that_are_mixed(names, reported):
    assert several_series(names) == reported
