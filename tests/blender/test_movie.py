# SPDX-License-Identifier: GPL-3.0-or-later
"""The movie of a result: what the sequencer plays, and what is never rendered nor saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.drawn import drawn
from blender.shots import (
    HEIGHT,
    WIDTH,
    add_movie,
    grey_number,
    group_inputs,
    make_media,
    movie_order,
    new_scene,
    rendered,
    replaced,
    saved_shot,
    select,
    show_result,
    skyar,
    strips,
)
from blender.test_panels import window

play = bpy.ops.sequencer.skyar_play
START = 5


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve grey pictures, each with its number."""
    path = tmp_path_factory.mktemp("movie") / "preview.mp4"
    make_media(movie_order(path, "numbered", codec="libx264", pixels="yuv420p"))
    return path


@pytest.fixture
def result(media: Path, movie: Path, tmp_path: Path) -> Any:
    return shown_with(movie, media, tmp_path)


def shown_with(movie: Path, media: Path, folder: Path, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Any:
    """A result, from frame 5 on, whose movie is ``movie``; its strip is active."""
    scene = new_scene(*size)
    strip = add_movie(scene, media / "landscape.mkv", start=START)
    strip.transform.scale_x = strip.transform.scale_y = size[0] / WIDTH
    output = folder / "out"
    output.mkdir()
    (output / "preview.mp4").write_bytes(movie.read_bytes())
    return select(scene, show_result(scene, strip, output))


@pytest.fixture
def watched() -> Iterator[Any]:
    """Renders are left alone, so that they show what the window shows."""
    watch = skyar("addon.result.movie_or_nodes")
    watch.unregister()
    yield watch
    watch.register()


def shows(result: Any) -> str:
    return result.scene_input


@pytest.mark.parametrize("size", [(WIDTH, HEIGHT), (WIDTH // 2, HEIGHT // 2)])
def test_the_movie_plays_in_its_place(
    media: Path, movie: Path, tmp_path: Path, watched: Any, size: tuple[int, int]
) -> None:
    result = shown_with(movie, media, tmp_path, size)
    scene = bpy.context.scene
    nodes = rendered(scene, START + 3)
    assert shows(result) == "CAMERA"  # in a script
    scale = result.transform.scale_x
    assert play(show="MOVIE") == {"FINISHED"}
    image = rendered(scene, START + 3)
    inner = image[2:-2, 2:-2]  # halved, its odd height leaves half a row
    assert grey_number(inner) == 3 and inner.std() < 1  # all of the picture, and nothing else
    result.frame_start += 20
    result.frame_offset_start = 2
    assert grey_number(rendered(scene, START + 27)[2:-2]) == 7
    result.frame_start -= 20
    assert all(modifier.mute for modifier in result.modifiers)  # what changes nothing costs nothing
    assert play(show="NODES") == {"FINISHED"}
    assert not any(modifier.mute for modifier in result.modifiers)
    assert result.transform.scale_x == pytest.approx(scale)
    assert np.array_equal(rendered(scene, START + 3), nodes)


def test_a_render_has_the_nodes(result: Any) -> None:
    scene = bpy.context.scene
    nodes = rendered(scene, START + 3)
    assert play(show="MOVIE") == {"FINISHED"} and shows(result) == "SEQUENCER"
    assert np.array_equal(rendered(scene, START + 3), nodes)


def test_a_saved_file_has_the_nodes(result: Any, tmp_path: Path) -> None:
    play(show="MOVIE")
    name = result.name
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "saved.blend"))
    watch = skyar("addon.result.movie_or_nodes")
    watch.unregister()
    try:
        bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "saved.blend"))
        opened = strips(bpy.context.scene)[name]
        assert shows(opened) == "CAMERA" and watch.plays(opened)
        assert skyar("addon.result.movie").movie_of(opened.scene).filepath.startswith("//")
    finally:
        watch.register()
    watch.as_wanted()  # as in a window
    assert shows(opened) == "SEQUENCER"


