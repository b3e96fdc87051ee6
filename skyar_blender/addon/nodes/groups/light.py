# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Light": the foreground in the light of the new sky.

As :mod:`skyar_blender.engine.composite.light`, with ``o``, how far each place sees the sky::

    w    = lerp(1, o, light_falloff)
    gain = lerp(1, tint, recolour w) * 2 ** (light_change relight w)
    out  = F gain / (1 + F max(gain - 1, 0)) * 2 ** foreground_exposure
"""

from __future__ import annotations

from typing import Any

from ... import compat
from ..group import Control, Group, ImageInput, Panel, Wiring, control

IMAGE = ImageInput("Image", (0, 0, 0, 1), "The foreground")
SKY_VISIBILITY = ImageInput(
    "Sky Visibility", 1.0, "How far each place sees the sky, 0 to 1: the alpha of the clean plate"
)
RECOLOUR = control("recolour")
TINT = ImageInput(
    "Tint", (1, 1, 1, 1), "Colour that the foreground is multiplied by when Recolour is 1; measured from both skies"
)
RELIGHT = control("relight", words="How far the foreground takes the Light Change")
CHANGE = Control(
    "Light Change", 0.0, -10, 10, "Stops by which the new sky is brighter than the old one; measured from both"
)
FALLOFF = control("light_falloff")
EXPOSURE = control("foreground_exposure")
_BLACK = (0.0, 0.0, 0.0, 1.0)
_WHITE = (1.0, 1.0, 1.0, 1.0)


def _build(wiring: Wiring) -> Any:
    number, mix = wiring.math, wiring.mix
    with wiring.step("Where light comes in"):
        hidden = number("SUBTRACT", 1.0, wiring.fraction(wiring.input(SKY_VISIBILITY)))
        strength = number("SUBTRACT", 1.0, number("MULTIPLY", hidden, wiring.input(FALLOFF)))
    with wiring.step("Gain"):
        amount = number("MULTIPLY", strength, wiring.input(RECOLOUR))
        colour = mix("MIX", amount, _WHITE, wiring.input(TINT))
        stops = number("MULTIPLY", wiring.input(CHANGE), wiring.input(RELIGHT))
        bright = number("POWER", 2.0, number("MULTIPLY", stops, strength))
        gain = mix("MULTIPLY", 1.0, colour, bright)
    with wiring.step("Light up, white stays white"):
        image = wiring.input(IMAGE)
        more = mix("LIGHTEN", 1.0, mix("SUBTRACT", 1.0, gain, _WHITE), _BLACK)
        roof = mix("ADD", 1.0, mix("MULTIPLY", 1.0, image, more), _WHITE)
        lit = mix("DIVIDE", 1.0, mix("MULTIPLY", 1.0, image, gain), roof)
        lit = compat.exposure(wiring.tree, lit, wiring.input(EXPOSURE))
        return compat.replace_alpha(wiring.tree, lit, compat.alpha_of(wiring.tree, image))


GROUP = Group(
    "SkyAR Light",
    4,
    "Gives the foreground the light of the new sky",
    ImageInput("Image", (0, 0, 0, 1), "The foreground in its new light"),
    (IMAGE, SKY_VISIBILITY, Panel("Light", (RECOLOUR, TINT, RELIGHT, CHANGE, FALLOFF, EXPOSURE))),
    _build,
)
