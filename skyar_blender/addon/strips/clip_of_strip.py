# SPDX-License-Identifier: GPL-3.0-or-later
"""A strip as the clip of a job."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import bpy

from ...contract.clip import Clip, Projection
from ...contract.errors import ErrorCode, SkyarError
from ..compat import MOVIES_ARE_TURNED, SHOWN_STREAM
from .colour_space import transform_of
from .movie_file import fps_of, frames_of
from .picture_file import size_of
from .source_frames import source_frames


def clip_of_strip(strip: Any, scene: bpy.types.Scene, projection: Projection = "auto") -> Clip:
    """What the engine must read to see what ``strip`` shows, frame by frame.

    Raises:
        SkyarError: ``clip_missing``, ``clip_unreadable``, ``unsupported``.
    """
    if strip.type == "MOVIE":
        path = _existing(strip, Path(bpy.path.abspath(strip.filepath)))
        if strip.stream_index > 0:
            raise SkyarError(
                ErrorCode.UNSUPPORTED,
                f"The strip “{strip.name}” shows video stream {strip.stream_index} of its file.",
                "The nodes that show a result read the first one, stream 0.",
                f"Write the stream to a file of its own (ffmpeg -i OLD -map 0:v:{strip.stream_index} -c copy NEW) "
                "and add that to the sequencer.",
            )
        frames = source_frames(strip, scene, _frames_in_movie(strip, path))
        file = {"path": str(path), "stream": SHOWN_STREAM, "turned": MOVIES_ARE_TURNED}
        return _clip(strip, scene, frames, kind="movie", projection=projection, **file)
    folder = _existing(strip, Path(bpy.path.abspath(strip.directory)))
    files = [element.filename for element in strip.elements]
    frames = source_frames(strip, scene, len(files))
    shown = {files[frame] for frame in frames}
    for name in shown:
        _existing(strip, folder / name)
    endings = {Path(name).suffix.lower() for name in shown}
    if len(endings) > 1:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"The pictures of the strip “{strip.name}” are of several kinds.",
            f"They end in {', '.join(sorted(endings))}: perhaps each frame is there twice.",
            "Add those of one kind only, or convert them to one kind, such as PNG.",
        )
    return _clip(strip, scene, frames, path=str(folder), kind="sequence", files=files, projection=projection)


def size_of_strip(strip: Any) -> tuple[int, int]:
    """Width and height of the strip's media in pixels.

    Raises:
        SkyarError: ``clip_unreadable``.
    """
    element = strip.elements[0]
    if element.orig_width > 0 and element.orig_height > 0:
        return element.orig_width, element.orig_height
    path = Path(bpy.path.abspath(strip.filepath if strip.type == "MOVIE" else strip.directory))
    try:
        width, height = size_of(path if strip.type == "MOVIE" else path / element.filename)
    except RuntimeError as error:
        raise _unreadable(strip, path) from error
    if not (width and height):
        raise _unreadable(strip, path)
    return width, height


def _clip(strip: Any, scene: bpy.types.Scene, frames: list[int], **where: Any) -> Clip:
    if not frames:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"The strip “{strip.name}” shows no frame.",
            "Its handles leave nothing of it.",
            "Drag a handle until some frames of it show.",
        )
    first, last = frames[0], frames[-1]
    plain = frames == list(range(first, last + 1))
    movie = where["kind"] == "movie"
    rate = Fraction(scene.render.fps_base).limit_denominator(10000)
    rate = Fraction(scene.render.fps) / rate
    where["colour_space"] = strip.colorspace_settings.name
    where["colour"] = transform_of(strip.colorspace_settings.name)
    fps = fps_of(strip) if movie else 0.0
    own = Fraction(fps).limit_denominator(1001) if fps > 0 else None
    # The scene's rate is that of the result; a movie played as it is keeps its own, exact one.
    same = plain and own is not None and abs(own - rate) < Fraction(1, 1000)
    return Clip(
        **where,
        rate=None if same else str(rate.limit_denominator(1001)),
        first=first if plain else 0,
        last=last if plain else None,
        order=None if plain else frames,
    )


def _frames_in_movie(strip: bpy.types.Strip, path: Path) -> int:
    try:
        frames = frames_of(strip, path)
    except RuntimeError as error:
        raise _unreadable(strip, path) from error
    if frames < 1:
        raise _unreadable(strip, path)
    return frames


def _existing(strip: Any, path: Path) -> Path:
    if path.exists():
        return path.resolve()
    raise SkyarError(
        ErrorCode.CLIP_MISSING,
        f"The strip “{strip.name}” shows a file that is not there: {path}.",
        "It was moved, renamed or deleted.",
        "Point the strip to the file: in the sidebar's Strip tab, Source.",
    )


def _unreadable(strip: bpy.types.Strip, path: Path) -> SkyarError:
    return SkyarError(
        ErrorCode.CLIP_UNREADABLE,
        f"Blender cannot read the file of the strip “{strip.name}”: {path}.",
        "It is damaged, empty, or of a kind that Blender does not know.",
        "Play it in another program; convert it to H.264 or to a sequence of PNG files if it plays there.",
    )
