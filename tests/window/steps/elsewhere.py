# SPDX-License-Identifier: GPL-3.0-or-later
"""The file and what lies beside it are moved to another folder: all is found there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import bpy
from hand import FOLDER, picture, skyar, until
from shot import BLEND, result_strip


def do() -> Iterator[float]:
    bpy.ops.wm.save_mainfile()
    moved = FOLDER / "moved to another place"
    moved.mkdir()
    for name in (BLEND.name, "clip.mp4", "skyar"):
        (FOLDER / name).rename(moved / name)
    bpy.ops.wm.open_mainfile(filepath=str(moved / BLEND.name))
    yield 6.0
    result = result_strip()
    folder = skyar("addon.result.link").folder_of(result.scene)
    assert folder.root.is_relative_to(moved) and folder.preview.is_file(), folder.root
    yield from until(lambda: result.scene_input == "SEQUENCER", 20)  # the movie is found
    images = [
        Path(bpy.path.abspath(image.filepath)) for image in bpy.data.images if image.source in ("SEQUENCE", "MOVIE")
    ]
    assert images and all(path.is_file() and path.is_relative_to(moved) for path in images), images
    picture("elsewhere")
    scene = bpy.context.scene
    scene.frame_start = scene.frame_end = 3
    scene.render.filepath = str(moved / "render_")
    bpy.ops.render.render(animation=True)
    yield 2.0
    assert list(moved.glob("render_*")), "nothing was rendered"
