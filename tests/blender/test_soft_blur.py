# SPDX-License-Identifier: GPL-3.0-or-later
"""The blur at a smaller size against the same blur at full size, borders included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.shots import new_scene, quiet, skyar


@pytest.mark.parametrize(("width", "height"), [(240, 120), (242, 122), (241, 122), (241, 121)])
@pytest.mark.parametrize("radius", [0.0, 5.0, 20.0, 40.0])
def test_as_soft_as_at_full_size(tmp_path: Path, width: int, height: int, radius: float) -> None:
    compat = skyar("addon.compat")
    scene = new_scene(width, height)
    scene.view_settings.view_transform = "Raw"
    scene.render.use_sequencer = False
    compat.full_precision(scene)
    tree = compat.make_compositor_tree(scene, "Blur")
    out = compat.output_node(tree)
    shown = tree.nodes.new("CompositorNodeImage")
    shown.image = _image(width, height)
    # A sum, because what the compositor does to an image that it only passes on is another matter.
    picture = compat.mix(tree, "ADD", 1.0, shown.outputs["Image"], (0.0, 0.0, 0.0, 0.0))
    reach = compat.math(tree, "ADD", radius, 0.0)
    pictures = []
    for name, socket in (
        ("plain", compat.blur(tree, "GAUSS", picture, reach)),
        ("soft", compat.soft_blur(tree, picture, reach)),
    ):
        tree.links.new(compat.mix(tree, "ADD", 1.0, picture, socket), out.inputs[0])
        pictures.append(_rendered(scene, tmp_path / f"{name}.exr"))
    plain, soft = pictures
    assert plain.shape == soft.shape == (height, width, 3)
    difference = np.abs(soft - plain)
    assert difference[2:-2, 2:-2].max() <= (0.006 if radius >= 16 else 1e-6)
    assert difference.max() <= 0.02


def _image(width: int, height: int) -> Any:
    """Hard edges, at the borders too."""
    pixels = np.ones((height, width, 4), np.float32)
    pixels[..., :3] = 0
    pixels[: height // 3, :, 0] = 1
    pixels[:, -20:, 1] = 1
    pixels[height // 2, :, 2] = 1
    image = bpy.data.images.new("Edges", width, height, float_buffer=True)
    image.colorspace_settings.name = "Non-Color"
    image.pixels.foreach_set(pixels.ravel())
    return image


def _rendered(scene: Any, path: Path) -> np.ndarray:
    settings = scene.render.image_settings
    settings.file_format, settings.color_depth = "OPEN_EXR", "32"
    scene.render.filepath = str(path)
    with quiet():
        bpy.ops.render.render(write_still=True, scene=scene.name)
    image = bpy.data.images.load(str(path), check_existing=False)
    image.colorspace_settings.name = "Non-Color"
    width, height = image.size
    pixels = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(pixels)
    return pixels.reshape(height, width, 4)[..., :3]
