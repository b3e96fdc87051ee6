# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Rain": streaks before the image, and a veil over what is far away.

As :mod:`skyar_blender.engine.composite.rain`, with streaks ``R``, matte ``m``, and ``o``, how far each place sees the
sky::

    t   = VEIL rain o^2 (1 - m)
    s   = R rain
    out = lerp(lerp(F, colour, t), GLOW colour, s)
"""

from __future__ import annotations

from typing import Any

from ....common.rain import GLOW, VEIL
from ..group import Group, ImageInput, Panel, Wiring, control
from .edge import MATTE
from .light import IMAGE, SKY_VISIBILITY

STREAKS = ImageInput("Rain Streaks", 0.0, "Pictures of rain, grey: how far streaks cover each place")
RAIN = control("rain", words="How much rain falls")
COLOUR = ImageInput(
    "Rain Colour", (0.5, 0.5, 0.5, 1), "Colour of rain, scene-linear: that of the new sky at the horizon"
)


def _build(wiring: Wiring) -> Any:
    number, mix = wiring.math, wiring.mix
    with wiring.step("Veil"):
        sky_visibility, rain = wiring.fraction(wiring.input(SKY_VISIBILITY)), wiring.input(RAIN)
        far = number("MULTIPLY", number("MULTIPLY", sky_visibility, sky_visibility), number("MULTIPLY", rain, VEIL))
        veil = number("MULTIPLY", number("SUBTRACT", 1.0, wiring.input(MATTE)), far)
        veiled = mix("MIX", veil, wiring.input(IMAGE), wiring.input(COLOUR))
    with wiring.step("Streaks"):
        streaks = number("MULTIPLY", wiring.input(STREAKS), wiring.input(RAIN))
        bright = mix("MULTIPLY", 1.0, wiring.input(COLOUR), (GLOW, GLOW, GLOW, 1.0))
        return mix("MIX", streaks, veiled, bright)


GROUP = Group(
    "SkyAR Rain",
    3,
    "Lets it rain before the picture",
    ImageInput("Image", (0, 0, 0, 1), "The picture in the rain"),
    (IMAGE, MATTE, SKY_VISIBILITY, STREAKS, Panel("Rain", (RAIN, COLOUR))),
    _build,
)
