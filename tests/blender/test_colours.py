# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine sees the colours that a strip shows, whatever the file and the strip say of them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.shots import (
    HEIGHT,
    WIDTH,
    add_images,
    add_movie,
    group_inputs,
    make_media,
    movie_order,
    new_scene,
    rendered,
    show_result,
    skyar,
)

#: Of ITU-T H.273.
TRANSFERS = {"hlg": 18, "pq": 16}
MATRICES = {"Rec. 709": 1, "Rec. 601": 5}
FINE = {"codec": "libx264", "pixels": "yuv444p", "options": {"crf": "1", "preset": "ultrafast"}}


def seen_by_the_engine(scene: Any, strip: Any, folder: Path) -> np.ndarray:
    """Its first frame, 0..255."""
    clip = asdict(skyar("addon.strips.clip_of_strip").clip_of_strip(strip, scene))
    make_media({"make": "read", "path": str(folder / "seen.npy"), "clip": clip, "number": 0})
    return np.load(folder / "seen.npy").astype(np.float64)


def new_scene_with(movie: Path, width: int = WIDTH, height: int = HEIGHT) -> tuple[Any, Any]:
    scene = new_scene(width, height)
    return scene, add_movie(scene, movie)


@pytest.mark.parametrize("space", ["Filmic Log", "AgX Log", "Linear Rec.709", "Rec.1886"])
def test_log_footage(media: Path, tmp_path: Path, space: str) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    strip.colorspace_settings.name = space
    shown = rendered(scene, 1)
    seen = seen_by_the_engine(scene, strip, tmp_path)
    difference = np.abs(seen - shown)
    # Blender decodes a movie to within a code or so, and logarithms are steep.
    assert difference.mean() < 1 and np.quantile(difference, 0.99) <= 4.5
    group_inputs(show_result(scene, strip))["Mix"].default_value = 0.0
    assert np.abs(rendered(scene, 1) - shown).max() <= 1


def test_log_footage_in_a_sequencer_that_works_in_linear_light(media: Path, tmp_path: Path) -> None:
    scene = new_scene()
    scene.sequencer_colorspace_settings.name = "Linear Rec.709"
    strip = add_movie(scene, media / "landscape.mkv")
    strip.colorspace_settings.name = "AgX Log"
    shown = rendered(scene, 1)
    difference = np.abs(seen_by_the_engine(scene, strip, tmp_path) - shown)
    assert difference.mean() < 1 and np.quantile(difference, 0.99) <= 4.5
    group_inputs(show_result(scene, strip))["Mix"].default_value = 0.0
    assert np.abs(rendered(scene, 1) - shown).max() <= 1


@pytest.mark.parametrize(
    ("ending", "kind", "space"),
    [
        ("png", "deep", "Filmic Log"),
        ("tif", "landscape", "AgX Log"),
        ("exr", "landscape", "AgX Log"),
        ("exr", "landscape", "sRGB"),
        ("exr", "landscape", "Linear Rec.2020"),
        ("exr", "landscape", "Linear CIE-XYZ D65"),  # whose greys are coloured
    ],
)
def test_images_in_another_space(tmp_path: Path, ending: str, kind: str, space: str) -> None:
    name = f"1.{ending}"
    make_media(
        {"make": "pictures", "folder": str(tmp_path), "names": [name], "kind": kind, "width": WIDTH, "height": HEIGHT}
    )
    scene = new_scene()
    strip = add_images(scene, tmp_path, [name])
    strip.colorspace_settings.name = space
    shown = rendered(scene, 1)
    seen = seen_by_the_engine(scene, strip, tmp_path)
    assert np.abs(seen - shown).max() <= 2
    group_inputs(show_result(scene, strip))["Mix"].default_value = 0.0
    assert np.abs(rendered(scene, 1) - shown).max() <= 1


def test_a_space_that_is_no_curve_and_matrix(media: Path, tmp_path: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    strip.colorspace_settings.name = "AgX Base sRGB"
    difference = np.abs(seen_by_the_engine(scene, strip, tmp_path) - rendered(scene, 1))
    assert difference.mean() < 1.5 and np.quantile(difference, 0.99) <= 6


@pytest.mark.skipif(bpy.app.version < (5, 0, 0), reason="files have one working space only")
def test_log_footage_in_a_file_with_another_working_space(media: Path, tmp_path: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    strip.colorspace_settings.name = "AgX Log"
    reported = skyar("addon.strips.colour_space").transform_of("AgX Log")
    bpy.ops.wm.set_working_color_space(working_space="ACEScg")
    assert bpy.data.colorspace.working_space == "ACEScg"
    other = skyar("addon.strips.colour_space").transform_of("AgX Log")
    np.testing.assert_allclose(other.curve, reported.curve, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(other.matrix, reported.matrix, atol=2e-3)


@pytest.mark.parametrize("full_range", [False, True], ids=["limited", "full"])
@pytest.mark.parametrize("matrix", MATRICES)
def test_matrix_and_range(tmp_path: Path, matrix: str, full_range: bool) -> None:
    path = tmp_path / "coded.mkv"
    coded = {"matrix": MATRICES[matrix], "full_range": full_range}
    make_media(movie_order(path, frames=1, **FINE, **coded))
    scene = new_scene()
    strip = add_movie(scene, path)
    shown = rendered(scene, 1)
    assert np.abs(seen_by_the_engine(scene, strip, tmp_path) - shown).max() <= 2
    make_media(movie_order(path, frames=1))
    # The colours before they were coded; taken for the other matrix they are some 4 codes off.
    assert np.abs(rendered(new_scene_with(path)[0], 1) - shown).mean() < 1


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_flags(tmp_path: Path, rotation: int) -> None:
    make_media(movie_order(tmp_path / "turned.mp4", frames=1, rotation=rotation, **FINE))
    width, height = skyar("addon.strips.clip_of_strip").size_of_strip(new_scene_with(tmp_path / "turned.mp4")[1])
    scene, strip = new_scene_with(tmp_path / "turned.mp4", width, height)
    assert np.abs(seen_by_the_engine(scene, strip, tmp_path) - rendered(scene, 1)).max() <= 2


@pytest.mark.parametrize("transfer", TRANSFERS)
def test_high_dynamic_range(tmp_path: Path, transfer: str) -> None:
    path = tmp_path / "bright.mkv"
    make_media(
        movie_order(
            path, frames=2, codec="libx264", pixels="yuv420p10le", options={"crf": "4"}, transfer=TRANSFERS[transfer]
        )
    )
    scene = new_scene()
    strip = add_movie(scene, path)
    shown = rendered(scene, 1)
    seen = seen_by_the_engine(scene, strip, tmp_path)
    assert np.abs(seen - shown)[:20].max() <= 3.5  # the sky, which is smooth
    # What is fine differs by how each spreads the colour, of which a movie has a quarter of the pixels.
    assert np.abs(seen[36:].mean(axis=(0, 1)) - shown[36:].mean(axis=(0, 1))).max() < 4
    group_inputs(show_result(scene, strip))["Mix"].default_value = 0.0
    assert np.abs(rendered(scene, 1) - shown).max() <= 1
