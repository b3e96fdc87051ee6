# SPDX-License-Identifier: GPL-3.0-or-later
"""Render a prepared scene with Cycles on the processor, frame by frame, keeping what is already there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import bpy


def prepare(
    width: int, height: int, rate: int, samples: int, exposure: float = 0.0, threads: int = 2, shutter: float = 0.18
) -> None:
    """Set image size, quality and colour. `shutter` is the share of the frame time the shutter is open."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.resolution_percentage = 100
    scene.render.fps = rate
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    scene.render.use_persistent_data = True
    scene.render.use_motion_blur, scene.render.motion_blur_shutter = True, shutter
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.samples = samples
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.03
    cycles.use_animated_seed = True
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes, cycles.denoising_prefilter = "RGB_ALBEDO_NORMAL", "FAST"
    cycles.denoising_quality = "BALANCED"
    # Under a wide bright sky nearly all light is direct; more bounces cost time and change little.
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 2, 1, 1
    cycles.transmission_bounces, cycles.transparent_max_bounces = 1, 2
    cycles.sample_clamp_indirect = 4.0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = exposure


def render_images(folder: Path, frames: Iterable[int]) -> None:
    """Render the image of each frame to `folder`/000001.png and so on: 16 bits, display-referred sRGB."""
    bpy.context.scene.render.film_transparent = False
    _render(folder, frames, "RGB", "16")


def render_mattes(folder: Path, frames: Iterable[int], samples: int = 64) -> None:
    """Render what covers the sky, as alpha: `folder`/000001.png, 0 where there is nothing but sky.

    The same camera, pixel filter and shutter as the image, so the coverage is the picture's own.
    """
    scene = bpy.context.scene
    scene.render.film_transparent = True
    cycles = scene.cycles
    cycles.use_denoising = cycles.use_adaptive_sampling = False
    cycles.samples, cycles.max_bounces = samples, 0
    # Coverage needs no light: a surface that only glows ends every ray at its first hit.
    bpy.context.view_layer.material_override = _black()
    _render(folder, frames, "RGBA", "8")


def _black() -> bpy.types.Material:
    material = bpy.data.materials.new("black")
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    glow = tree.nodes.new("ShaderNodeEmission")
    glow.inputs["Strength"].default_value = 0.0
    output = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(glow.outputs[0], output.inputs["Surface"])
    return material


def _render(folder: Path, frames: Iterable[int], mode: str, depth: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    scene = bpy.context.scene
    settings = scene.render.image_settings
    settings.file_format, settings.color_mode, settings.color_depth = "PNG", mode, depth
    for frame in frames:
        final, partial = folder / f"{frame:06d}.png", folder / f"partial_{frame:06d}.png"
        if final.exists():
            continue
        scene.frame_set(frame)
        scene.render.filepath = str(partial)
        bpy.ops.render.render(write_still=True)
        # A frame that was cut off half-way never has the final name.
        partial.rename(final)
