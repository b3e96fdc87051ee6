# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Grain": the new sky with the old one's grain.

``out = S + (N - 0.5) / 0.1 * grain_colour * grain_amount``, as :mod:`skyar_blender.engine.composite.grain`.
"""

from __future__ import annotations

from typing import Any

from ..group import Group, ImageInput, Panel, Wiring, control
from .sky import SKY

GRAIN = ImageInput("Grain", 0.5, "Pictures of grain, grey; their deviation is a tenth")
COLOUR = ImageInput(
    "Grain Colour",
    (0, 0, 0, 1),
    "How strong the grain is in red, green and blue, scene-linear; measured in the old sky",
)
AMOUNT = control("grain")


def _build(wiring: Wiring) -> Any:
    with wiring.step("Grain"):
        noise = wiring.math("SUBTRACT", wiring.input(GRAIN), 0.5)
        noise = wiring.math("MULTIPLY", wiring.math("MULTIPLY", noise, wiring.input(AMOUNT)), 10.0)
        coloured = wiring.mix("MULTIPLY", 1.0, wiring.input(COLOUR), noise)
        return wiring.mix("ADD", 1.0, wiring.input(SKY), coloured)


GROUP = Group(
    "SkyAR Grain",
    2,
    "Gives the new sky the grain of the old one",
    ImageInput("Sky", (0, 0, 0, 1), "The sky with grain"),
    (SKY, GRAIN, Panel("Grain", (AMOUNT, COLOUR))),
    _build,
)
