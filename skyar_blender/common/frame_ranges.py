# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames as ranges of them."""

from __future__ import annotations

from collections.abc import Sequence


def ranges_of(frames: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending ``frames`` as first and last of each stretch."""
    ranges: list[tuple[int, int]] = []
    for frame in frames:
        if ranges and frame == ranges[-1][1] + 1:
            ranges[-1] = ranges[-1][0], frame
        else:
            ranges.append((frame, frame))
    return ranges
