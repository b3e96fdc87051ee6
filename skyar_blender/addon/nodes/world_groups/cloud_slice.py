# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Cloud Slice": one step of a ray through a layer of cloud, and the light that it adds.

The way towards the sun is felt at two distances. Orders of scattering are the octaves of Wrenninge, Kulla and
Lundqvist, "Oz: The Great and Volumetric" (2013); what has scattered many times falls with the two-stream solution for
drops, as in the skies of ``skyboxes/making/march.py``.
"""

from __future__ import annotations

from typing import Any

from ..group import Control, Group, Panel, VectorInput, Wiring
from . import cloud_density
from .air import DIRECTION, SUN
from .cloud_density import AGE, COVER, KIND, LEVEL
from .shading import TREE, Shading

SIZE = Control("Size", 1.5, 0.2, 8.0, "Of a cloud, km")
BASE = Control("Base", 1.2, 0.3, 6.0, "Height of the clouds' base, km")
PLACE = VectorInput("Seed", (0, 0, 0), "Another place is another sky of the same kind")
LIGHT = VectorInput("Light", (0, 0, 0), "So far: of the sun, the sky and the ground")
THROUGH = Control("Through", 1.0, 0.0, 1.0, "Part of what is behind that is still seen")
STEEP = VectorInput("Steep", (0, 0, 0), "Of the ray: its slope, the earth's curve along it, the slope's square")
PHASES = VectorInput("Phases", (0, 0, 0), "Of light that has scattered once, twice, more often")
ALONG = VectorInput("Along", (0, 0, 0), "The wind")
WARP = VectorInput("Warp", (0, 0, 0), "The wind times how far it draws clouds out")
THICK = Control("Thick", 0.6, 0.0, 10.0, "Of the layer, km")
RELIEF = Control("Relief", 6.0, 0.0, 12.0, "Octaves of it")
CENTRE = VectorInput("Centre", (0, 0, 0), "Where the ray is in the middle of the layer, km")
KEPT = VectorInput("Kept", (1, 1, 0), "Of the way from there: for the shapes, and for their relief")

#: Steps of a ray.
SLICES = 12
#: Extinction inside a cloud, 1/km.
_EXTINCTION = 34.0
#: Distances towards the sun, in parts of a cloud's size, and how long a way each stands for.
_TAPS = ((0.045, 0.09), (0.24, 0.36))
#: 0.75 (1 - g) for drops of water.
_DIFFUSION = 0.11


def _build(wiring: Wiring) -> Any:
    s = Shading(wiring)
    with wiring.step("Place"):
        level, thick, size, sun = (wiring.input(each) for each in (LEVEL, THICK, SIZE, SUN))
        up, bend, square = s.parts(wiring.input(STEEP))
        high = s.number("MULTIPLY_ADD", level, thick, wiring.input(BASE))
        steep = s.number("SQRT", s.number("MULTIPLY_ADD", s.product(bend, 4.0), high, square))
        t = s.number("DIVIDE", s.product(high, 2.0), s.total(up, steep))
        x, y, _ = s.parts(wiring.input(DIRECTION))
        place = s.combined(s.product(x, t), s.product(y, t), s.product(level, thick))
        centre = wiring.input(CENTRE)
        away_from = s.vector("SUBTRACT", place, centre)
        kept, kept_fine, _ = s.parts(wiring.input(KEPT))
        place = s.vector("MULTIPLY_ADD", away_from, s.combined(kept, kept, 1.0), centre)
        fine = s.vector("MULTIPLY_ADD", away_from, s.three(kept_fine), centre)
    with wiring.step("Density"):
        dense, relief = _density(wiring, s, (place, fine), level, wiring.input(RELIEF))
        tau = s.product(dense, size, 0.03 * _EXTINCTION)
        slope = s.product(s.parts(sun)[2], s.number("DIVIDE", size, thick))
        ahead = relief
        for away, way in _TAPS:
            way_there = s.vector("SCALE", sun, s.product(size, away))
            there = s.vector("ADD", place, way_there), s.vector("ADD", fine, way_there)
            higher = s.number("MULTIPLY_ADD", slope, away, level)
            one, stands = _density(wiring, s, there, higher, 4.0 if away < 0.1 else 0.0)
            ahead = stands if away < 0.1 else ahead
            tau = s.number("MULTIPLY_ADD", s.product(one, size), way * _EXTINCTION, tau)
    with wiring.step("Light"):
        once, twice, often = s.parts(wiring.input(PHASES))
        deep = s.number("MULTIPLY_ADD", _fall(s, tau, 0.3), -0.1, 0.145)
        # A side that falls towards the sun faces it.
        faces = s.between(s.number("MULTIPLY_ADD", s.number("SUBTRACT", relief, ahead), 1.8, 0.9), 0.35, 1.6)
        straight = s.total(
            s.product(once, _fall(s, tau, 1.0)),
            s.product(twice, _fall(s, tau, 0.35)),
            s.product(often, _fall(s, tau, 0.1)),
            s.number("DIVIDE", deep, s.number("MULTIPLY_ADD", tau, _DIFFUSION, 1.0)),
        )
        over = s.product(s.number("SUBTRACT", 1.0, level), thick, 0.6 * _EXTINCTION * _DIFFUSION)
        under = s.product(level, thick, 0.6 * _EXTINCTION * _DIFFUSION)
        sky = s.number("DIVIDE", 0.5, s.number("ADD", over, 1.0))
        ground = s.number("DIVIDE", 0.5, s.number("ADD", under, 1.0))
        length = s.number("DIVIDE", s.product(thick, 1 / SLICES), steep)
        alpha = s.number("SUBTRACT", 1.0, _fall(s, s.product(dense, length), _EXTINCTION))
        through = wiring.input(THROUGH)
        part = s.product(through, alpha)
        # Less of sky and ground is seen from the creases between bulges.
        open_ = s.between(s.number("MULTIPLY_ADD", relief, 1.5, 0.62), 0.3, 1.4)
        # No cloud is as bright as the disc, by which the sun of a sky is found.
        lit = s.number("MINIMUM", s.product(straight, faces), 0.4)
        added = s.combined(lit, s.product(s.number("ADD", sky, 0.06), open_), s.product(ground, open_))
        light = s.vector("MULTIPLY_ADD", added, s.three(part), wiring.input(LIGHT))
        return light, s.number("SUBTRACT", through, part)


def _density(wiring: Wiring, s: Shading, places: tuple[Any, Any], level: Any, detail: Any) -> Any:
    """Density and relief at a place in km, given with that of its relief; the wind draws clouds out."""
    found = []
    for place in places:
        pressed = s.vector("DOT_PRODUCT", place, wiring.input(ALONG))
        moved = s.vector("MULTIPLY_ADD", wiring.input(WARP), s.three(pressed), place)
        sized = s.vector("SCALE", moved, s.number("DIVIDE", 1.0, wiring.input(SIZE)))
        found.append(s.vector("ADD", sized, wiring.input(PLACE)))
    node = wiring.placed(cloud_density.GROUP, place=found[0], fine_place=found[1], level=level)
    if isinstance(detail, float):
        node.inputs["Detail"].default_value = detail
    else:
        s.tree.links.new(detail, node.inputs["Detail"])
    return node.outputs


def _fall(s: Shading, value: Any, rate: float) -> Any:
    """``exp(-rate value)``."""
    return s.number("EXPONENT", s.number("MULTIPLY", value, -rate))


GROUP = Group(
    "SkyAR Cloud Slice",
    1,
    "One step of a ray through a layer of cloud",
    LIGHT,
    (
        LIGHT,
        THROUGH,
        LEVEL,
        DIRECTION,
        SUN,
        PLACE,
        STEEP,
        PHASES,
        ALONG,
        WARP,
        THICK,
        RELIEF,
        CENTRE,
        KEPT,
        Panel("Clouds", (COVER, KIND, SIZE, BASE, AGE)),
    ),
    _build,
    TREE,
    (THROUGH,),
)
