# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the light of a result's shot comes from and where the new sun stands, as its ``report.json`` tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .report import a_dict, a_number, report_of

#: Degrees between the two from which they do not go together.
APART = 45.0


@dataclass(frozen=True)
class SunFacts:
    """Degrees to the right of the middle of the first frame.

    Attributes:
        light_from: of the shot's light.
        sure: whether that can be relied on.
        given: whether the artist said it.
        new_sun: of the new sky's sun; None where it has none.
    """

    light_from: float
    sure: bool
    given: bool
    new_sun: float | None

    @property
    def apart(self) -> bool:
        """Whether shadows and bright sides will not go with the new sun."""
        if self.new_sun is None or not self.sure:
            return False
        return abs((self.new_sun - self.light_from + 180) % 360 - 180) > APART


def sun_of(result_scene: Any) -> SunFacts | None:
    """What the report of ``result_scene`` tells now; None where it does not."""
    facts = a_dict(a_dict((report_of(result_scene) or {}).get("figures")).get("sun"))
    light = a_number(facts.get("light_from"))
    if light is None:
        return None
    return SunFacts(light, facts.get("sure") is True, facts.get("given") is True, a_number(facts.get("new_sun_at")))


def side(degrees: float) -> str:
    """An azimuth in words: ``40° right``, ``ahead``, ``behind``."""
    whole = round(abs(degrees))
    if whole <= 5:
        return "ahead"
    if whole >= 175:
        return "behind"
    return f"{whole}° {'right' if degrees > 0 else 'left'}"
