# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Composite Wet": "SkyAR Composite" in the rain, and with water that mirrors the sky.

Its further inputs come last, so that those of both groups have the same places::

    f   = Haze(Reflections(Light(Foreground(footage, m, clean plate))))
    out = lerp(footage, Rain(f + s m + Light Wrap(s, m) alpha), mix area)
"""

from __future__ import annotations

from functools import partial

from ..group import Group, Panel
from . import composite, rain, reflections

#: Names of the inputs that are images, and no settings.
IMAGE_INPUTS = frozenset(
    each.name
    for each in (
        composite.FOOTAGE,
        composite.MATTE,
        composite.SKY,
        composite.PLATE,
        composite.SKY_VISIBILITY,
        composite.GRAIN,
        composite.AREA,
        rain.STREAKS,
        reflections.MIRROR,
        reflections.MIRROR_FRACTION,
    )
)

GROUP = Group(
    f"{composite.GROUP.name} Wet",
    5,
    f"{composite.GROUP.help}; with rain, and water that mirrors it",
    composite.OUTPUT,
    (
        *composite.INPUTS,
        Panel("Rain", (rain.STREAKS, rain.RAIN, rain.COLOUR)),
        Panel("Reflections", (reflections.MIRROR, reflections.MIRROR_FRACTION, reflections.REFLECTIONS)),
        composite.LAST,
    ),
    partial(composite.build, wet=True),
)
