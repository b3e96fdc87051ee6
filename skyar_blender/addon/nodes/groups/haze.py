# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Haze": air between the camera and what stands near the skyline.

As :mod:`skyar_blender.engine.composite.haze`, with ``o``, how far each place sees the sky, and matte ``m``::

    t   = haze o^2
    out = F (1 - t) + colour (1 - m) t
"""

from __future__ import annotations

from typing import Any

from ... import compat
from ..group import Group, ImageInput, Panel, Wiring, control
from .edge import MATTE
from .light import IMAGE, SKY_VISIBILITY

HAZE = control("haze")
COLOUR = ImageInput("Haze Colour", (0.5, 0.5, 0.5, 1), "Colour of the new sky at the horizon, scene-linear")


def _build(wiring: Wiring) -> Any:
    number, mix = wiring.math, wiring.mix
    with wiring.step("Air"):
        sky_visibility = wiring.fraction(wiring.input(SKY_VISIBILITY))
        thick = number("MULTIPLY", number("MULTIPLY", sky_visibility, sky_visibility), wiring.input(HAZE))
        seen = number("MULTIPLY", number("SUBTRACT", 1.0, wiring.input(MATTE)), thick)
        veil = mix("MULTIPLY", 1.0, wiring.input(COLOUR), seen)
        image = wiring.input(IMAGE)
        dim = mix("MULTIPLY", 1.0, image, number("SUBTRACT", 1.0, thick))
        hazy = mix("ADD", 1.0, dim, veil)
        return compat.replace_alpha(wiring.tree, hazy, compat.alpha_of(wiring.tree, image))


GROUP = Group(
    "SkyAR Haze",
    4,
    "Lays haze in the colour of the new horizon over what is far away",
    ImageInput("Image", (0, 0, 0, 1), "The foreground in the haze"),
    (IMAGE, MATTE, SKY_VISIBILITY, Panel("Haze", (HAZE, COLOUR))),
    _build,
)
