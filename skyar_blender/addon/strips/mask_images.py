# SPDX-License-Identifier: GPL-3.0-or-later
"""A marked strip, rendered: one image, or one for each frame where it moves."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from ...contract.errors import ErrorCode, SkyarError
from .. import compat
from ..bases import there
from .alone import alone, render_frame

#: Long side of the images that tell whether a mask moves at all.
_GLANCE = 160
_FRESH = "rendered.png"


@dataclass(frozen=True)
class MaskImages:
    """Rendered images in a temporary folder of Blender's.

    Attributes:
        folder: where they are.
        files: their names; a single one where nothing moves, else one per frame.
        digest: tells images apart by what they show.
    """

    folder: Path
    files: list[str]
    digest: str


def render_mask(scene: bpy.types.Scene, strip: bpy.types.Strip, frames: range, size: tuple[int, int]) -> MaskImages:
    """What ``strip`` alone shows in the frame of ``scene`` at ``frames`` of the timeline, muted or not.

    8-bit PNGs as a person sees them under the view "Standard", large enough for a clip of ``size``.

    Raises:
        SkyarError: ``unsupported`` when Blender does not render it.
    """
    folder = Path(tempfile.mkdtemp(prefix="mask-", dir=bpy.app.tempdir))
    with alone(scene, strip) as copy:
        still = _is_still_image(scene, strip) or (strip.type == "MASK" and _stands_still(copy, strip, frames, folder))
        width, height = copy.render.resolution_x, copy.render.resolution_y
        copy.render.resolution_percentage = round(100 * min(4.0, max(1.0, size[0] / width, size[1] / height)))
        files = []
        for number, frame in enumerate(_reported(frames[:1] if still else frames), start=1):
            files.append(f"{number:06d}.png")
            (folder / files[-1]).write_bytes(_render(copy, strip, frame, folder))
    (folder / _FRESH).unlink(missing_ok=True)
    digest = hashlib.sha256()
    for name in files:
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return MaskImages(folder, files, digest.hexdigest()[:16])


def _is_still_image(scene: bpy.types.Scene, strip: Any) -> bool:
    """Whether it can be told without looking that nothing moves."""
    path = strip.path_from_id()
    animated = any(curve.data_path.startswith(path) for curves in compat.fcurve_lists(scene) for curve in curves)
    return strip.type == "IMAGE" and len(strip.elements) == 1 and not animated and not len(strip.modifiers)


def _stands_still(copy: Any, strip: bpy.types.Strip, frames: range, folder: Path) -> bool:
    """Look at every frame in small: shapes of a mask may be animated in ways that Python cannot see."""
    render = copy.render
    render.resolution_percentage = max(1, round(100 * _GLANCE / max(render.resolution_x, render.resolution_y)))
    try:
        first = _render(copy, strip, frames[0], folder)
        return all(_render(copy, strip, frame, folder) == first for frame in frames[1:])
    finally:
        render.resolution_percentage = 100


def _render(copy: Any, strip: bpy.types.Strip, frame: int, folder: Path) -> bytes:
    path = folder / _FRESH
    path.unlink(missing_ok=True)
    try:
        render_frame(copy, frame, path)
        if strip.type == "MASK":
            compat.mend_mask(path)
        return path.read_bytes()
    except (RuntimeError, OSError) as error:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"The marked strip “{strip.name}” cannot be rendered.",
            f"{error}".strip(),
            "Clear its mark, or render it to a picture and mark that.",
        ) from error


def _reported(frames: range) -> Iterator[int]:
    """``frames``, with the progress shown at the mouse."""
    manager = there(bpy.context.window_manager)
    manager.progress_begin(0, len(frames))
    try:
        for done, frame in enumerate(frames):
            manager.progress_update(done)
            yield frame
    finally:
        manager.progress_end()
