# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the light of a result's shot comes from and where the new sun stands, as its ``report.json`` tells it."""

from __future__ import annotations

import bpy

from ...contract.report import SunFigures
from .report import report_of

#: Degrees between the two from which they do not go together.
APART = 45.0


def suns_apart(suns: SunFigures) -> bool:
    """Whether shadows and bright sides will not go with the new sun."""
    if suns.new_sun_at is None or not suns.sure:
        return False
    return abs((suns.new_sun_at - suns.light_from + 180) % 360 - 180) > APART


def sun_of(result_scene: bpy.types.Scene) -> SunFigures | None:
    """What the report of ``result_scene`` tells now; None where it does not."""
    report = report_of(result_scene)
    return None if report is None else report.figures.sun


def side(degrees: float) -> str:
    """An azimuth in words: ``40° right``, ``ahead``, ``behind``."""
    whole = round(abs(degrees))
    if whole <= 5:
        return "ahead"
    if whole >= 175:
        return "behind"
    return f"{whole}° {'right' if degrees > 0 else 'left'}"
