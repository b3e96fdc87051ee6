# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees of the compositor, and what scenes render."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from ..bases import there
from ..opened_image import opened_image
from .compositor_versions import TREES_ARE_GROUPS

#: How a picture that is encoded for the screen is kept on the graphics card, to be drawn over the preview: before
#: Blender 5.0 what is drawn there is encoded once more.
SCREEN_TEXTURE = "RGBA16F" if bpy.app.version >= (5, 0, 0) else "SRGB8_A8"


def compositor_tree(scene: Any) -> Any:
    """The compositor tree of a scene, or None."""
    if TREES_ARE_GROUPS:
        return scene.compositing_node_group
    return scene.node_tree if scene.use_nodes else None


def make_compositor_tree(scene: Any, name: str) -> Any:
    """Give a scene an empty compositor tree and return it."""
    if TREES_ARE_GROUPS:
        tree = bpy.data.node_groups.new(name, "CompositorNodeTree")
        there(tree.interface).new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
        scene.compositing_node_group = tree
        return tree
    scene.use_nodes = True
    scene.node_tree.nodes.clear()
    return scene.node_tree


@contextmanager
def tree_apart(scene: bpy.types.Scene) -> Iterator[Any]:
    """The compositor tree of a scene, a new empty one where it has none, apart from the scene until the end.

    Each change of a tree in use may make Blender composite; so half a tree is never seen, and never waited for.
    """
    tree = compositor_tree(scene) or make_compositor_tree(scene, scene.name)
    if TREES_ARE_GROUPS:
        scene.compositing_node_group = None
    else:
        scene.use_nodes = False
    try:
        yield tree
    finally:
        if TREES_ARE_GROUPS:
            scene.compositing_node_group = tree
        else:
            scene.use_nodes = True


def output_node(tree: Any) -> Any:
    """A new node whose first input is the image of the scene."""
    return tree.nodes.new("NodeGroupOutput" if TREES_ARE_GROUPS else "CompositorNodeComposite")


def png_output(render: Any) -> None:
    """Let a scene render 8-bit PNGs with alpha."""
    settings = render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "IMAGE"
    settings.file_format = "PNG"
    settings.color_mode = "RGBA"
    settings.color_depth = "8"
    settings.compression = 15
    settings.color_management = "FOLLOW_SCENE"


def exr_output(render: Any) -> None:
    """Let a scene render half-float OpenEXR, scene-linear, as small as it gets without loss."""
    settings = render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "IMAGE"
    settings.file_format = "OPEN_EXR"
    settings.color_mode, settings.color_depth = "RGB", "16"
    settings.exr_codec = "ZIP"


def panorama_camera(camera: Any) -> None:
    """Let a camera see all around, equirectangularly; before Blender 5.0 that is among Cycles' own settings."""
    camera.type = "PANO"
    settings = camera if hasattr(camera, "panorama_type") else camera.cycles
    settings.panorama_type = "EQUIRECTANGULAR"


def mend_mask(path: Path) -> None:
    """Give the last pixel of a rendered Mask strip, its upper right one, the value of its neighbour.

    Before Blender 5.2 a Mask strip leaves it as it found it in memory.
    """
    if bpy.app.version >= (5, 2, 0):
        return
    with opened_image(path) as image:
        image.alpha_mode = "CHANNEL_PACKED"
        image.pixels[-4:] = image.pixels[-8:-4]
        image.save()


def full_precision(scene: bpy.types.Scene) -> None:
    """Let the compositor calculate on the processor in full floats: the same image on every machine."""
    render = scene.render
    render.compositor_device = "CPU"
    render.compositor_precision = "FULL"
