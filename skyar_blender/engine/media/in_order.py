# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames in any order from a reader that only goes forward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..types import FrameRGB
from .clip import ClipReader

#: Frames held at once while going backwards; each stretch costs one seek.
_STRETCH = 12


def frames_in_order(reader: ClipReader, order: Sequence[int]) -> Iterator[tuple[int, FrameRGB]]:
    """The frames numbered in ``order``, which may go backwards and repeat, as (number, image)."""
    position = 0
    while position < len(order):
        end = position + 1
        while end < len(order) and order[end] >= order[end - 1]:
            end += 1
        if end - position > 1 or end == len(order):
            yield from reader.frames(order[position:end])
            position = end
            continue
        while end < len(order) and order[end] < order[end - 1] and end - position < _STRETCH:
            end += 1
        held = dict(reader.frames(sorted(order[position:end])))
        for number in order[position:end]:
            yield number, held[number]
        position = end
