# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames of a result that are in doubt, as its ``report.json`` lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .report import a_dict, a_list


@dataclass(frozen=True)
class WeakRange:
    """Frames ``first`` to ``last`` of the job, from 0, of which something is in doubt; why, and what helps."""

    first: int
    last: int
    reason: str
    suggestion: str


def weak_ranges_of(entries: Any) -> tuple[WeakRange, ...]:
    """Those in a list of a report; what is none is passed over."""
    return tuple(found for entry in a_list(entries) if (found := _weak(a_dict(entry))))


def _weak(entry: dict[str, Any]) -> WeakRange | None:
    first, last = entry.get("first"), entry.get("last")
    if not (isinstance(first, int) and isinstance(last, int) and 0 <= first <= last < 2**31):
        return None
    return WeakRange(first, last, str(entry.get("reason", "")), str(entry.get("suggestion", "")))
