# SPDX-License-Identifier: GPL-3.0-or-later
"""A dissolve of a clip by source frames."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ...engine.types import Matrix3


@dataclass(frozen=True)
class DissolveFrames:
    """A dissolve.

    Attributes:
        before, after: the last whole source frame of the shot before, and the first of the shot after.
        sources: the source frames that show both.
        fractions: how much of the shot after each of them shows, between 0 and 1.
        from_before, from_after: 3 x 3 homographies from pixels of ``before`` and ``after`` to those of each.
    """

    before: int
    after: int
    sources: tuple[int, ...]
    fractions: tuple[float, ...]
    from_before: tuple[Any, ...]
    from_after: tuple[Any, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> DissolveFrames:
        """Read what :meth:`to_dict` gave."""
        lists = {name: tuple(value) for name, value in stored.items() if name not in ("before", "after")}
        return cls(before=int(stored["before"]), after=int(stored["after"]), **lists)

    def fraction(self, source: int) -> float:
        """How much of the shot after one of ``sources`` shows."""
        return self.fractions[self.sources.index(source)]

    def stand_in(self, source: int) -> int:
        """The whole frame that stands in for one of ``sources`` where motion is followed.

        Two shots that move each in their own way are no image to follow; so they are parted by one cut.
        """
        return self.before if self.fraction(source) < 0.5 else self.after

    def motions(self, source: int) -> tuple[Matrix3, Matrix3]:
        """The homographies from ``before`` and from ``after`` to one of ``sources``."""
        place = self.sources.index(source)
        return np.array(self.from_before[place], np.float64), np.array(self.from_after[place], np.float64)
