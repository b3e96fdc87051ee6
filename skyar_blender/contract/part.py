# SPDX-License-Identifier: GPL-3.0-or-later
"""A part of a clip, which one machine of several works on."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Frames of a part where nothing is said.
PART_FRAMES = 100
_WRITTEN = re.compile(r"(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True)
class Part:
    """The frames ``first`` to ``last`` of a job, counted from 1 as the names of files are, both included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 1 <= self.first <= self.last:
            raise ValueError(
                f"{self} is no part of a clip: frames are counted from 1, the smaller number comes first"
            )

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last

    @property
    def name(self) -> str:
        """How its files in the state folder begin."""
        return f"{self.first:06d}-{self.last:06d}"

    @classmethod
    def parse(cls, text: str) -> Part:
        """The part that a text such as ``1-100`` means. Raises ValueError."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"“{text}” is no part of a clip: give two numbers such as 1-100")
        return cls(int(found[1]), int(found[2]))


def parts_of(frames: int, size: int = PART_FRAMES) -> list[Part]:
    """Parts of ``size`` frames, the last one perhaps shorter, that a job of so many ``frames`` is cut into."""
    return [Part(first, min(first + size - 1, frames)) for first in range(1, frames + 1, size)]
