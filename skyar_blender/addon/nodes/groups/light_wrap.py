# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Light Wrap": light of the new sky that spills over the rim of the foreground.

``out = light_wrap blur(min(s, 1) m, light_wrap_radius) (1 - m)``, as
:mod:`skyar_blender.engine.composite.light_wrap`.
"""

from __future__ import annotations

from typing import Any

from ... import compat
from ..group import Control, Group, ImageInput, Panel, Wiring, control
from .edge import MATTE
from .sky import SKY

WRAP = control("light_wrap")
RADIUS = Control("Light Wrap Radius", 38.4, 0, 1000, "How far the light spills, in pixels")
_WHITE = (1.0, 1.0, 1.0, 1.0)


def _build(wiring: Wiring) -> Any:
    with wiring.step("Spilling light"):
        matte = wiring.input(MATTE)
        # Without the limit the sun would blot out what stands before it.
        lit = wiring.mix("DARKEN", 1.0, wiring.input(SKY), _WHITE)
        lit = wiring.mix("MULTIPLY", 1.0, lit, matte)
        lit = compat.soft_blur(wiring.tree, lit, wiring.input(RADIUS))
    with wiring.step("On the foreground alone"):
        uncovered = wiring.math("SUBTRACT", 1.0, wiring.input(MATTE))
        return wiring.mix("MULTIPLY", 1.0, lit, wiring.math("MULTIPLY", uncovered, wiring.input(WRAP)))


GROUP = Group(
    "SkyAR Light Wrap",
    2,
    "Light of the sky over the rim of the foreground, to be added to it",
    ImageInput("Image", (0, 0, 0, 1), "The light to add"),
    (SKY, MATTE, Panel("Light Wrap", (WRAP, RADIUS))),
    _build,
)
