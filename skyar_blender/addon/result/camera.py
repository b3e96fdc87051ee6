# SPDX-License-Identifier: GPL-3.0-or-later
"""The tracked camera of a result, as an animated camera of the scene."""

from __future__ import annotations

from typing import Any

import bpy
from mathutils import Matrix

from ...contract.documents import read_object
from ...contract.errors import SkyarError
from ...contract.track_file import Track
from .. import compat
from ..motion.axes import to_blender
from ..motion.lens import SENSOR, clip_scale
from ..strips.placement import placement
from .link import folder_of
from .sun import sun_of
from .timing import start_of
from .track import no_camera, track_of


def add_camera(scene: bpy.types.Scene, strip: bpy.types.Strip) -> Any:
    """Add a camera to ``scene`` that moves as the one of the result that ``strip`` shows, frame by frame; the object.

    It stands at the origin: what was found is how it turns and zooms. In its world z is up and +x is where the middle
    of the panorama lies before it is turned (:func:`sky_turn`), so that the camera can give another run its motion.
    It becomes the scene's camera only where there is none.

    Raises:
        SkyarError: ``unsupported`` when the result has no track with a world, or ``strip`` shows it in a way that no
            camera of the scene can see.
    """
    track, world = track_of(strip)
    size = track.width, track.height
    start = start_of(strip)
    lenses = []
    data = bpy.data.cameras.new(f"SkyAR {strip.name}")
    try:
        data.sensor_fit, data.sensor_width = "AUTO", SENSOR
        if track.projection == "equirectangular":
            compat.panorama_camera(data)
        for frame in () if data.type == "PANO" else track.frames:
            where = placement(scene, strip, size, start + frame.index)
            scale = clip_scale(data, scene.render, where, size, strip.name)
            lenses.append(track.focal(frame.index) * SENSOR / max(size) / scale)
        lens: Any = data.bl_rna.properties["lens"]
        low, high = lens.hard_min, lens.hard_max
        if lenses and (min(lenses) < low or max(lenses) > high):
            raise no_camera(strip, "Its focal length is none that a camera of Blender can have.", "Scale the strip.")
    except SkyarError:
        bpy.data.cameras.remove(data)
        raise
    camera = bpy.data.objects.new(data.name, data)
    scene.collection.objects.link(camera)
    if scene.camera is None:
        scene.camera = camera
    _turn(camera, track, world, start)
    if lenses:
        _zoom(data, lenses, start)
    return camera


def sky_turn(strip: Any) -> float:
    """Degrees by which the sky of the result was turned to the right in that world; 0 where it does not tell.

    By so much a World that shows the same panorama is to be turned about z.
    """
    suns = sun_of(strip.scene)
    aimed = None if suns is None else suns.turned
    try:
        job = read_object(folder_of(strip.scene).job)
        return float(job["sky"]["rotation"]) + (aimed or 0.0)
    except (OSError, ValueError, TypeError, LookupError):
        return 0.0


def bends_lines(strip: bpy.types.Strip) -> bool:
    """Whether the lens of the result's shot has a radial distortion, which no camera of Blender's has."""
    return any(track_of(strip)[0].distortions())


def _turn(camera: Any, track: Track, world: list[Any], start: int) -> None:
    camera.rotation_mode = "QUATERNION"
    before = None
    shot = -1
    ends = set()
    for frame in track.frames:
        if frame.index == 0 or frame.source == "cut":
            shot += 1
            ends.add(start + frame.index - 1)
        turned = to_blender(Matrix(frame.rotation) @ Matrix(world[shot])).to_quaternion()
        if before is not None and turned.dot(before) < 0:
            turned.negate()  # the same rotation, by the shorter way
        camera.rotation_quaternion = before = turned
        camera.keyframe_insert("rotation_quaternion", frame=start + frame.index)
    compat.linear_keyframes(camera, "rotation_quaternion", frozenset(ends))


def _zoom(data: Any, lenses: list[float], start: int) -> None:
    data.lens = lenses[0]
    if max(lenses) / min(lenses) < 1 + 1e-6:
        return
    for index, lens in enumerate(lenses):
        data.lens = lens
        data.keyframe_insert("lens", frame=start + index)
    compat.linear_keyframes(data, "lens", frozenset())
