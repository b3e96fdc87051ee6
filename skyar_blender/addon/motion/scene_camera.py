# SPDX-License-Identifier: GPL-3.0-or-later
"""The motion of a camera of a scene, sampled at each frame of a strip."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from ...contract.motion_file import CameraMotion, CameraPose
from .. import compat
from .axes import to_track
from .lens import clip_scale, strip_place

# Deviation from right angles of the axes of a camera, which shears or mirrors what it sees.
_SHEAR = 5e-4


def sample(scene: bpy.types.Scene, strip: bpy.types.Strip, size: tuple[int, int], name: str) -> CameraMotion:
    """The camera at each frame of the timeline that ``strip`` shows, and what it sees of a clip of ``size``.

    The camera is the one called ``name``, in whatever scene it is, or without a name that of ``scene``; markers that
    are bound to cameras switch it, and each switch is a cut. The timeline of ``scene`` counts for all of them.

    Raises:
        SkyarError: ``unsupported`` when there is no such camera, or it sees what no image of a clip can be.
    """
    left, right = compat.handles(strip)
    cameras = [_named(name) if name else _active(scene, frame) for frame in range(left, right)]
    layers = {camera: layer_of(camera, scene) for camera in dict.fromkeys(cameras)}
    poses: list[CameraPose | None] = []
    with kept_time([home for home, _ in layers.values()]):
        for frame, camera in zip(range(left, right), cameras, strict=True):
            home, layer = layers[camera]
            home.frame_set(frame)
            seen = camera.evaluated_get(layer.depsgraph)
            lens = _lens(seen.data, camera.name, frame)
            where = strip_place(scene, home, strip, size, frame)
            scale = clip_scale(seen.data, home.render, where, size, strip.name)
            rotation = to_track(rotation_of(seen.matrix_world, camera.name, frame))
            try:
                poses.append(
                    CameraPose(rotation=rotation, focal_length=round(lens * scale, 9), camera=camera.name_full)
                )
            except ValueError as error:
                raise _unusable(camera.name, f"At frame {frame} {error}.", "Correct it there.") from error
    return CameraMotion(frames=poses)


@contextmanager
def kept_time(scenes: list[Any]) -> Iterator[None]:
    """Let ``scenes`` be at the frame at which they were, afterwards."""
    before = [(scene, scene.frame_current, scene.frame_subframe) for scene in dict.fromkeys(scenes)]
    try:
        yield
    finally:
        for scene, frame, part in before:
            scene.frame_set(frame, subframe=part)


def rotation_of(matrix: Any, name: str, frame: int) -> Any:
    """The rotation in the world of a camera with ``matrix``, whatever its scale.

    Raises:
        SkyarError: ``unsupported`` when it has none.
    """
    if not all(math.isfinite(value) for row in matrix for value in row):
        raise _unusable(
            name,
            f"At frame {frame} its place or rotation is not a number.",
            "Look for a driver, a constraint or an F-curve of the camera, or of its parents, that gives no number.",
        )
    axes = matrix.to_3x3().normalized()
    sheared = max(abs(axes.col[i].dot(axes.col[j])) for i, j in ((0, 1), (1, 2), (2, 0))) > _SHEAR
    if sheared or axes.determinant() < 0.5:
        raise _unusable(
            name,
            f"At frame {frame} it is sheared, mirrored, or of no size.",
            "Apply the scale of the camera and of its parents, and leave no scale negative or uneven.",
        )
    return axes.to_quaternion().to_matrix()


def _lens(data: Any, name: str, frame: int) -> float:
    """Focal length of a camera in mm."""
    if data.type != "PERSP":
        raise _unusable(
            name,
            f"It is of type “{data.bl_rna.properties['type'].enum_items[data.type].name}” at frame {frame}.",
            "Set its Lens Type to Perspective.",
        )
    if max(abs(data.shift_x), abs(data.shift_y)) > 1e-6:
        raise _unusable(
            name,
            f"Its lens is shifted by {data.shift_x:g} and {data.shift_y:g} at frame {frame}, "
            "so that it does not look through the centre of its picture.",
            "Set Shift X and Shift Y to 0.",
        )
    lens = float(data.lens)
    if not (math.isfinite(lens) and lens > 0):
        raise _unusable(name, f"Its focal length is {lens:g} mm at frame {frame}.", "Give it that of the real lens.")
    return lens


def _named(name: str) -> Any:
    camera = bpy.data.objects.get(name)
    if camera is None or camera.type != "CAMERA":
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"There is no camera called “{name}”.",
            "It was renamed or removed." if camera is None else "That object is no camera.",
            "Choose another camera, or none for that of the scene.",
        )
    return camera


def _active(scene: bpy.types.Scene, frame: int) -> Any:
    """The camera of ``scene`` at ``frame``, as markers switch it."""
    bound = sorted((m for m in scene.timeline_markers if m.camera is not None), key=lambda marker: marker.frame)
    if bound:
        return ([marker for marker in bound if marker.frame <= frame] or bound[:1])[-1].camera
    camera = scene.camera
    if camera is None:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"The scene “{scene.name}” has no camera.",
            "The motion of a camera was asked for, but none was chosen.",
            "Choose a camera, or let SkyAR follow the motion itself.",
        )
    return _named(camera.name) if camera.type != "CAMERA" else camera


def layer_of(camera: Any, scene: bpy.types.Scene) -> tuple[Any, Any]:
    """A scene that holds ``camera``, preferably ``scene``, and a view layer of it in which it is evaluated.

    Raises:
        SkyarError: ``unsupported`` when there is none, or it runs at another rate than ``scene``.
    """
    homes = sorted(camera.users_scene, key=lambda home: (home != scene, home.camera != camera))
    for home in homes:
        for layer in home.view_layers:
            layer.update()  # what was just made is in the layers of other scenes only then
            if camera in layer.objects.values():
                _check_rate(home, scene, camera)
                return home, layer
    raise _unusable(
        camera.name,
        "It is in no scene, or its collection is excluded there, so that it never moves.",
        "Put it into a collection of a scene that is not excluded from the view layer.",
    )


def _check_rate(home: bpy.types.Scene, scene: bpy.types.Scene, camera: Any) -> None:
    ours, theirs = (each.render.fps / each.render.fps_base for each in (scene, home))
    if abs(ours - theirs) > 1e-3:
        raise _unusable(
            camera.name,
            f"Its scene “{home.name}” runs at {theirs:g} frames per second, and “{scene.name}” at {ours:g}, so that "
            "their frames do not fall together.",
            "Give both scenes the same rate.",
        )


def _unusable(name: str, why: str, todo: str) -> SkyarError:
    return SkyarError(ErrorCode.UNSUPPORTED, f"The camera “{name}” cannot give the motion.", why, todo)
