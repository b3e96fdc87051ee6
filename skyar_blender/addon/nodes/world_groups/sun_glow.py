# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Sun": its disc, and what air and lens spread of its light."""

from __future__ import annotations

from typing import Any

from ..group import Group, ImageInput, Panel, Wiring
from . import air_light
from .air import DIRECTION, HAZE, SUN, SUN_HEIGHT
from .clouds import SKY
from .shading import TREE, Shading

#: Radius of the disc, degrees, and its radiance in its brightest channel.
_RADIUS, _DISC = 0.267, 400.0


def _build(wiring: Wiring) -> Any:
    s = Shading(wiring)
    with wiring.step("Angle"):
        # By half the chord, since the cosine of a small angle has no digits left.
        chord = s.vector("DISTANCE", wiring.input(DIRECTION), wiring.input(SUN))
        angle = s.product(s.number("ARCSINE", s.between(s.product(chord, 0.5), 0.0, 1.0)), 114.59156)
    with wiring.step("Disc and glow"):
        disc = s.ramp(angle, _RADIUS - 0.02, _RADIUS + 0.02, _DISC, 0.0)

        def glow(width: float, power: float, strength: Any) -> Any:
            fallen = s.number("POWER", s.product(angle, 1 / width), power)
            return s.number("DIVIDE", strength, s.number("ADD", fallen, 1.0))

        haze = wiring.input(HAZE)
        light = s.total(
            disc,
            glow(0.45, 2.4, 1.4),
            glow(2.2, 2.0, 0.16),
            glow(9.0, 2.0, s.number("MULTIPLY_ADD", haze, 0.2, 0.015)),
        )
        colour = wiring.nested(air_light.GROUP, column=s.number("ADD", 32.0, 0.0))
        red, green, blue = s.parts(colour)
        most = s.number("MAXIMUM", s.number("MAXIMUM", red, green), s.number("MAXIMUM", blue, 0.0001))
        hue = s.vector("SCALE", colour, s.number("DIVIDE", 1.0, most))
        up = s.ramp(wiring.input(SUN_HEIGHT), -1.2, 0.5)
        return s.vector(
            "MULTIPLY_ADD", s.vector("ADD", s.vector("SCALE", hue, 0.65), (0.35,) * 3), s.three(s.product(light, up)),
            wiring.input(SKY),
        )  # fmt: skip


GROUP = Group(
    "SkyAR Sun",
    1,
    "Adds the sun's disc and its glow",
    ImageInput("Sky", (0, 0, 0, 1), "The sky with the sun"),
    (SKY, DIRECTION, SUN, Panel("Air", (SUN_HEIGHT, HAZE))),
    _build,
    TREE,
)
