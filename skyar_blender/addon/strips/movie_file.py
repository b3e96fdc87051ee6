# SPDX-License-Identifier: GPL-3.0-or-later
"""What Blender says of a movie strip's file. Each question lets it open the file, so an answer is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy

from ..opened_image import opened_image
from .picture_file import WITH_ALPHA

#: Answers by the question, the file and its state.
_known: dict[tuple[object, ...], Any] = {}
_MOST = 1000


def fps_of(strip: Any) -> float:
    """Frames per second of the strip's movie; 0 where Blender does not know."""
    return float(_answer("fps", strip, lambda: strip.fps))


def frames_of(strip: bpy.types.Strip, path: Path) -> int:
    """How many frames Blender reads from the movie at ``path``; 0 where it is none.

    Raises:
        RuntimeError: Blender cannot read it.
    """
    return _first_look(strip, path)[0]


def has_alpha(strip: Any, path: Path) -> bool:
    """Whether Blender reads an alpha from the movie at ``path``. Raises RuntimeError as :func:`frames_of`."""
    return _first_look(strip, path)[1]


def _first_look(strip: Any, path: Path) -> tuple[int, bool]:
    def look() -> tuple[int, bool]:
        with opened_image(path) as image:
            readable = image.source == "MOVIE" and image.size[0] > 0
            return (int(image.frame_duration), image.depth in WITH_ALPHA) if readable else (0, False)

    frames, alpha = _answer("first look", strip, look)
    return frames, alpha


def _answer(question: str, strip: Any, ask: Callable[[], Any]) -> Any:
    path = Path(bpy.path.abspath(strip.filepath))
    try:
        state = path.stat()
    except OSError:
        return ask()
    key = (question, str(path), state.st_size, state.st_mtime_ns, strip.stream_index)
    if key not in _known:
        if len(_known) >= _MOST:
            _known.clear()
        _known[key] = ask()
    return _known[key]
