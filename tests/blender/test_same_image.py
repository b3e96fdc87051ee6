# SPDX-License-Identifier: GPL-3.0-or-later
"""With Mix at 0 the result is the original strip, wherever and however that is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.shots import HEIGHT, WIDTH, add_images, add_movie, group_inputs, new_scene, rendered, show_result, strips


def as_it_is(strip: Any) -> None:
    pass


def placed(strip: Any) -> None:
    strip.transform.offset_x, strip.transform.offset_y = 11, -7


def scaled(strip: Any) -> None:
    strip.transform.scale_x, strip.transform.scale_y = 0.5, 0.75


def turned(strip: Any) -> None:
    strip.transform.rotation = 0.4
    strip.transform.origin = (0.2, 0.7)
    strip.transform.scale_x = strip.transform.scale_y = 0.8


def cropped(strip: Any) -> None:
    strip.crop.min_x, strip.crop.max_x, strip.crop.min_y, strip.crop.max_y = 10, 5, 3, 8


def mirrored(strip: Any) -> None:
    strip.use_flip_x = True


def see_through(strip: Any) -> None:
    strip.blend_type, strip.blend_alpha = "ALPHA_OVER", 0.4


def added(strip: Any) -> None:
    strip.blend_type = "ADD"


def graded(strip: Any) -> None:
    strip.color_multiply, strip.color_saturation = 0.8, 1.4


def trimmed(strip: Any) -> None:
    strip.frame_offset_start, strip.frame_offset_end = 2, 1


def askew(strip: Any) -> None:
    """Its edges cut through pixels."""
    strip.transform.scale_x, strip.transform.scale_y = 0.37, 0.613
    strip.transform.offset_x, strip.transform.offset_y = 3.3, -2.7
    strip.crop.min_x, strip.crop.max_y = 11, 7
    strip.use_flip_x = True


CHANGES = [as_it_is, placed, scaled, turned, askew, cropped, mirrored, see_through, added, graded, trimmed]


def shot(media: Path, kind: str) -> tuple[Any, Any]:
    """A scene with a coloured background below the strip."""
    scene = new_scene()
    background = {"length": 30} if bpy.app.version >= (5, 0, 0) else {"frame_end": 31}
    colour = strips(scene).new_effect("Background", "COLOR", 1, 1, **background)
    colour.color = (0.2, 0.35, 0.1)
    if kind == "movie":
        return scene, add_movie(scene, media / "landscape.mkv", start=4, channel=2)
    if kind == "big movie":
        return scene, add_movie(scene, media / "big.mkv", start=4, channel=2)
    names = [f"{number}.png" for number in range(8, 13)]
    names = names if kind == "alpha" else [f"shot_{number:04d}.png" for number in range(7, 17)]
    strip = add_images(scene, media / ("alpha" if kind == "alpha" else "pictures"), names, start=4)
    strip.channel = 2
    return scene, strip


@pytest.mark.parametrize("view", ["Standard", "AgX", "Filmic"])
@pytest.mark.parametrize("kind", ["movie", "pictures", "alpha"])
def test_view_transforms(media: Path, kind: str, view: str) -> None:
    scene, strip = shot(media, kind)
    scene.view_settings.view_transform = view
    # Where the strip is half see-through, the sequencer blends it in 8 bits, but the result in floats.
    check_same(scene, strip, tolerance=2 if kind == "alpha" else 1)


@pytest.mark.skipif(bpy.app.version < (5, 0, 0), reason="there is one scene-linear space")
@pytest.mark.parametrize("space", ["Linear Rec.2020", "ACEScg"])
def test_working_spaces(media: Path, space: str) -> None:
    """With Mix at 0 the strip as it was; with Mix at 1 the image that the usual space gives."""
    scene, strip = shot(media, "movie")
    show_result(scene, strip)
    usual = rendered(scene, 8)
    scene, strip = shot(media, "movie")
    bpy.ops.wm.set_working_color_space(working_space=space)
    check_same(scene, strip)
    difference = np.abs(changed_again(scene) - usual)
    assert difference.mean() < 0.5 and np.quantile(difference, 0.99) <= 4


def changed_again(scene: Any) -> np.ndarray:
    """The result of the scene with Mix at 1."""
    result = next(each for each in strips(scene) if each.type == "SCENE")
    group_inputs(result)["Mix"].default_value = 1.0
    return rendered(scene, 8)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("kind", ["movie", "alpha"])
def test_strip_options(media: Path, kind: str, change: Any) -> None:
    if kind == "alpha" and change is added:
        pytest.skip("Blender itself adds half see-through strips otherwise in floats than in bytes")
    scene, strip = shot(media, kind)
    change(strip)
    # Saturation and brightness of the strip are each rounded to 8 bits, those of the result are not.
    check_same(scene, strip, tolerance=2 if change is graded else 1)


def test_footage_larger_than_the_scene(media: Path) -> None:
    scene, strip = shot(media, "big movie")
    strip.transform.scale_x = strip.transform.scale_y = 0.5
    check_same(scene, strip)
    assert not strip.mute  # its edges are those of the frame


def larger(strip: Any) -> None:
    strip.transform.scale_x, strip.transform.scale_y = 1.03, 1.713
    strip.transform.offset_x = -1.2


def larger_and_turned(strip: Any) -> None:
    strip.transform.rotation = 0.1
    strip.transform.scale_x = strip.transform.scale_y = 1.5


def quartered(strip: Any) -> None:
    strip.transform.scale_x = strip.transform.scale_y = 0.5
    strip.transform.offset_y = 0.5


@pytest.mark.parametrize("filtered", ["AUTO", "BOX"])
@pytest.mark.parametrize("change", [larger, larger_and_turned, quartered], ids=lambda change: change.__name__)
def test_a_strip_without_soft_edges_is_not_muted(media: Path, change: Any, filtered: str) -> None:
    scene, strip = shot(media, "movie")
    change(strip)
    strip.transform.filter = filtered
    check_same(scene, strip)
    assert not strip.mute


@pytest.mark.parametrize("percentage", [50, 200])
def test_rendered_at_another_size(media: Path, percentage: int) -> None:
    scene, strip = shot(media, "movie")
    scene.render.resolution_percentage = percentage
    check_same(scene, strip)


def test_modifiers(media: Path) -> None:
    scene, strip = shot(media, "movie")
    strip.modifiers.new("Contrast", "BRIGHT_CONTRAST").contrast = 20
    strip.modifiers.new("Wheels", "COLOR_BALANCE").color_balance.gain = (1.2, 0.9, 0.8)
    curve = strip.modifiers.new("Curves", "CURVES").curve_mapping
    curve.curves[3].points.new(0.4, 0.6)
    curve.update()
    # Each of the three rounds the strip to 8 bits.
    check_same(scene, strip, tolerance=3)


def test_opacity_with_keyframes(media: Path) -> None:
    scene, strip = shot(media, "movie")
    strip.blend_type = "ALPHA_OVER"
    for frame, opacity in ((4, 0.0), (10, 1.0)):
        strip.blend_alpha = opacity
        strip.keyframe_insert("blend_alpha", frame=frame)
    check_same(scene, strip)


def test_mix_one_shows_the_new_sky(media: Path) -> None:
    scene, strip = shot(media, "movie")
    before = rendered(scene, 8)
    show_result(scene, strip)
    difference = np.abs(rendered(scene, 8) - before)
    assert difference[: HEIGHT // 4].mean() > 30
    assert difference.shape == (HEIGHT, WIDTH, 3)


def check_same(scene: Any, strip: Any, tolerance: float = 1) -> None:
    """``tolerance`` is out of 255."""
    moments = (4, 6, 8)
    before = [rendered(scene, frame) for frame in moments]
    result = show_result(scene, strip)
    changed = [rendered(scene, frame) for frame in moments]
    group_inputs(result)["Mix"].default_value = 0.0
    after = [rendered(scene, frame) for frame in moments]
    for old, new in zip(before, after, strict=True):
        assert np.abs(old - new).max() <= tolerance + 1e-3
    assert max(np.abs(old - new).max() for old, new in zip(before, changed, strict=True)) > 20
