# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group "SkyAR Air": the clear sky, read from the table that ``skyboxes/make_air_table.py`` makes.

What the table's rows and columns are is told there.
"""

from __future__ import annotations

from typing import Any

import bpy

from ....common.sky_library import skyboxes_folder
from ..group import Control, Group, ImageInput, Panel, VectorInput, Wiring
from .shading import TREE, Shading

HEIGHTS, AZIMUTHS, ALTITUDES = 40, 32, 5
BEFORE, AFTER = 5, 13
#: Columns of one kind of air, and where its mean radiance and that of the ground lie.
COLUMNS = AZIMUTHS + ALTITUDES + 4
MEAN, GROUND = AZIMUTHS + ALTITUDES + 0.5, AZIMUTHS + ALTITUDES + 2.5

DIRECTION = VectorInput("Direction", (1, 0, 0), "Where to look")
SUN = VectorInput("Sun", (1, 0, 0), "Where the sun stands")
SUN_HEIGHT = Control("Sun Height", 30.0, -12.0, 90.0, "Degrees of the sun above the horizon; below 0 it is twilight")
HAZE = Control("Haze", 0.15, 0.0, 1.0, "How thick the air is: 0 as after rain, 1 as on a sultry day", "FACTOR")


#: Name of the table among the images of a file.
IMAGE = "skyar air"


def table_image() -> Any:
    """The table as an image of this file."""
    known = bpy.data.images.get(IMAGE)
    if known is not None:
        return known
    path = skyboxes_folder() / "made_to_measure" / "air.exr"
    image = bpy.data.images.load(str(path), check_existing=False)
    image.name = IMAGE
    colours: Any = image.colorspace_settings  # its names are those of the configuration
    colours.name = "Non-Color"
    image.alpha_mode = "NONE"
    return image


def read_table(shading: Shading, column: Any, row: Any, sun_height: Any, haze: Any) -> Any:
    """The radiance at a column and a row of a tile, each counted from 0, between the tiles and the airs around it."""
    s = shading
    image = table_image()
    root = s.product(
        float(AFTER), s.number("SIGN", sun_height),
        s.number("SQRT", s.number("DIVIDE", s.number("ABSOLUTE", sun_height), 90.0)),
    )  # fmt: skip
    index = s.between(s.number("ADD", root, float(BEFORE)), 0.0, BEFORE + AFTER - 0.001)
    lower = s.number("FLOOR", index)
    part = s.number("SUBTRACT", index, lower)
    tiles = BEFORE + AFTER + 1
    found = []
    for air in (0, 1):
        u = s.number("MULTIPLY", s.number("ADD", column, 0.5 + air * COLUMNS), 1 / (2 * COLUMNS))
        pair = []
        for step in (0, 1):
            first = s.number("MULTIPLY_ADD", lower, float(HEIGHTS), 0.5 + step * HEIGHTS)
            v = s.number("MULTIPLY", s.number("ADD", row, first), 1 / (tiles * HEIGHTS))
            node = s.tree.nodes.new("ShaderNodeTexImage")
            node.image, node.interpolation, node.extension = image, "Linear", "EXTEND"
            s.tree.links.new(s.combined(u, v, 0.0), node.inputs["Vector"])
            pair.append(node.outputs["Color"])
        found.append(s.mixed(part, *pair))
    square = s.mixed(haze, *found)
    return s.vector("MULTIPLY", square, square)


def _build(wiring: Wiring) -> Any:
    s = Shading(wiring)
    with wiring.step("Where in the table"):
        x, y, z = s.parts(wiring.input(DIRECTION))
        sx, sy, _ = s.parts(wiring.input(SUN))
        lengths = s.product(
            s.number("SQRT", s.total(s.product(x, x), s.product(y, y), 1e-9)),
            s.number("SQRT", s.total(s.product(sx, sx), s.product(sy, sy), 1e-9)),
        )
        cosine = s.number("DIVIDE", s.total(s.product(x, sx), s.product(y, sy)), lengths)
        azimuth = s.number("ARCCOSINE", s.between(cosine, -1.0, 1.0))
        column = s.product(s.number("SQRT", s.number("DIVIDE", azimuth, 3.14159265)), float(AZIMUTHS - 1))
        elevation = s.number("ARCSINE", s.between(z))
        row = s.product(s.number("SQRT", s.number("DIVIDE", elevation, 1.57079633)), float(HEIGHTS - 1))
    with wiring.step("Table"):
        return read_table(s, column, row, wiring.input(SUN_HEIGHT), wiring.input(HAZE))


GROUP = Group(
    "SkyAR Air",
    1,
    "The clear sky in a direction",
    ImageInput("Sky", (0, 0, 0, 1), "Its light, scene-linear"),
    (DIRECTION, SUN, Panel("Air", (SUN_HEIGHT, HAZE))),
    _build,
    TREE,
)
