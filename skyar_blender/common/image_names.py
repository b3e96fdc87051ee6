# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of numbered images: which belong to one sequence, and which of it are missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath

_LAST_NUMBER = re.compile(r"^(?P<head>.*?)(?P<digits>\d+)(?P<tail>\D*)$", re.DOTALL)


@dataclass(frozen=True)
class ImageName:
    """A name such as ``shot_0007_left.png``: what is before its last number, that, what follows, and the ending."""

    head: str
    digits: str
    tail: str
    ending: str

    @property
    def series(self) -> tuple[str, str, str]:
        """What all names of a sequence have in common."""
        return self.head, self.tail, self.ending

    @property
    def number(self) -> int:
        return int(self.digits)


def image_name(name: str) -> ImageName | None:
    """The parts of ``name``; None where it has no number."""
    ending = PurePath(name).suffix
    match = _LAST_NUMBER.match(name.removesuffix(ending))
    return None if match is None else ImageName(match["head"], match["digits"], match["tail"], ending)


def missing_names(names: Sequence[str]) -> list[tuple[str, str]]:
    """First and last name of each gap in a sequence; none where ``names`` do not count up, or by equal steps."""
    parts = [part for part in map(image_name, names) if part is not None]
    numbers = [part.number for part in parts]
    steps = {after - before for before, after in pairwise(numbers)}
    if len(parts) < len(names) or len({part.series for part in parts}) > 1 or len(steps) < 2 or min(steps) < 1:
        return []
    step = min(steps)

    def name(number: int) -> str:
        first = parts[0]
        return f"{first.head}{number:0{len(first.digits)}d}{first.tail}{first.ending}"

    gaps = [(before, after) for before, after in pairwise(numbers) if after - before >= 2 * step]
    return [(name(before + step), name(after - step)) for before, after in gaps]


def several_series(names: Sequence[str]) -> list[str]:
    """Where ``names`` are of several sequences, or of one and other images: one name of each; else nothing."""
    found: dict[tuple[str, str, str] | str, list[str]] = {}
    for name in names:
        part = image_name(name)
        series = name if part is None else (part.head, part.tail, part.ending.lower())
        found.setdefault(series, []).append(name)
    if len(found) < 2 or all(len(group) < 2 for group in found.values()):
        return []
    return [group[0] for group in found.values()]
