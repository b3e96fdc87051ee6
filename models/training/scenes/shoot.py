# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendering views of a built scene with Cycles: surfaces, the sky behind them and the air between, in one pass.

The film is transparent, so the picture's alpha is what covers the sky; the sky itself comes out of the same samples
as a pass of its own (Environment), so both add up to the image exactly.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from .cameras.lens import SENSOR_MM, Lens
from .materials import AIR_PASS

Float64Array = NDArray[np.float64]

#: From the camera's axes (x right, y down, z forward) to Blender's (y up, looks along -z).
_FLIP = np.diag([1.0, -1.0, -1.0])


def prepare(samples: int, seed: int, threads: int = 1, denoise: bool = True) -> None:
    """Set quality and passes. Few samples, few bounces; the same seed gives the same image."""
    scene = bpy.context.scene
    render, cycles = scene.render, scene.cycles
    render.engine = "CYCLES"
    render.threads_mode, render.threads = "FIXED", threads
    render.use_persistent_data = True
    render.use_compositing = render.use_sequencer = False
    render.resolution_percentage = 100
    render.film_transparent = True
    cycles.device = "CPU"
    cycles.samples, cycles.seed, cycles.use_adaptive_sampling = samples, seed, False
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 3, 1, 2
    cycles.transmission_bounces, cycles.transparent_max_bounces = 1, 2
    cycles.sample_clamp_direct, cycles.sample_clamp_indirect = 0.0, 4.0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_denoising = denoise
    if denoise:
        cycles.denoiser, cycles.denoising_quality = "OPENIMAGEDENOISE", "FAST"
        cycles.denoising_input_passes, cycles.denoising_prefilter = "RGB_ALBEDO_NORMAL", "NONE"
    layer = bpy.context.view_layer
    layer.use_pass_environment = True
    if AIR_PASS not in layer.aovs:
        air = layer.aovs.add()
        air.name, air.type = AIR_PASS, "COLOR"
    settings = render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format, settings.color_depth, settings.exr_codec = "OPEN_EXR_MULTILAYER", "32", "NONE"


def camera(lens: Lens) -> bpy.types.Object:
    """The scene's camera, made on the first call, with this lens; also sets the size of the image."""
    scene = bpy.context.scene
    thing = scene.camera
    if thing is None:
        data = bpy.data.cameras.new("camera")
        thing = bpy.data.objects.new("camera", data)
        thing.rotation_mode = "QUATERNION"
        scene.collection.objects.link(thing)
        scene.camera = thing
        data.clip_start, data.clip_end = 0.03, 60000.0
        data.sensor_width = data.sensor_height = SENSOR_MM
        data.sensor_fit = "AUTO"
    thing.data.lens = lens.focal_mm
    scene.render.resolution_x, scene.render.resolution_y = lens.width, lens.height
    return thing


def aim(thing: bpy.types.Object, rotation: Float64Array, place: Float64Array) -> None:
    """Put the camera at `place` with `rotation` (camera x right, y down, z forward, to world; 3x3)."""
    thing.rotation_quaternion = Matrix((rotation @ _FLIP).tolist()).to_quaternion()
    thing.location = place


def write_sky(path: Path, samples: int) -> None:
    """Render the world alone, as the camera sees it where nothing stands before it, to `path`.raw.exr.

    From a scene of its own, with the samples of `prepare` or more, so that stars and a sun have their exact share.
    """
    main = bpy.context.scene
    scene = bpy.data.scenes.new("sky alone")
    scene.world, scene.camera = main.world, main.camera
    scene.collection.objects.link(main.camera)
    render, cycles = scene.render, scene.cycles
    render.engine, cycles.device = "CYCLES", "CPU"
    render.resolution_x, render.resolution_y = main.render.resolution_x, main.render.resolution_y
    render.resolution_percentage = 100
    render.threads_mode, render.threads = "FIXED", main.render.threads
    render.use_compositing = render.use_sequencer = False
    cycles.samples, cycles.seed, cycles.use_adaptive_sampling = samples, main.cycles.seed, False
    cycles.use_denoising, cycles.max_bounces = False, 0
    cycles.sample_clamp_direct = cycles.sample_clamp_indirect = 0.0
    settings = render.image_settings
    settings.file_format, settings.color_depth, settings.exr_codec = "OPEN_EXR", "32", "ZIP"
    render.filepath = str(path.with_name(path.name + ".raw.exr"))
    bpy.ops.render.render(write_still=True, scene=scene.name)
    bpy.data.scenes.remove(scene)


def write(path: Path, metadata: dict[str, Any]) -> Path:
    """Render to `path`.raw.exr and write `metadata` to `path`.raw.facts beside it; returns the latter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    light, about = path.with_name(path.name + ".raw.exr"), path.with_name(path.name + ".raw.facts")
    bpy.context.scene.render.filepath = str(light)
    bpy.ops.render.render(write_still=True)
    about.write_text(json.dumps(metadata), encoding="utf-8")
    return about
