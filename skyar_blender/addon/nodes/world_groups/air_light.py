# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Air Light": what falls on clouds, read from the table of :mod:`.air`."""

from __future__ import annotations

from typing import Any

from ..group import Control, Group, ImageInput, Panel, Wiring
from .air import HAZE, SUN_HEIGHT, read_table
from .shading import TREE, Shading

COLUMN = Control("Column", 0.0, 0.0, 100.0, "Of the table: an altitude, the mean of the sky, or the ground")


def _build(wiring: Wiring) -> Any:
    with wiring.step("Table"):
        return read_table(Shading(wiring), wiring.input(COLUMN), 1.0, wiring.input(SUN_HEIGHT), wiring.input(HAZE))


GROUP = Group(
    "SkyAR Air Light",
    1,
    "The light of the sun at an altitude, of the whole sky, or of the ground",
    ImageInput("Light", (0, 0, 0, 1), "Irradiance of the sun or mean radiance, scene-linear"),
    (COLUMN, Panel("Air", (SUN_HEIGHT, HAZE))),
    _build,
    TREE,
)
