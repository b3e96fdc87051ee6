# SPDX-License-Identifier: GPL-3.0-or-later
"""A strip rendered by itself, in a temporary copy of its scene."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from .. import compat
from ..bases import there


@contextmanager
def alone(scene: bpy.types.Scene, strip: bpy.types.Strip) -> Iterator[Any]:
    """A temporary copy of ``scene`` that shows nothing but ``strip``."""
    copy = scene.copy()
    try:
        compat.show_alone(there(copy.sequence_editor), strip.name)
        render = copy.render
        render.resolution_percentage = 100
        render.use_border = render.use_compositing = render.use_multiview = render.use_stamp = False
        render.use_placeholder = False
        render.use_sequencer = render.use_overwrite = render.use_file_extension = True
        render.dither_intensity = 0.0
        for name in dir(render):  # they end up in the files, which are to be the same whenever they are made
            if name.startswith("use_stamp_"):
                setattr(render, name, False)
        compat.png_output(render)
        view: Any = copy.view_settings
        view.view_transform, view.look, view.exposure, view.gamma = "Standard", "None", 0.0, 1.0
        view.use_curve_mapping = False
        yield copy
    finally:
        bpy.data.scenes.remove(copy)


def render_frame(copy: Any, frame: int, path: Path) -> None:
    """Render ``frame`` of the timeline of the scene that :func:`alone` gave to ``path``. Raises RuntimeError."""
    copy.frame_set(frame)
    copy.render.filepath = str(path)
    with bpy.context.temp_override(scene=copy):  # else the frame is that of the window's scene
        bpy.ops.render.render(write_still=True)
