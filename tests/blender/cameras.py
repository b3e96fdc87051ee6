# SPDX-License-Identifier: GPL-3.0-or-later
"""Cameras that move as the tests want it, and skies that show where they look.

Import only after ``conftest`` has started Blender.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from blender.shots import WIDTH
from mathutils import Euler, Matrix, Vector


def turned(yaw: float, pitch: float = 0.0) -> Any:
    """Rotation of a camera that looks along +x, turned to the right and up by degrees."""
    return Euler((math.radians(90 + pitch), 0, math.radians(-90 - yaw))).to_matrix()


def add_camera(scene: Any, first: int, yaws: Sequence[float], lens: float = 36.0, name: str = "Camera") -> Any:
    """A camera on a sensor 36 mm wide, level, turned by ``yaws`` degrees from timeline frame ``first`` on."""
    data = bpy.data.cameras.new(name)
    data.lens, data.sensor_width = lens, 36.0
    camera = bpy.data.objects.new(name, data)
    scene.collection.objects.link(camera)
    for index, yaw in enumerate(yaws):
        camera.rotation_euler = math.radians(90), 0, math.radians(-90 - yaw)
        camera.location = index, 3, 2  # no matter
        camera.keyframe_insert("rotation_euler", frame=first + index)
        camera.keyframe_insert("location", frame=first + index)
    return camera


def solved_clip(
    path: Path, frames: Sequence[int], rotation: Callable[[int], Any], missing: Sequence[int] = ()
) -> Any:
    """A movie clip of ``path``, solved in the Movie Clip Editor from markers of a camera that turns.

    ``rotation`` gives its rotation at each of ``frames``, counted from 1; at ``missing`` there is no marker.
    """
    clip = bpy.data.movieclips.load(str(path))
    lens = clip.tracking.camera
    lens.sensor_width, lens.focal_length = 36.0, 36.0
    width, height = clip.size
    focal = lens.focal_length_pixels
    rng = np.random.default_rng(3)
    ahead = rotation(frames[len(frames) // 2])
    for number, (x, y) in enumerate(rng.uniform((-0.3, -0.2), (0.3, 0.2), (24, 2))):
        track = clip.tracking.tracks.new(name=f"Point {number}", frame=frames[0])
        for frame in frames:
            if frame not in missing:
                seen = rotation(frame).transposed() @ ahead @ Vector((x, y, -1))
                place = focal * seen.x / -seen.z / width + 0.5, focal * seen.y / -seen.z / height + 0.5
                track.markers.insert_frame(frame, co=place)
    clip.tracking.settings.use_tripod_solver = True
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "CLIP_EDITOR"
    area.spaces[0].clip = clip
    region = next(region for region in area.regions if region.type == "WINDOW")
    with bpy.context.temp_override(window=window, area=area, region=region):
        assert bpy.ops.clip.solve_camera() == {"FINISHED"}
    return clip


def follow(scene: Any, clip: Any, rotation: Any) -> Any:
    """A camera with a Camera Solver constraint, oriented by ``rotation``."""
    camera = bpy.data.objects.new("Solved", bpy.data.cameras.new("Solved"))
    scene.collection.objects.link(camera)
    constraint = camera.constraints.new("CAMERA_SOLVER")
    constraint.use_active_clip = False
    constraint.clip = clip
    camera.matrix_basis = Matrix(rotation).to_4x4()
    return camera


def save_panorama(path: Path, brightness: Callable[[np.ndarray], np.ndarray]) -> str:
    """A panorama, as bright in each direction as ``brightness`` says (0..1) of its azimuth in degrees."""
    width, height = 720, 360
    row = brightness((np.arange(width) + 0.5) / width * 360 - 180)
    pixels = np.ones((height, width, 4), np.float32)
    pixels[..., :3] = row[None, :, None]
    image = bpy.data.images.new("panorama", width, height)
    try:
        image.pixels.foreach_set(pixels.ravel())
        image.filepath_raw, image.file_format = str(path), "PNG"
        image.save()
    finally:
        bpy.data.images.remove(image)
    return str(path)


def show_panorama(scene: Any, path: str) -> Any:
    """Let ``scene`` render its World, which is the panorama at ``path``; the Mapping node that can turn it."""
    scene.world = bpy.data.worlds.new("Panorama")
    scene.world.use_nodes = True
    tree = scene.world.node_tree
    coordinates, mapping, texture = (
        tree.nodes.new(f"ShaderNode{name}") for name in ("TexCoord", "Mapping", "TexEnvironment")
    )
    texture.image = bpy.data.images.load(path)
    tree.links.new(coordinates.outputs["Generated"], mapping.inputs["Vector"])
    tree.links.new(mapping.outputs["Vector"], texture.inputs["Vector"])
    tree.links.new(texture.outputs["Color"], tree.nodes["Background"].inputs["Color"])
    scene.render.engine, scene.cycles.samples, scene.cycles.use_denoising = "CYCLES", 4, False
    scene.render.use_sequencer = False
    return mapping


def meridian(azimuth: np.ndarray) -> np.ndarray:
    """A bright line from the horizon to the zenith, where a panorama has its middle."""
    return 0.15 + 0.75 * np.exp(-((azimuth / 2.5) ** 2))


def line_at(image: np.ndarray) -> float:
    """The column at which a rendered image shows :func:`meridian` in its sky."""
    row = image[: image.shape[0] // 5].mean((0, 2))
    weights = np.clip(row - np.median(row), 0, None) ** 2
    return float((weights * np.arange(len(row))).sum() / weights.sum())


def expected_line(yaw: float, focal: float = WIDTH) -> float:
    """The same for a level camera turned to the right by ``yaw`` degrees; ``focal`` in pixels."""
    return (WIDTH - 1) / 2 - focal * math.tan(math.radians(yaw))
