# SPDX-License-Identifier: GPL-3.0-or-later
"""The scene of a result: nothing but a compositor tree, at the size of the footage."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat
from ..bases import there


def prepare_scene(existing: Any, name: str, size: tuple[int, int], frames: int, main: bpy.types.Scene) -> Any:
    """A scene of ``frames`` frames from 1 at ``size`` (width, height); ``existing`` brought up to date, or a new one.

    Its image goes scene-linear into the sequencer of ``main``, whose view transform alone counts.
    """
    scene = existing or bpy.data.scenes.new(name)
    render = scene.render
    render.resolution_x, render.resolution_y = size
    render.resolution_percentage = 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0
    render.use_border = False
    render.fps, render.fps_base = main.render.fps, main.render.fps_base
    scene.frame_start, scene.frame_end = 1, frames
    render.use_compositing = True
    render.use_sequencer = False
    render.use_simplify = False
    render.dither_intensity = 0.0
    there(scene.display_settings).display_device = there(main.display_settings).display_device
    there(scene.view_settings).view_transform = there(main.view_settings).view_transform
    there(scene.view_settings).look = there(main.view_settings).look
    compat.full_precision(scene)
    return scene
