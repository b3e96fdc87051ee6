# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Clouds": a layer of cloud before the sky, marched in slices, lit by sun, sky and ground.

At each slice the way towards the sun is felt at three distances. Orders of scattering are the octaves of Wrenninge,
Kulla and Lundqvist, "Oz: The Great and Volumetric" (2013); what has scattered many times falls with the two-stream
solution for drops, as in the skies of ``skyboxes/making/march.py``.
"""

from __future__ import annotations

from typing import Any

from ..group import Control, Group, ImageInput, Panel, Wiring
from . import air_light, cloud_slice
from .air import DIRECTION, GROUND, HAZE, MEAN, SUN, SUN_HEIGHT
from .cloud_density import AGE, COVER, KIND
from .cloud_slice import BASE, PLACE, SIZE, SLICES
from .shading import TREE, Shading

SKY = ImageInput("Sky", (0, 0, 0, 1), "What is behind")
WIND = Control("Wind", 30.0, -180.0, 180.0, "Where the wind blows to, degrees from forward to the right")
STRETCH = Control("Stretch", 0.15, 0.0, 1.0, "How far the wind draws clouds out", "FACTOR")

_EARTH = 6360.0


def _build(wiring: Wiring) -> Any:
    s = Shading(wiring)
    with wiring.step("Layer"):
        direction, sun, size = wiring.input(DIRECTION), wiring.input(SUN), wiring.input(SIZE)
        x, y, z = s.parts(direction)
        base = wiring.input(BASE)
        up = s.number("MAXIMUM", z, 0.002)
        bend = s.product(s.number("SUBTRACT", 1.0, s.product(up, up)), 1 / (2 * _EARTH))
        square = s.product(up, up)
        # Heaps are about as high as half their size.
        thick = s.product(size, s.number("MULTIPLY_ADD", wiring.input(KIND), -0.4, 0.7))
        far = s.product(base, 2.0)
        far = s.number(
            "DIVIDE", far, s.total(up, s.number("SQRT", s.number("MULTIPLY_ADD", s.product(bend, 4.0), base, square)))
        )
        # Shapes may change along a ray by no more than the steps can follow: they are drawn out where rays are flat.
        middle = s.number("MULTIPLY_ADD", thick, 0.4, base)
        slope = s.number("SQRT", s.number("MULTIPLY_ADD", s.product(bend, 4.0), middle, square))
        distance = s.number("DIVIDE", s.product(middle, 2.0), s.total(up, slope))
        centre = s.combined(s.product(x, distance), s.product(y, distance), s.product(thick, 0.4))
        flat = s.number("DIVIDE", s.product(size, slope), thick)
        kept = s.combined(
            s.number("MINIMUM", s.product(flat, 1.5), 1.0), s.number("MINIMUM", s.product(flat, 0.2), 1.0), 0.0
        )
        detail = s.number("LOGARITHM", s.number("DIVIDE", s.product(size, 110.0), far), 2.0)
        detail = s.between(detail, 0.0, 8.0)
        jitter = s.random(s.vector("SCALE", direction, 9731.7))
        heading = s.product(wiring.input(WIND), 0.01745329)
        along = s.combined(s.number("COSINE", heading), s.product(s.number("SINE", heading), -1.0), 0.0)
        shrink = s.product(
            s.number("DIVIDE", wiring.input(STRETCH), s.number("ADD", wiring.input(STRETCH), 1.0)), -0.9
        )
    with wiring.step("Phases"):
        cosine = s.vector("DOT_PRODUCT", direction, sun)
        once = s.total(_lobe(s, cosine, 0.86, 0.55), _lobe(s, cosine, 0.5, 0.35), _lobe(s, cosine, -0.2, 0.1))
        twice = s.product(s.total(_lobe(s, cosine, 0.55, 0.5), _lobe(s, cosine, -0.1, 0.5)), 0.55)
        often = s.product(s.total(_lobe(s, cosine, 0.3, 0.6), _lobe(s, cosine, -0.1, 0.4)), 0.35)
    with wiring.step("Slices"):
        given = {"sun": sun, "seed": wiring.input(PLACE), "steep": s.combined(up, bend, square)}
        given |= {"thick": thick, "phases": s.combined(once, twice, often), "warp": s.vector("SCALE", along, shrink)}
        given |= {"along": along, "relief": detail, "direction": direction, "centre": centre, "kept": kept}
        light: Any = None
        through: Any = None
        for n in range(SLICES):
            node = wiring.placed(cloud_slice.GROUP, **given)
            for name, value in (("Light", light), ("Through", through)):
                if value is not None:
                    s.tree.links.new(value, node.inputs[name])
            # Cycles has room for some 250 numbers at a time. A trace of the slice before makes it finish that first.
            before: Any = jitter if through is None else s.number("MULTIPLY_ADD", through, 1e-6, jitter)
            s.tree.links.new(s.number("MULTIPLY_ADD", before, 1 / SLICES, n / SLICES), node.inputs["Level"])
            light, through = node.outputs
        straight, open_sky, from_ground = s.parts(light)
        lit = s.product(straight, 1.3)  # for the orders of scattering that are left out
    with wiring.step("Light", y=400.0):
        column = s.number("ADD", 32.0, s.between(s.product(base, 1 / 2.25), 0.0, 4.0))
        mean, ground = s.number("ADD", MEAN, 0.0), s.number("ADD", GROUND, 0.0)
        lights = [
            s.vector("SCALE", wiring.nested(air_light.GROUP, column=which), amount)
            for which, amount in ((column, lit), (mean, open_sky), (ground, from_ground))
        ]
        colour = s.vector("ADD", s.vector("ADD", lights[0], lights[1]), lights[2])
    with wiring.step("Air before it", y=400.0):
        cover = s.number("SUBTRACT", 1.0, through)
        sight = s.number("DIVIDE", 80.0, s.number("MULTIPLY_ADD", wiring.input(HAZE), 7.0, 1.0))
        clear = s.number("EXPONENT", s.product(s.number("DIVIDE", far, sight), -1.0))
        # As much of the sky's own light lies before the cloud as the air has dimmed it.
        sky = wiring.input(SKY)
        veil = s.vector("SCALE", sky, s.product(cover, s.number("SUBTRACT", 1.0, clear)))
        front = s.vector("MULTIPLY_ADD", colour, s.three(clear), veil)
        return s.vector("MULTIPLY_ADD", sky, s.three(through), front)


def _lobe(s: Shading, cosine: Any, g: float, weight: float) -> Any:
    """The phase function of Henyey and Greenstein, 1/sr, times ``weight``."""
    base = s.number("MULTIPLY_ADD", cosine, -2 * g, 1 + g * g)
    return s.number("DIVIDE", weight * (1 - g * g) / 12.566371, s.number("POWER", base, 1.5))


GROUP = Group(
    "SkyAR Clouds",
    1,
    "Puts a layer of cloud before the sky",
    ImageInput("Sky", (0, 0, 0, 1), "The sky with the clouds"),
    (
        SKY,
        DIRECTION,
        SUN,
        PLACE,
        Panel("Air", (SUN_HEIGHT, HAZE)),
        Panel("Clouds", (COVER, KIND, SIZE, BASE, AGE, WIND, STRETCH)),
    ),
    _build,
    TREE,
)