def test_a_changed_node_takes_the_movie_off(result: Any) -> None:
    exposure = group_inputs(result)["Sky Exposure"]
    play(show="MOVIE")
    bpy.context.view_layer.update()
    exposure.default_value = 1.5
    skyar("addon.result.movie_or_nodes").nodes_where_changed(result.scene)
    assert shows(result) == "CAMERA"
    panel = skyar("addon.panels.sidebar").SEQUENCER_PT_skyar_result
    assert [each.show for each in drawn(panel, window()).operators("sequencer.skyar_play")] == ["MOVIE", "NODES"]
    assert drawn(panel, window()).operators("sequencer.skyar_bake")
    assert play(show="MOVIE") == {"CANCELLED"}
    exposure.default_value = 0.0
    assert play(show="MOVIE") == {"FINISHED"}
    assert not drawn(panel, window()).operators("sequencer.skyar_bake")


def test_another_sky_may_bring_other_nodes(media: Path, movie: Path, tmp_path: Path) -> None:
    result = shown_with(movie, media, tmp_path)
    scene, stale = bpy.context.scene, skyar("addon.result.movie").is_stale
    strip = skyar("addon.result.link").original_of(scene, result)
    for name in ("wet", "again"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "preview.mp4").write_bytes(movie.read_bytes())
    wet = show_result(scene, strip, tmp_path / "wet", wet=True)
    assert "Rain" in group_inputs(wet) and not stale(wet.scene)
    tree = skyar("addon.compat").compositor_tree(wet.scene)
    tree.nodes.new("CompositorNodeRGB")
    assert stale(show_result(scene, strip, tmp_path / "again", wet=True).scene)


def test_a_result_without_a_movie(media: Path) -> None:
    scene = new_scene()
    select(scene, show_result(scene, add_movie(scene, media / "landscape.mkv")))
    assert play(show="MOVIE") == {"CANCELLED"}


def test_bake_makes_the_movie_of_the_nodes(media: Path, sky: str, tmp_path: Path) -> None:
    scene = saved_shot(media, tmp_path, 1, (0, 8))
    replaced(tmp_path, sky_file=sky, quality="draft")
    result = scene.sequence_editor.active_strip
    assert not bpy.ops.sequencer.skyar_bake.poll()
    group_inputs(result)["Sky Exposure"].default_value = -2.0
    group_inputs(result)["Tint"].default_value = (1.5, 1.0, 0.75, 1.0)
    nodes = rendered(scene, 4)
    assert bpy.ops.sequencer.skyar_bake() == {"FINISHED"}
    assert play(show="MOVIE") == {"FINISHED"}
    path = skyar("addon.result.link").folder_of(result.scene).preview
    result.mute = True
    add_movie(scene, path, channel=9, name="Baked")
    assert np.abs(rendered(scene, 4) - nodes).mean() < 6
    group_inputs(result)["Light Wrap Radius"].default_value += 3
    scene.sequence_editor.active_strip = result
    with pytest.raises(RuntimeError, match="Only the nodes can show: Light Wrap Radius"):
        bpy.ops.sequencer.skyar_bake()


def test_bake_follows_keyframes(media: Path, sky: str, tmp_path: Path) -> None:
    scene = saved_shot(media, tmp_path, 1, (0, 8))
    replaced(tmp_path, sky_file=sky, quality="draft")
    result = scene.sequence_editor.active_strip
    stale = skyar("addon.result.movie").is_stale
    exposure = group_inputs(result)["Sky Exposure"]
    first, last = result.scene.frame_start, result.scene.frame_end
    for frame, value in ((first, 0.0), (last, -4.0)):
        exposure.default_value = value
        exposure.keyframe_insert("default_value", frame=frame)
    assert stale(result.scene)
    assert bpy.ops.sequencer.skyar_bake() == {"FINISHED"} and not stale(result.scene)
    folder = skyar("addon.result.link").folder_of(result.scene)
    keyed = skyar("contract.documents").read_object(folder.job)["settings"]["look"]["keyed"]
    assert list(keyed) == ["sky_exposure"] and len(keyed["sky_exposure"]) == last
    assert keyed["sky_exposure"][0] == 0 and keyed["sky_exposure"][-1] == -4
    nodes = [rendered(scene, frame) for frame in (2, 7)]
    assert nodes[0].mean() > nodes[1].mean() + 10
    result.mute = True
    add_movie(scene, folder.preview, channel=9, name="Baked")
    for frame, image in zip((2, 7), nodes, strict=True):
        assert np.abs(rendered(scene, frame) - image).mean() < 6
    compat = skyar("addon.compat")
    tree = compat.compositor_tree(result.scene)
    curve = next(curve for curves in compat.fcurve_lists(tree) for curve in curves)
    curve.keyframe_points[0].interpolation = "CONSTANT"
    assert stale(result.scene)
