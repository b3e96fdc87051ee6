# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Foreground": the foreground alone, without the colour of the old sky in its edges.

As :mod:`skyar_blender.engine.composite.foreground`, with footage ``F``, matte ``m`` and clean plate ``P``::

    plain = F (1 - m)
    clean = min(max(F - m P, min(F, 0)), (1 - m) max(F, 1))
    out   = lerp(plain, clean, clean_edges)

Where the footage is half see-through, so is its sky.
"""

from __future__ import annotations

from typing import Any

from ... import compat
from ..group import Group, ImageInput, Panel, Wiring, control
from .edge import MATTE

FOOTAGE = ImageInput("Footage", (0, 0, 0, 1), "The original picture")
PLATE = ImageInput("Clean Plate", (0, 0, 0, 1), "The old sky as it is behind the foreground, scene-linear")
# Without a plate there is nothing that could be taken out: a result turns it on with its own.
CLEAN_EDGES = control("clean_edges", default=0.0)
_BLACK = (0.0, 0.0, 0.0, 1.0)
_WHITE = (1.0, 1.0, 1.0, 1.0)


def _build(wiring: Wiring) -> Any:
    mix = wiring.mix
    with wiring.step("What is not sky"):
        matte = wiring.input(MATTE)
        uncovered = wiring.math("SUBTRACT", 1.0, matte)
        plain = mix("MULTIPLY", 1.0, wiring.input(FOOTAGE), uncovered)
    with wiring.step("Without the old sky"):
        footage = wiring.input(FOOTAGE)
        shown = wiring.math("MULTIPLY", wiring.input(MATTE), compat.alpha_of(wiring.tree, footage))
        # The plate may be a small one, and what comes first says at which size Blender does it.
        old = mix("MULTIPLY", 1.0, shown, wiring.finite(wiring.input(PLATE)))
        clean = mix("SUBTRACT", 1.0, footage, old)
        # Noise must go neither below black nor beyond what so little of a foreground can hold.
        clean = mix("LIGHTEN", 1.0, clean, mix("DARKEN", 1.0, footage, _BLACK))
        most = mix("MULTIPLY", 1.0, mix("LIGHTEN", 1.0, footage, _WHITE), uncovered)
        clean = mix("DARKEN", 1.0, clean, most)
        return mix("MIX", wiring.input(CLEAN_EDGES), plain, clean)


GROUP = Group(
    "SkyAR Foreground",
    4,
    "Takes the old sky out of the picture, out of its soft edges too",
    ImageInput("Image", (0, 0, 0, 1), "The foreground, multiplied by what of it is seen"),
    (FOOTAGE, MATTE, PLATE, Panel("Edge", (CLEAN_EDGES,))),
    _build,
)
