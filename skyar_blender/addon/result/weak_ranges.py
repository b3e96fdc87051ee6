# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of a result that are in doubt, as its ``report.json`` lists them."""

from __future__ import annotations

from collections.abc import Sequence

from ...contract.report import WeakFrames


def weak_ranges_of(entries: Sequence[WeakFrames] | None) -> tuple[WeakFrames, ...]:
    """Those that are ranges of frames; anybody may have changed the report."""
    return tuple(each for each in entries or () if 0 <= each.first <= each.last < 2**31)
