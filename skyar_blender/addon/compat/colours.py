# SPDX-License-Identifier: GPL-3.0-or-later
"""The scene-linear space of a file: before Blender 5.0 always that of Rec. 709, since then one of several."""

from __future__ import annotations

import bpy

Colour = tuple[float, float, float]
#: From linear Rec. 709: to BT.2020 (ITU-R BT.2087), and to AP1 with the white of ACES (SMPTE ST 2065, Bradford).
_FROM_709 = {
    "Linear Rec.2020": ((0.6274, 0.3293, 0.0433), (0.0691, 0.9195, 0.0114), (0.0164, 0.0880, 0.8956)),
    "ACEScg": ((0.6131, 0.3395, 0.0474), (0.0702, 0.9164, 0.0134), (0.0206, 0.1096, 0.8698)),
}


def scene_linear(colour: Colour) -> Colour:
    """A linear colour of Rec. 709 in the scene-linear space of this file; as it is in spaces that are not known."""
    space = getattr(getattr(bpy.data, "colorspace", None), "working_space", "")
    rows = _FROM_709.get(space)
    if rows is None:
        return colour
    red, green, blue = (sum(part * value for part, value in zip(row, colour, strict=True)) for row in rows)
    return red, green, blue
