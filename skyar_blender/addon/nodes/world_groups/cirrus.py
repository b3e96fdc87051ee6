# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Cirrus": threads of ice at nine kilometres, drawn out by the wind, bent by larger noise."""

from __future__ import annotations

from typing import Any

from ..group import Control, Group, ImageInput, Panel, Wiring
from . import air_light
from .air import DIRECTION, HAZE, MEAN, SUN, SUN_HEIGHT
from .cloud_slice import PLACE
from .clouds import SKY, WIND
from .shading import TREE, Shading

CIRRUS = Control("Cirrus", 0.25, 0.0, 1.0, "How much ice is high up", "FACTOR")

_ALTITUDE = 9.0


def _build(wiring: Wiring) -> Any:
    s = Shading(wiring)
    with wiring.step("Plane"):
        x, y, z = s.parts(wiring.input(DIRECTION))
        up = s.number("MAXIMUM", z, 0.002)
        # The earth's curve: at the horizon the sheet is some 340 km away.
        bend = s.number("SQRT", s.number("MULTIPLY_ADD", up, up, 2 * _ALTITUDE / 6360))
        far = s.number("DIVIDE", 2 * _ALTITUDE, s.number("ADD", up, bend))
        heading = s.product(wiring.input(WIND), 0.01745329)
        cosine, sine = s.number("COSINE", heading), s.number("SINE", heading)
        px, py = s.product(x, far), s.product(y, far)
        along = s.number("SUBTRACT", s.product(px, cosine), s.product(py, sine))
        across = s.number("MULTIPLY_ADD", px, sine, s.product(py, cosine))
        place = s.vector("ADD", s.combined(along, across, 0.0), s.vector("SCALE", wiring.input(PLACE), 3.0))
        fade = s.between(s.number("LOGARITHM", s.number("DIVIDE", 900.0, far), 2.0), 0.0, 7.0)
    with wiring.step("Threads"):
        swirl = s.noise(place, 1.0, scale=0.035)
        bent = s.vector("ADD", place, s.combined(0.0, s.product(swirl, 5.0), 0.0))
        patch = s.noise(s.vector("MULTIPLY", bent, (0.022, 0.05, 1.0)), 3.0)
        thread = s.noise(s.vector("MULTIPLY", bent, (0.05, 0.55, 1.0)), fade, 0.62)
        tuft = s.noise(s.vector("MULTIPLY", bent, (0.22, 0.5, 1.0)), fade, 0.6)
        cirrus = wiring.input(CIRRUS)
        there = s.number("MULTIPLY_ADD", cirrus, 0.95, -0.52)
        there = s.number("SUBTRACT", there, s.ramp(cirrus, 0.0, 0.1, 1.5, 0.0))  # none at all at 0
        have = s.total(patch, s.product(thread, 0.32), s.product(tuft, 0.2), there)
        depth = s.product(s.ramp(have, 0.0, 0.75), s.number("MULTIPLY_ADD", thread, 1.1, 1.0), 0.75)
        slant = s.number("MINIMUM", s.number("DIVIDE", 1.0, s.number("ADD", bend, 0.02)), 5.0)
        tau = s.product(s.number("MAXIMUM", depth, 0.0), slant)
        cover = s.number("SUBTRACT", 1.0, s.number("EXPONENT", s.product(tau, -0.45)))
    with wiring.step("Light"):
        angle = s.vector("DOT_PRODUCT", wiring.input(DIRECTION), wiring.input(SUN))
        forward = s.number("POWER", s.number("MULTIPLY_ADD", angle, -1.5, 1.5625), 1.5)
        phase = s.number("MINIMUM", s.number("ADD", s.number("DIVIDE", 0.0105, forward), 0.055), 0.3)
        sun = wiring.nested(air_light.GROUP, column=s.number("ADD", 36.0, 0.0))
        sky = wiring.nested(air_light.GROUP, column=s.number("ADD", MEAN, 0.0))
        lit = s.vector("SCALE", sun, s.product(cover, phase, 2.4))
        both = s.vector("ADD", lit, s.vector("SCALE", sky, s.product(cover, 0.55)))
        sight = s.number("DIVIDE", 160.0, s.number("MULTIPLY_ADD", wiring.input(HAZE), 7.0, 1.0))
        clear = s.number("EXPONENT", s.product(s.number("DIVIDE", far, sight), -1.0))
        behind = s.number("SUBTRACT", 1.0, s.product(cover, clear, 0.85))
        return s.vector("MULTIPLY_ADD", wiring.input(SKY), s.three(behind), s.vector("SCALE", both, clear))


GROUP = Group(
    "SkyAR Cirrus",
    1,
    "Puts threads of ice before the sky",
    ImageInput("Sky", (0, 0, 0, 1), "The sky with the ice"),
    (SKY, DIRECTION, SUN, PLACE, Panel("Air", (SUN_HEIGHT, HAZE)), Panel("Clouds", (CIRRUS, WIND))),
    _build,
    TREE,
)
