# SPDX-License-Identifier: GPL-3.0-or-later
"""Give a Blender camera the path of `handheld`."""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Matrix

from .handheld import CameraPath


def add_camera(path: CameraPath, focal_px: float, width: int, first_frame: int = 1) -> bpy.types.Object:
    """A camera keyed at every frame; `focal_px` is the focal length in pixels of an image `width` wide."""
    data = bpy.data.cameras.new("phone")
    data.sensor_fit, data.sensor_width = "HORIZONTAL", 36.0
    data.lens = focal_px * 36.0 / width
    data.clip_start, data.clip_end = 0.05, 30000.0
    thing = bpy.data.objects.new("phone", data)
    scene = bpy.context.scene
    scene.collection.objects.link(thing)
    scene.camera = thing
    thing.rotation_mode = "QUATERNION"
    # Blender's camera looks along -z with y up; ours looks along +z with y down.
    flip = np.diag([1.0, -1.0, -1.0])
    previous = None
    for index, (rotation, place) in enumerate(zip(path.rotation, path.place, strict=True)):
        turn = Matrix((rotation @ flip).tolist()).to_quaternion()
        if previous is not None:
            turn.make_compatible(previous)
        thing.rotation_quaternion, thing.location = turn, place
        thing.keyframe_insert("rotation_quaternion", frame=first_frame + index)
        thing.keyframe_insert("location", frame=first_frame + index)
        previous = turn
    return thing
