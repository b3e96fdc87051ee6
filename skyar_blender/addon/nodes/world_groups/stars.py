# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Stars": stars of the night, many faint and few bright, that turn with the hour."""

from __future__ import annotations

from typing import Any

from ..group import Control, Group, ImageInput, Panel, Wiring
from .air import DIRECTION, SUN_HEIGHT
from .clouds import SKY
from .shading import TREE, Shading

STARS = Control("Stars", 0.6, 0.0, 2.0, "How bright the stars are once the sun has set")
HOUR = Control("Time of Night", 0.0, -12.0, 12.0, "Hours by which the stars have turned around the pole")

#: Cells along the radius of the sphere of directions, each with a star; brightness falls with that power of chance.
_LAYERS = ((70.0, 26.0, 1.6), (170.0, 9.0, 0.25))
_WIDTH = 0.0007
#: Height of the celestial pole over the horizon, degrees.
_POLE = 0.87


def _build(wiring: Wiring) -> Any:
    s = Shading(wiring)
    with wiring.step("Turned"):
        node = s.tree.nodes.new("ShaderNodeVectorRotate")
        node.rotation_type = "AXIS_ANGLE"
        node.inputs["Axis"].default_value = (0.494, 0.0, _POLE)
        direction = wiring.input(DIRECTION)
        s.tree.links.new(direction, node.inputs["Vector"])
        s.tree.links.new(s.product(wiring.input(HOUR), 0.2617994), node.inputs["Angle"])
        turned = node.outputs[0]
    with wiring.step("Stars"):
        found = []
        for cells, power, strength in _LAYERS:
            points = s.tree.nodes.new("ShaderNodeTexVoronoi")
            points.inputs["Scale"].default_value = cells
            s.tree.links.new(turned, points.inputs["Vector"])
            spread = s.number("DIVIDE", points.outputs["Distance"], cells * _WIDTH)
            peak = s.number("EXPONENT", s.product(s.product(spread, spread), -1.0))
            chance = s.random(points.outputs["Color"])
            found.append(s.product(peak, s.number("POWER", chance, power), strength))
        dark = s.ramp(wiring.input(SUN_HEIGHT), -11.0, -4.0, 1.0, 0.0)
        low = s.ramp(s.parts(direction)[2], 0.02, 0.35)
        light = s.product(s.total(*found), wiring.input(STARS), s.product(dark, low))
        return s.vector("ADD", wiring.input(SKY), s.vector("MULTIPLY", s.three(light), (0.95, 0.97, 1.0)))


GROUP = Group(
    "SkyAR Stars",
    1,
    "Adds stars once the sun has set",
    ImageInput("Sky", (0, 0, 0, 1), "The sky with the stars"),
    (SKY, DIRECTION, Panel("Air", (SUN_HEIGHT,)), Panel("Night", (STARS, HOUR))),
    _build,
    TREE,
)
