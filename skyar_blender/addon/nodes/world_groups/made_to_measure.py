# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Made to Measure": air, sun, stars, ice and clouds, in this order from far to near."""

from __future__ import annotations

from typing import Any

from ...skies import made_to_measure as skies
from ..group import Control, Group, ImageInput, Panel, VectorInput, Wiring
from . import air, air_light, cirrus, clouds, stars, sun_glow
from .air import HAZE, SUN_HEIGHT
from .cirrus import CIRRUS
from .cloud_density import AGE, COVER, KIND
from .cloud_slice import BASE, SIZE
from .clouds import STRETCH, WIND
from .shading import TREE, Shading
from .stars import HOUR, STARS

DIRECTION = VectorInput("Direction", (1, 0, 0), "Where to look; a unit vector")
SUN_DIRECTION = Control(skies.SUN_DIRECTION, 40.0, -180.0, 180.0, "Degrees of the sun, from forward to the right")
EXPOSURE = Control("Exposure", 0.0, -6.0, 6.0, "Stops brighter or darker")
SEED = Control("Seed", 1.0, 0.0, 1000.0, "Another number is another sky of the same kind")


def _build(wiring: Wiring) -> Any:
    s = Shading(wiring)
    with wiring.step("Sun"):
        azimuth = s.product(wiring.input(SUN_DIRECTION), -0.01745329)
        height = s.product(wiring.input(SUN_HEIGHT), 0.01745329)
        across = s.number("COSINE", height)
        sun = s.combined(
            s.product(s.number("COSINE", azimuth), across),
            s.product(s.number("SINE", azimuth), across),
            s.number("SINE", height),
        )
        seed = s.vector("MULTIPLY", s.three(wiring.input(SEED)), (17.31, 41.77, 3.19))
        direction = wiring.input(DIRECTION)
    given = {"direction": direction, "sun": sun}
    with wiring.step("Sky"):
        sky = wiring.nested(air.GROUP, **given)
        sky = wiring.nested(stars.GROUP, sky=sky, direction=direction)
        sky = wiring.nested(sun_glow.GROUP, sky=sky, **given)
        sky = wiring.nested(cirrus.GROUP, sky=sky, seed=seed, **given)
        sky = wiring.nested(clouds.GROUP, sky=sky, seed=seed, **given)
        stops = s.number("POWER", 2.0, wiring.input(EXPOSURE))
    with wiring.step("Ground"):
        below = s.product(s.parts(direction)[2], -1.0)
        horizon = wiring.nested(air.GROUP, direction=direction, sun=sun)
        ground = wiring.nested(air_light.GROUP, column=s.number("ADD", air.GROUND, 0.0))
        land = s.mixed(s.ramp(below, 0.0, 0.08), horizon, ground)
    with wiring.step("One or the other"):
        shaders = []
        for colour in (sky, land):
            shader = s.tree.nodes.new("ShaderNodeBackground")
            s.tree.links.new(colour, shader.inputs["Color"])
            s.tree.links.new(stops, shader.inputs["Strength"])
            shaders.append(shader.outputs[0])
        # Cycles calculates one branch alone where the factor is 0 or 1: the ground costs next to nothing.
        either = s.tree.nodes.new("ShaderNodeMixShader")
        s.tree.links.new(s.number("GREATER_THAN", below, 0.0), either.inputs[0])
        s.tree.links.new(shaders[0], either.inputs[1])
        s.tree.links.new(shaders[1], either.inputs[2])
        return either.outputs[0]


GROUP = Group(
    skies.NODE,
    1,
    "A sky by its sun, its air and its clouds",
    ImageInput("Background", None, "For the output of a World"),
    (
        DIRECTION,
        Panel("Sun", (SUN_HEIGHT, SUN_DIRECTION, HAZE, EXPOSURE)),
        Panel("Clouds", (COVER, KIND, SIZE, BASE, AGE, WIND, STRETCH, CIRRUS, SEED)),
        Panel("Night", (STARS, HOUR)),
    ),
    _build,
    TREE,
)
