# SPDX-License-Identifier: GPL-3.0-or-later
"""Shots, results and renders for the tests inside Blender. Import only after ``conftest`` has started Blender."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import io
import json
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
import numpy as np
from blender.make_arrays import FRAMES
from support.helper_process import HelperProcess

MODULE = "bl_ext.user_default.skyar"
WIDTH, HEIGHT = 96, 54
ENGINE_PYTHON = os.environ["SKYAR_ENGINE_PYTHON"]


def skyar(name: str) -> ModuleType:
    """The add-on's module ``name`` inside ``skyar_blender``, as Blender has loaded it."""
    return importlib.import_module(f"{MODULE}.skyar_blender.{name}")


def make_media(*orders: dict[str, Any]) -> None:
    """Let the engine's Python make movies, images and output folders (see ``make_media.py``)."""
    assert _maker().ask(json.dumps(orders)) == "done", "what went wrong stands above"


@cache
def _maker() -> HelperProcess:
    return HelperProcess([ENGINE_PYTHON, str(Path(__file__).with_name("make_media.py"))])


def movie_order(path: Path, kind: str = "landscape", frames: int = 12, **options: Any) -> dict[str, Any]:
    return {
        "make": "movie",
        "path": str(path),
        "kind": kind,
        "frames": frames,
        "width": WIDTH,
        "height": HEIGHT,
    } | options


