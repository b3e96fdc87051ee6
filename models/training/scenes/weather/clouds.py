# SPDX-License-Identifier: GPL-3.0-or-later
"""Painted clouds on a flat deck, from fair-weather heaps to torn stratus, lit from the side of the sun."""

from __future__ import annotations

from typing import Any

import numpy as np

from .world import World


def paint_clouds(
    world: World,
    behind: Any,
    lit: Any,
    shaded: Any,
    towards_sun: tuple[float, float, float],
    rng: np.random.Generator,
    cover: float,
    haze: Any,
) -> Any:
    """Clouds over the colour `behind`, between the colours `shaded` and `lit`, fading into `haze` at the horizon."""
    parts = world.node("ShaderNodeSeparateXYZ", {0: world.direction}).outputs
    lift = world.math("ADD", world.math("MAXIMUM", parts[2], 0.0), float(rng.uniform(0.06, 0.2)))
    deck = world.node(
        "ShaderNodeCombineXYZ", {0: world.math("DIVIDE", parts[0], lift), 1: world.math("DIVIDE", parts[1], lift)}
    )
    deck.inputs[2].default_value = float(rng.uniform(0, 50))
    # Streets of cloud are longer one way than the other.
    grain = (float(rng.uniform(0.5, 1.4)), float(rng.uniform(0.5, 1.4)), 1.0)
    place = world.vector("MULTIPLY", deck.outputs[0], grain)
    settings = {
        "Scale": float(rng.uniform(0.5, 2.2)), "Detail": float(rng.uniform(4, 8)),
        "Roughness": float(rng.uniform(0.45, 0.65)), "Distortion": float(rng.choice([0.0, 0.3, 1.2])),
    }  # fmt: skip
    here = world.node("ShaderNodeTexNoise", {"Vector": place, **settings}).outputs[0]
    step = (towards_sun[0] * 0.12, towards_sun[1] * 0.12, 0.0)
    nearer = world.node("ShaderNodeTexNoise", {"Vector": world.vector("ADD", place, step), **settings}).outputs[0]
    middle = 0.72 - 0.44 * cover
    width = float(rng.uniform(0.03, 0.18))
    fraction = world.stretch(here, middle - width * 0.3, middle + width)
    depth = world.stretch(
        world.math("ADD", nearer, world.math("MULTIPLY", here, 0.6)), middle * 1.6, middle * 1.6 + 0.35
    )
    colour = world.blend(depth, lit, shaded)
    low = world.stretch(parts[2], 0.0, 0.22)
    colour = world.blend(low, haze, colour)
    fraction = world.math("MULTIPLY", fraction, world.stretch(parts[2], -0.01, 0.06))
    return world.blend(fraction, behind, colour)
