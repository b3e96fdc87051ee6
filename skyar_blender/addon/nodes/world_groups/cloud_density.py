# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Cloud Density": how much cloud is at a place of a layer.

Noise of the size of a heap decides where clouds are, finer noise gives them their relief; both must be over a
threshold that grows with height, so that clouds have flat bases and round tops. What is old has lost its edges.
"""

from __future__ import annotations

from typing import Any

from ..group import Control, Group, ImageInput, Panel, VectorInput, Wiring
from .shading import TREE, Shading

PLACE = VectorInput("Place", (0, 0, 0), "In sizes of a heap")
FINE = VectorInput("Fine Place", (0, 0, 0), "The same for the relief alone")
LEVEL = Control("Level", 0.5, 0.0, 1.0, "Height in the layer, 0 its base, 1 its top")
RELIEF = ImageInput("Relief", 0.0, "How far a bulge stands out there")
DETAIL = Control("Detail", 6.0, 0.0, 12.0, "Octaves of the relief")
COVER = Control("Cover", 0.45, 0.0, 1.0, "Part of the sky with clouds", "FACTOR")
KIND = Control("Kind", 0.2, 0.0, 1.0, "0: heaps with blue between them; 1: a layer", "FACTOR")
AGE = Control("Age", 0.35, 0.0, 1.0, "0: clouds that grow, with firm edges; 1: clouds that dissolve", "FACTOR")


def _build(wiring: Wiring) -> Any:
    s = Shading(wiring)
    with wiring.step("Shapes"):
        place, level, kind, age = (wiring.input(each) for each in (PLACE, LEVEL, KIND, AGE))
        heap = s.noise(place, 1.0, 0.45)
        region = s.noise(place, 0.0, scale=0.17)
        relief = s.noise(wiring.input(FINE), wiring.input(DETAIL), 0.56, scale=3.1)
        bulges = s.number("ABSOLUTE", relief)
        # Growing clouds bulge, old ones fray.
        fine = s.number("MULTIPLY_ADD", bulges, s.number("MULTIPLY_ADD", age, -0.6, 0.8), s.product(relief, 0.3))
    with wiring.step("Threshold"):
        cover = s.number("MULTIPLY_ADD", wiring.input(COVER), -1.25, 0.72)
        cover = s.number("ADD", cover, s.ramp(wiring.input(COVER), 0.0, 0.12, 1.4, 0.0))  # none at all at 0
        rises = s.number("MULTIPLY_ADD", kind, -0.3, 0.52)
        rise = s.product(s.number("POWER", level, 1.4), rises)
        need = s.total(cover, rise)
        spread = s.number("MULTIPLY_ADD", kind, -0.45, 1.0)
        have = s.total(s.product(heap, spread), s.product(region, 0.55), fine)
        over = s.number("SUBTRACT", have, need)
        width = s.number("MULTIPLY_ADD", s.product(age, age), 0.4, 0.17)
        dense = s.ramp(over, 0.0, width)
        foot = s.ramp(level, 0.0, 0.16, 0.0, 1.0)
        head = s.ramp(level, 0.8, 1.0, 1.0, 0.0)
        return s.product(dense, foot, head), fine


GROUP = Group(
    "SkyAR Cloud Density",
    1,
    "How much cloud is at a place",
    ImageInput("Density", 0.0, "0 none, 1 the most"),
    (PLACE, FINE, LEVEL, DETAIL, Panel("Clouds", (COVER, KIND, AGE))),
    _build,
    TREE,
    (RELIEF,),
)