def new_scene(width: int = WIDTH, height: int = HEIGHT, fps: int = 24) -> Any:
    """A fresh file with one scene that renders the sequencer, unaltered by view transform and dither."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    scene.sequence_editor_create()
    if hasattr(bpy.context.workspace, "sequencer_scene"):
        bpy.context.workspace.sequencer_scene = scene
    render = scene.render
    render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
    render.fps, render.fps_base = fps, 1.0
    render.dither_intensity = 0.0
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGB"
    scene.view_settings.view_transform = "Standard"
    scene.frame_start, scene.frame_end = 1, 100
    return scene


def strips(scene: Any) -> Any:
    return skyar("addon.compat").strips_of(scene.sequence_editor)


def add_movie(scene: Any, path: Path, start: int = 1, channel: int = 1, name: str = "Clip") -> Any:
    """A movie strip, frame by frame whatever the rates; the only one selected."""
    strip = strips(scene).new_movie(name, str(path), channel, start)
    return select(scene, strip)


def saved_shot(media: Path, folder: Path, start: int, frames: tuple[int, int]) -> Any:
    """A scene with a strip of the landscape, saved in ``folder``; of its 12 frames, first to before last are used."""
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv", start=start)
    strip.frame_offset_start, strip.frame_offset_end = frames[0], 12 - frames[1]
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "shot.blend"))
    return scene


def add_movie_at_its_rate(scene: Any, path: Path, start: int = 1) -> Any:
    """A movie strip as the menu Add makes it: played at the rate of the movie."""
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    region = next(region for region in area.regions if region.type == "WINDOW")
    options: dict[str, Any] = {"move_strips": False} if bpy.app.version >= (5, 0, 0) else {}
    with bpy.context.temp_override(window=window, area=area, region=region):
        bpy.ops.sequencer.movie_strip_add(
            filepath=str(path),
            frame_start=start,
            channel=1,
            sound=False,
            relative_path=False,
            fit_method="ORIGINAL",
            adjust_playback_rate=True,
            use_framerate=False,
            **options,
        )
    return select(scene, strips(scene)[-1])


def add_images(scene: Any, folder: Path, names: list[str], start: int = 1) -> Any:
    """An image strip of ``names``, in this order."""
    strip = strips(scene).new_image("Pictures", str(folder / names[0]), 1, start)
    for name in names[1:]:
        strip.elements.append(name)
    strip.frame_final_duration = len(names)
    return select(scene, strip)


def new_effect(scene: Any, name: str, kind: str, strip: Any) -> Any:
    """An effect strip above ``strip``, for the same frames."""
    left, right = skyar("addon.compat").handles(strip)
    collection = strips(scene)
    known = collection.bl_rna.functions["new_effect"].parameters
    options: dict[str, Any] = {"length": right - left} if "length" in known else {"frame_end": right}
    options["input1" if "input1" in known else "seq1"] = strip
    return collection.new_effect(name, kind, strip.channel + 1, left, **options)


def set_speed(strip: Any, percent: float) -> None:
    """Retime the active strip."""
    window = bpy.context.window_manager.windows[0]
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    region = next(region for region in area.regions if region.type == "WINDOW")
    with bpy.context.temp_override(window=window, area=area, region=region):
        bpy.ops.sequencer.retiming_segment_speed_set(speed=percent)
    # Blender 4.2 does not tell of the keys of images.
    assert len(getattr(strip, "retiming_keys", (1,))) > 0


def select(scene: Any, strip: Any) -> Any:
    for other in strips(scene):
        other.select = other == strip
    scene.sequence_editor.active_strip = strip
    return strip


def plan(scene: Any, strip: Any, output: Path | None = None) -> Any:
    """The planned replacement of ``strip``, with a sky that the tests never draw."""
    replacement = skyar("addon.jobs.replace_sky")
    sky = Path(__file__)
    chosen = replacement.Chosen(sky_file=str(sky), output=str(output or _temporary_folder("skyar-out-")))
    return replacement.plan(scene, [strip], chosen)[0]


def show_result(scene: Any, strip: Any, output: Path | None = None, wet: bool = False) -> Any:
    """The Scene strip of a result with the matte and sky of ``make_media.py``, made as after a run of the worker.

    ``wet``: with images of rain and of what is mirrored.
    """
    planned = plan(scene, strip, output)
    made_result(planned, *skyar("addon.strips.clip_of_strip").size_of_strip(strip), wet=wet)
    return planned.show().strip


def made_result(planned: Any, width: int = WIDTH, height: int = HEIGHT, wet: bool = False) -> None:
    """Put what a run of the worker makes into the output folder of ``planned``."""
    ignored = None if wet else shutil.ignore_patterns("rain", "reflection")
    made = _made_output(width, height)
    shutil.copytree(made, planned.job.output, dirs_exist_ok=True, copy_function=os.link, ignore=ignored)


def replaced(folder: Path, **options: Any) -> None:
    """Replace Sky with ``options`` in a file saved in ``folder``, as the user does.

    What a run of this process made with the same options for a clip at the same place is there before, so that the
    engine finds its work done, as after a run that was stopped at its end.
    """
    key = json.dumps(options, sort_keys=True)
    if key in _MADE:
        name, made = _MADE[key]
        shutil.copytree(made, folder / name)
    assert bpy.ops.sequencer.skyar_replace_sky(**options) == {"FINISHED"}
    if key not in _MADE:
        (scene,) = (each for each in bpy.data.scenes if "skyar_folder" in each)
        result = Path(bpy.path.abspath(scene["skyar_folder"]))
        _MADE[key] = result.relative_to(folder), _temporary_folder("skyar-replaced-") / "result"
        shutil.copytree(result, _MADE[key][1])


#: By options: where the result was, below the folder of the file, and a copy of it.
_MADE: dict[str, tuple[Path, Path]] = {}


def _temporary_folder(prefix: str) -> Path:
    """A new folder that goes when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _made_output(width: int, height: int) -> Path:
    folder = _temporary_folder("skyar-made-")
    size = {"width": width, "height": height}
    make_media({"make": "output", "folder": str(folder), "frames": FRAMES} | size)
    return folder


def group_inputs(result_strip: Any) -> Any:
    """The sliders of a result."""
    return skyar("addon.nodes.tree").group_node(result_strip.scene).inputs


def rendered(scene: Any, frame: int, depth: int = 8) -> np.ndarray:
    """What the sequencer shows at ``frame``: (height, width, 3), 0..255, first row at the top."""
    bpy.context.view_layer.update()
    scene.frame_set(frame)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.png"
        scene.render.filepath = str(path)
        scene.render.image_settings.color_depth = str(depth)
        with quiet():
            bpy.ops.render.render(write_still=True, scene=scene.name)
        image = bpy.data.images.load(str(path), check_existing=False)
        try:
            image.colorspace_settings.name = "Non-Color"
            width, height = image.size
            pixels = np.empty(width * height * 4, np.float32)
            image.pixels.foreach_get(pixels)
        finally:
            bpy.data.images.remove(image)
    return pixels.reshape(height, width, 4)[::-1, :, :3] * 255.0


@contextlib.contextmanager
def quiet():
    """Without Python's own output; Blender's C++ prints what it likes."""
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def grey_number(image: np.ndarray) -> int:
    """The number of the source frame in an image of the kind ``numbered``; -1 where there is no strip."""
    return round((float(image.mean()) - 10) / 4) if image.max() > 4 else -1
