# SPDX-License-Identifier: GPL-3.0-or-later
"""A World of the artist's as a sky: rendered to a panorama once, by Cycles."""

from __future__ import annotations

import hashlib
import math
import tempfile
from array import array
from pathlib import Path
from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from .. import compat
from ..opened_image import opened_image
from ..output_folder import file_name, files_of_the_blend
from .light_map import without_light_map
from .made_to_measure import controls_of, width_for

#: Width of the panorama in pixels; it is half as high. A larger environment texture has its own, up to a limit.
WIDTH = 4096
_WIDEST = 8192
#: Width of a shot of which nothing is known.
SHOT = 1536
#: Samples of each pixel: a World has no noise of its own, and they smooth the disc of its sun.
_SAMPLES = 4


def bake_world(name: str, width: int | None = None, shot: int = SHOT) -> Path:
    """The panorama of the World called ``name``, an EXR beside the .blend; rendered in some seconds.

    Its middle is Blender's +x, as that of an Environment Texture. What looks the same has the same file, so that a
    result keeps its sky when the World is changed later. ``shot``: width of the shot in pixels, which counts for a
    World made to measure.

    Raises:
        SkyarError: ``sky_unknown``; ``output_not_writable``; ``unsupported`` where this Blender has no Cycles.
    """
    world = bpy.data.worlds.get(name)
    if world is None:
        known = ", ".join(f"“{each.name}”" for each in bpy.data.worlds) or "none"
        raise SkyarError(
            ErrorCode.SKY_UNKNOWN,
            f"There is no World called “{name}”.",
            f"The Worlds of this file are: {known}.",
            "Choose one of them, or another sky.",
        )
    folder = files_of_the_blend("skyar/worlds")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            path = Path(temporary) / "world.exr"
            _render(world, path, width or _width_of(world, shot))
            baked = folder / f"{file_name(name)}-{_digest(path)}.exr"
            if not baked.exists():
                path.replace(baked)
    except OSError as error:
        raise SkyarError(
            ErrorCode.OUTPUT_NOT_WRITABLE,
            f"The panorama of the World “{name}” could not be written to {folder}.",
            f"{error}.",
            "Make room there, and make sure that you may write to it.",
        ) from error
    return baked


def search(_self: Any, _context: bpy.types.Context, typed: str) -> list[str]:
    """For the search box of a property: Worlds, as far as their names hold what was typed."""
    return [world.name for world in bpy.data.worlds if typed.lower() in world.name.lower()]


def _digest(path: Path) -> str:
    """Of the image alone: the file says when it was rendered."""
    with opened_image(path) as image:
        pixels = array("f", [0.0]) * len(image.pixels)
        image.pixels.foreach_get(pixels)
    return hashlib.sha256(pixels).hexdigest()[:8]


def _width_of(world: Any, shot: int) -> int:
    if controls_of(world) is not None:
        return width_for(shot)
    nodes = world.node_tree.nodes if world.node_tree else ()
    images: list[Any] = [node.image for node in nodes if node.type == "TEX_ENVIRONMENT" and node.image is not None]
    return int(min(max([WIDTH, *(image.size[0] for image in images)]), _WIDEST))


def _render(world: bpy.types.World, path: Path, width: int) -> None:
    # fake-bpy-module knows the engine EEVEE alone, and of Cycles nothing.
    scene: Any = bpy.data.scenes.new("SkyAR World")
    camera = bpy.data.cameras.new("SkyAR World")
    holder = bpy.data.objects.new("SkyAR World", camera)
    try:
        scene.collection.objects.link(holder)
        scene.camera, scene.world = holder, world
        compat.panorama_camera(camera)
        holder.rotation_euler = (math.pi / 2, 0, -math.pi / 2)
        render = scene.render
        try:
            render.engine = "CYCLES"
        except TypeError as error:
            raise SkyarError(
                ErrorCode.UNSUPPORTED,
                "A World cannot be rendered to a panorama.",
                "This Blender has no Cycles, which alone renders panoramas.",
                "Use another build of Blender, or save the World's picture and choose that as Picture.",
            ) from error
        # Clouds made to measure take long, and their grain is that of a camera.
        scene.cycles.samples = 1 if controls_of(world) is not None else _SAMPLES
        scene.cycles.use_denoising = False
        render.resolution_x, render.resolution_y, render.resolution_percentage = width, width // 2, 100
        render.film_transparent, render.use_sequencer, render.use_compositing = False, False, False
        render.use_file_extension = False
        compat.exr_output(render)
        render.filepath = str(path)
        with without_light_map(world):
            bpy.ops.render.render(write_still=True, scene=scene.name)
    finally:
        bpy.data.scenes.remove(scene)
        bpy.data.objects.remove(holder)
        bpy.data.cameras.remove(camera)
