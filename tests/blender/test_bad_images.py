# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of a result that were spoilt after it was made: what Blender shows then is sane, or says what is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.shots import HEIGHT, WIDTH, add_movie, group_inputs, new_scene, rendered, show_result

FRAME = 5


@pytest.fixture
def shot(media: Path, tmp_path: Path) -> tuple[Any, Any, Path]:
    """Scene, result and output folder; with all that may be shown turned on."""
    scene = new_scene()
    result = show_result(scene, add_movie(scene, media / "landscape.mkv"), tmp_path / "out", wet=True)
    inputs = group_inputs(result)
    for name in ("Light Wrap", "Haze", "Rain", "Reflections", "Clean Edges"):
        inputs[name].default_value = 0.7
    for path in (tmp_path / "out").rglob("*"):  # the tests share these files by links
        if path.is_file():
            copy = path.with_suffix(".copy")
            shutil.copyfile(path, copy)
            copy.replace(path)
    return scene, result, tmp_path / "out"


def write_exr(path: Path, pixels: np.ndarray) -> None:
    """A float image, (height, width, 4)."""
    height, width = pixels.shape[:2]
    image = bpy.data.images.new("written", width, height, alpha=True, float_buffer=True)
    image.pixels.foreach_set(pixels.astype(np.float32).ravel())
    image.filepath_raw, image.file_format = str(path), "OPEN_EXR"
    image.save()
    bpy.data.images.remove(image)


def linear(scene: Any, frame: int, folder: Path) -> np.ndarray:
    """The result's own scene as its compositor leaves it, floats."""
    render = scene.render
    if hasattr(render.image_settings, "media_type"):
        render.image_settings.media_type = "IMAGE"
    render.image_settings.file_format = "OPEN_EXR"
    render.image_settings.color_depth = "32"
    render.filepath = str(folder / "linear.exr")
    scene.frame_set(frame)
    bpy.ops.render.render(write_still=True, scene=scene.name)
    image = bpy.data.images.load(render.filepath, check_existing=False)
    pixels = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(pixels)
    bpy.data.images.remove(image)
    return pixels


def check_sane(scene: Any, result: Any, folder: Path) -> None:
    image = rendered(scene, FRAME)
    assert image.shape == (HEIGHT, WIDTH, 3) and image.max() > 30
    assert np.isfinite(linear(result.scene, FRAME, folder)).all()


@pytest.mark.parametrize("kind", ["matte", "sky", "plate", "reflection", "grain", "rain"])
def test_a_image_that_is_gone(shot: tuple[Any, Any, Path], tmp_path: Path, kind: str) -> None:
    scene, result, folder = shot
    for path in (folder / kind).glob(f"{FRAME:06d}.*"):
        path.unlink()
    check_sane(scene, result, tmp_path)


@pytest.mark.parametrize("kind", ["matte", "plate", "sky"])
def test_a_image_of_another_size(shot: tuple[Any, Any, Path], tmp_path: Path, kind: str) -> None:
    scene, result, folder = shot
    (path,) = (folder / kind).glob(f"{FRAME:06d}.*")
    if kind == "matte":
        image = bpy.data.images.new("small", WIDTH // 2, HEIGHT // 2)
        image.filepath_raw, image.file_format = str(path), "PNG"
        image.save()
        bpy.data.images.remove(image)
    else:
        write_exr(path, np.full((HEIGHT // 2, WIDTH // 2, 4), 0.5))
    check_sane(scene, result, tmp_path)


@pytest.mark.parametrize("holes", [np.nan, np.inf, -np.inf], ids=str)
@pytest.mark.parametrize("kind", ["sky", "plate", "reflection"])
def test_values_that_are_none(shot: tuple[Any, Any, Path], tmp_path: Path, kind: str, holes: float) -> None:
    scene, result, folder = shot
    (path,) = (folder / kind).glob(f"{FRAME:06d}.*")
    pixels = np.full((HEIGHT, WIDTH, 4), 0.5)
    pixels[::3, ::5] = holes
    write_exr(path, pixels)
    check_sane(scene, result, tmp_path)


@pytest.mark.parametrize("stops", [-10.0, 10.0])
def test_exposure_at_its_limits(shot: tuple[Any, Any, Path], tmp_path: Path, stops: float) -> None:
    scene, result, _ = shot
    inputs = group_inputs(result)
    for name in ("Sky Exposure", "Foreground Exposure", "Light Change"):
        inputs[name].default_value = stops
    assert rendered(scene, FRAME).max() >= 0
    assert np.isfinite(linear(result.scene, FRAME, tmp_path)).all()
