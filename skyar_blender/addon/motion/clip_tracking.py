# SPDX-License-Identifier: GPL-3.0-or-later
"""A camera that was solved in the Movie Clip Editor."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import bpy
from mathutils import Matrix

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Clip
from ...contract.motion_file import CameraMotion, CameraPose
from .axes import to_track
from .clip_lens import distortion_of
from .lens import SENSOR
from .orientation import orientation
from .scene_camera import rotation_of

# Pixels by which the optical centre may lie off the centre of the image.
_OFF = 0.5
_NUMBER = re.compile(r"(\d+)(?=\D*$)")


def sample(strip: bpy.types.Strip, media: Clip, size: tuple[int, int], name: str) -> tuple[CameraMotion, list[str]]:
    """The solved camera at each frame that ``strip`` shows of ``media``, and what the user should know of it.

    The movie clip is the one called ``name``, or without a name the one of the strip's file. Where it has no solved
    camera, the motion is left to be filled in. The world is that of a camera with a Camera Solver constraint, once
    it was oriented; without one the solve knows no horizon.

    Raises:
        SkyarError: ``unsupported`` when there is no such clip, no solve, or one that cannot be used.
    """
    movie = _named(name) if name else _of_media(strip, media)
    solved = next(each for each in movie.tracking.objects if each.is_camera).reconstruction
    cameras = {camera.frame: camera for camera in solved.cameras}
    if not (solved.is_valid and cameras):
        raise _unusable(
            movie,
            "Its camera was never solved, or the solve failed.",
            "Track it in the Movie Clip Editor and press Solve Camera Motion, or let SkyAR follow the motion itself.",
        )
    focal = _focal(movie, size)
    distortion = distortion_of(movie.tracking.camera, *movie.size)
    base = orientation(movie, cameras)
    poses: list[CameraPose | None] = []
    numbers = [clip_frame(movie, media, source) for source in _shown(media)]
    for number in numbers:
        camera = cameras.get(number)
        if camera is None:
            poses.append(None)
            continue
        turned = rotation_of(Matrix(camera.matrix), movie.name, number)
        poses.append(
            CameraPose(
                rotation=to_track(turned if base is None else base @ turned),
                focal_length=focal,
                confidence=_confidence(camera.average_error),
                distortion=distortion or 0.0,
            )
        )
    if poses[0] is None or poses[-1] is None:
        raise _unusable(
            movie,
            f"Its camera is solved from frame {min(cameras)} to {max(cameras)}, but the strip “{strip.name}” begins "
            f"at frame {numbers[0]} of it and ends at {numbers[-1]}; no camera is guessed beyond what was solved.",
            "Track the missing frames and solve again, or trim the strip.",
        )
    return CameraMotion(frames=poses, upright=base is not None), _notes(movie, distortion)


def clip_frame(movie: Any, media: Clip, source: int) -> int:
    """The number in the Movie Clip Editor of a source frame (from 0); the first frame of a clip has the number 1."""
    index = source
    if media.kind == "sequence" and movie.source == "SEQUENCE":
        first, own = (_NUMBER.search(name) for name in (Path(movie.filepath).name, media.files[source]))
        if first and own:
            index = int(own[1]) - int(first[1])
    return int(index - movie.frame_offset + 1)


def _shown(media: Clip) -> list[int]:
    if media.order is not None:
        return media.order
    assert media.last is not None  # a strip ends
    return list(range(media.first, media.last + 1))


def _confidence(error: float) -> float:
    """0..1 from the mean distance in pixels between a frame's markers and where the solve puts them."""
    return round(1.0 / (1.0 + error * error), 4) if math.isfinite(error) else 0.0


def _named(name: str) -> Any:
    movie = bpy.data.movieclips.get(name)
    if movie is None:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"There is no movie clip called “{name}”.",
            "It was renamed or removed.",
            "Choose another movie clip, or none for that of the strip's file.",
        )
    return movie


def _of_media(strip: bpy.types.Strip, media: Clip) -> Any:
    for movie in bpy.data.movieclips:
        path = Path(bpy.path.abspath(movie.filepath)).resolve()
        if path == Path(media.path) or (path.parent == Path(media.path) and path.name in media.files):
            return movie
    raise SkyarError(
        ErrorCode.UNSUPPORTED,
        f"There is no movie clip of the file of the strip “{strip.name}”.",
        f"None of the {len(bpy.data.movieclips)} movie clips in this .blend shows {media.path}.",
        "Open the file in the Movie Clip Editor, track and solve it there, or choose the movie clip to use.",
    )


def _focal(movie: Any, size: tuple[int, int]) -> float:
    """Focal length in mm on a sensor 36 mm wide along the long side of the image."""
    camera, (width, height) = movie.tracking.camera, movie.size
    if not (width and height):
        raise _unusable(movie, "Its file cannot be read.", "Point the movie clip to its file.")
    if abs(width * size[1] / (height * size[0]) - 1) > 0.005 or abs(camera.pixel_aspect - 1) > 0.005:
        raise _unusable(
            movie,
            f"Its picture of {width} x {height} with a pixel aspect of {camera.pixel_aspect:g} has other proportions "
            f"than the strip's of {size[0]} x {size[1]}.",
            "Solve the very file that the strip shows, with square pixels.",
        )
    off = [place - half for place, half in zip(camera.principal_point_pixels, (width / 2, height / 2), strict=True)]
    if not max(abs(off[0]), abs(off[1])) <= _OFF:
        raise _unusable(
            movie,
            f"Its optical centre lies {off[0]:.1f} and {off[1]:.1f} pixels off the centre of the picture.",
            "Reset the Optical Center in the Lens panel, leave it out of Refine, and solve again.",
        )
    focal = float(camera.focal_length_pixels) * SENSOR / max(width, height)
    if not (math.isfinite(focal) and focal > 0):
        raise _unusable(
            movie, f"Its focal length is {camera.focal_length:g}.", "Set that of the lens, and solve again."
        )
    return float(round(focal, 9))


def _notes(movie: Any, distortion: float | None) -> list[str]:
    if distortion is not None:
        return []
    return [
        f"The lens of “{movie.name}” is distorted in a way that the new sky cannot be: where it slides towards the "
        "corners, solve with the distortion model Division, or render the clip undistorted and use that."
    ]


def _unusable(movie: Any, why: str, todo: str) -> SkyarError:
    return SkyarError(
        ErrorCode.UNSUPPORTED, f"The camera of the movie clip “{movie.name}” cannot give the motion.", why, todo
    )
