# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Reflections": water that mirrored the old sky mirrors the new one.

As :mod:`skyar_blender.engine.composite.reflections`, with ``F``, the foreground in its old light, ``f`` in its new
one, the mirror ``G`` and ``k``, how far each place is one::

    g   = G 2^(sky_exposure + exposure_match shot_exposure)
    out = lerp(f, F g / (1 + F max(g - 1, 0)) 2^foreground_exposure, k reflections)
"""

from __future__ import annotations

from typing import Any

from ... import compat
from ..group import Group, ImageInput, Panel, Wiring, control
from .light import EXPOSURE, IMAGE
from .sky import EXPOSURE as SKY_EXPOSURE
from .sky import MATCH, SHOT, stops

BEFORE = ImageInput("Old Light", (0, 0, 0, 1), "The foreground before it was lit anew")
MIRROR = ImageInput("Mirror", (1, 1, 1, 1), "How much brighter what is mirrored gets: red, green, blue, scene-linear")
MIRROR_FRACTION = ImageInput(
    "Mirror Share", 0.0, "How far each place is a mirror, 0 to 1: the alpha of the same pictures"
)
REFLECTIONS = control("reflections", words="How far water mirrors the new sky")
_BLACK = (0.0, 0.0, 0.0, 1.0)
_WHITE = (1.0, 1.0, 1.0, 1.0)


def _build(wiring: Wiring) -> Any:
    number, mix = wiring.math, wiring.mix
    with wiring.step("Mirror"):
        before = wiring.input(BEFORE)
        gain = compat.exposure(wiring.tree, wiring.finite(wiring.input(MIRROR)), stops(wiring))
        more = mix("LIGHTEN", 1.0, mix("SUBTRACT", 1.0, gain, _WHITE), _BLACK)
        roof = mix("ADD", 1.0, mix("MULTIPLY", 1.0, before, more), _WHITE)
        shown = mix("DIVIDE", 1.0, mix("MULTIPLY", 1.0, before, gain), roof)
        shown = compat.exposure(wiring.tree, shown, wiring.input(EXPOSURE))
    with wiring.step("On the water"):
        image = wiring.input(IMAGE)
        fraction = number("MULTIPLY", wiring.fraction(wiring.input(MIRROR_FRACTION)), wiring.input(REFLECTIONS))
        out = mix("MIX", fraction, image, shown)
        return compat.replace_alpha(wiring.tree, out, compat.alpha_of(wiring.tree, image))


GROUP = Group(
    "SkyAR Reflections",
    2,
    "Lets water mirror the new sky",
    ImageInput("Image", (0, 0, 0, 1), "The foreground with what it mirrors"),
    (
        *(IMAGE, BEFORE, MIRROR, MIRROR_FRACTION),
        Panel("Reflections", (REFLECTIONS, SKY_EXPOSURE, MATCH, SHOT, EXPOSURE)),
    ),
    _build,
)
