# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Composite": foreground and new sky put together by the other groups.

In scene-linear light, as :mod:`skyar_blender.engine.composite.look` does for the previews::

    m   = Edge(matte)
    s   = Grain(Sky(sky))
    f   = Haze(Light(Foreground(footage, m, clean plate)))
    out = lerp(footage, f + s m + Light Wrap(s, m) alpha, mix area)

Where the footage is transparent and the matte has sky, the new sky shows; elsewhere it keeps its alpha.
:mod:`.composite_wet` has rain and reflections besides, for results that have images of them: what is not there
takes no time.
"""

from __future__ import annotations

from typing import Any

from ... import compat
from ..group import Group, ImageInput, Panel, Wiring, control
from . import edge, foreground, grain, haze, light, light_wrap, rain, reflections, sky

FOOTAGE = foreground.FOOTAGE
MATTE = edge.MATTE
SKY = sky.SKY
PLATE = foreground.PLATE
SKY_VISIBILITY = light.SKY_VISIBILITY
GRAIN = grain.GRAIN
AREA = ImageInput("Area", 1.0, "Where the footage may change, 0 to 1; elsewhere it stays as it was, Mix or not")
MIX = control("mix")
OUTPUT = ImageInput("Image", (0, 0, 0, 1), "The footage with its new sky, scene-linear")
_ROW = 320


def build(wiring: Wiring, wet: bool = False) -> Any:
    """The nodes; ``wet`` with rain and reflections."""
    with wiring.step("Edge", 0, 0) as first:
        # What comes first says at which size Blender does it: a matte of another size must not.
        whole = wiring.math("MULTIPLY", compat.alpha_of(wiring.tree, wiring.input(FOOTAGE)), 0.0)
        matte = wiring.math("ADD", whole, wiring.nested(edge.GROUP))
    with wiring.step("New sky", first.end, _ROW) as above:
        new = wiring.nested(grain.GROUP, sky=wiring.nested(sky.GROUP))
        covered = wiring.mix("MULTIPLY", 1.0, new, matte)
    with wiring.step("Light wrap", above.end, _ROW) as wrapping:
        spilled = wiring.nested(light_wrap.GROUP, sky=new, matte=matte)
    with wiring.step("Foreground", first.end, -_ROW) as below:
        front = wiring.nested(foreground.GROUP, matte=matte)
    with wiring.step("Light", below.end, -_ROW) as lighting:
        lit = wiring.nested(light.GROUP, image=front)
    shown, last = lit, lighting
    if wet:
        with wiring.step("Reflections", lighting.end, -_ROW) as last:
            shown = wiring.nested(reflections.GROUP, image=lit, old_light=front)
    with wiring.step("Haze", last.end, -_ROW) as hazing:
        hazy = wiring.nested(haze.GROUP, image=shown, matte=matte)
    with wiring.step("Together", max(wrapping.end, hazing.end), 0):
        footage = wiring.input(FOOTAGE)
        alpha = compat.alpha_of(wiring.tree, footage)
        added = wiring.mix("ADD", 1.0, covered, wiring.mix("MULTIPLY", 1.0, spilled, alpha))
        out = wiring.mix("ADD", 1.0, hazy, added)
        seen = wiring.math("MINIMUM", 1.0, wiring.math("ADD", alpha, matte))
        if wet:
            drops = wiring.mix("MULTIPLY", 1.0, wiring.input(rain.COLOUR), seen)
            out = wiring.nested(rain.GROUP, image=out, matte=matte, rain_colour=drops)
        changed = wiring.math("MULTIPLY", wiring.input(MIX), wiring.fraction(wiring.input(AREA)))
        out = wiring.mix("MIX", changed, footage, out)
        more = wiring.math("MULTIPLY", changed, wiring.math("SUBTRACT", seen, alpha))
        return compat.replace_alpha(wiring.tree, out, wiring.math("ADD", alpha, more))


INPUTS = (
    FOOTAGE,
    MATTE,
    SKY,
    PLATE,
    SKY_VISIBILITY,
    GRAIN,
    MIX,
    Panel("Sky", (sky.EXPOSURE, sky.BLUR, sky.MATCH, sky.SHOT)),
    Panel("Edge", (edge.SHIFT, edge.FEATHER, foreground.CLEAN_EDGES, light_wrap.WRAP, light_wrap.RADIUS)),
    Panel(
        "Light",
        (light.RELIGHT, light.CHANGE, light.RECOLOUR, light.TINT, light.FALLOFF, light.EXPOSURE),
    ),
    Panel("Haze", (haze.HAZE, haze.COLOUR)),
    Panel("Grain", (grain.AMOUNT, grain.COLOUR)),
)

#: After all others, in this group as in the wet one, so that these have the same places in both.
LAST = Panel("Area", (AREA,))

GROUP = Group(
    "SkyAR Composite",
    9,
    "Puts a new sky behind the foreground, in its light",
    OUTPUT,
    (*INPUTS, LAST),
    build,
)
