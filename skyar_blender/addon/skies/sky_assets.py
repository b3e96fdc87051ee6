# SPDX-License-Identifier: GPL-3.0-or-later
"""The skies that ship with SkyAR as Worlds, for the asset library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy

from ...common.sky_library import SkyEntry, list_skies
from .made_to_measure import NAME


@contextmanager
def sky_worlds() -> Iterator[dict[str, SkyEntry]]:
    """Within it the file has a World for each sky, here by the World's name; afterwards they are gone.

    Worlds of the file that have the same names go out of the way for so long. A World shows its sky as a tracked
    camera of SkyAR expects it: the panorama's middle at +x, as exposed as Replace Sky shows it.

    Raises:
        SkyarError: the description of a sky cannot be read.
    """
    skies = {sky.title: sky for sky in list_skies()}
    before = [(world, world.name) for world in bpy.data.worlds if world.name in (*skies, NAME)]
    made: list[tuple[Any, Any]] = []
    for index, (world, _) in enumerate(before):
        world.name = f"skyar set aside {index}"
    try:
        for title, sky in skies.items():
            made.append(_world(title, sky))
        yield skies
    finally:
        for world, image in made:
            bpy.data.worlds.remove(world)
            bpy.data.images.remove(image)
        for world, name in before:
            world.name = name


def _world(name: str, sky: SkyEntry) -> tuple[Any, Any]:
    world = bpy.data.worlds.new(name)
    world.use_nodes = True
    # fake-bpy-module knows neither the kinds of nodes nor the colour spaces.
    tree: Any = world.node_tree
    image: Any = bpy.data.images.load(str(sky.image), check_existing=False)
    coordinates, mapping, texture = (
        tree.nodes.new(f"ShaderNode{kind}") for kind in ("TexCoord", "Mapping", "TexEnvironment")
    )
    texture.image = image
    if sky.kind == "loop":
        image.colorspace_settings.name = "sRGB"
        texture.image_user.frame_duration = round(sky.metadata["seconds"] * sky.metadata["rate"])
        texture.image_user.use_cyclic = texture.image_user.use_auto_refresh = True
    else:
        image.colorspace_settings.name = "Linear Rec.709"
    for column, node in enumerate((coordinates, mapping, texture)):
        node.location = (-900 + 250 * column, 300)
    tree.links.new(coordinates.outputs["Generated"], mapping.inputs["Vector"])
    tree.links.new(mapping.outputs["Vector"], texture.inputs["Vector"])
    background = next(node for node in tree.nodes if node.type == "BACKGROUND")
    tree.links.new(texture.outputs["Color"], background.inputs["Color"])
    background.inputs["Strength"].default_value = sky.metadata.get("peak", 1.0)
    return world, image
