# SPDX-License-Identifier: GPL-3.0-or-later
"""A result as a Compositor modifier of its original strip: the same image, sliders, in step with the strip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
from blender.drawn import drawn
from blender.shots import add_movie, group_inputs, new_scene, rendered, select, show_result, skyar, strips

START = 20
apply_as_modifier = bpy.ops.sequencer.skyar_apply_as_modifier
needs_sliders = pytest.mark.skipif(bpy.app.version < (5, 2, 0), reason="no sliders before Blender 5.2")


@pytest.fixture
def shot(media: Path) -> tuple[Any, Any, Any]:
    """Scene, original strip (12 frames from frame 20) and its result."""
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv", start=START)
    result = show_result(scene, strip)
    return scene, strip, result


def modifier_of(strip: Any) -> Any:
    return skyar("addon.result.compositor_modifier").modifier_of(strip)


def sliders(strip: Any) -> dict[str, Any]:
    return skyar("addon.compat").modifier_inputs(modifier_of(strip))


def frames(scene: Any, *numbers: int) -> np.ndarray:
    return np.stack([rendered(scene, number) for number in numbers])


def check_alike(one: np.ndarray, other: np.ndarray) -> None:
    """The limits that the project sets for two renderers of one image."""
    difference = np.abs(one - other)
    assert np.quantile(difference, 0.999) <= 2
    assert difference.mean() < 0.3


def test_elsewhere_it_says_why_not(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, _ = shot
    select(scene, strip)
    assert apply_as_modifier.poll() == (bpy.app.version >= (5, 2, 0))


@needs_sliders
def test_the_same_image(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, result = shot
    plain = frames(scene, START + 3)
    result.mute = True
    assert np.abs(frames(scene, START + 3) - plain).mean() > 5  # the result is seen
    result.mute = False
    before = frames(scene, START, START + 3, START + 11)
    assert apply_as_modifier() == {"FINISHED"}
    assert result.mute and not strip.mute
    check_alike(frames(scene, START, START + 3, START + 11), before)


@needs_sliders
def test_its_sliders_are_the_groups_inputs(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, result = shot
    inputs = group_inputs(result)
    inputs["Sky Exposure"].default_value = -1.0
    apply_as_modifier()
    places = sliders(strip)
    # The area is an image, which this result does not have.
    assert set(places) == {socket.name for socket in inputs if not socket.is_linked} - {"Area"}
    assert places["Sky Exposure"].value == -1.0
    interface = {item.name: item for item in modifier_of(strip).node_group.interface.items_tree}
    assert (interface["Haze"].min_value, interface["Haze"].max_value) == (0, 1)
    assert interface["Haze"].description
    before = frames(scene, START + 5)
    changes = {"Sky Exposure": 1.0, "Haze": 0.5, "Light Wrap": 0.0, "Foreground Exposure": -1.0}
    for name, value in changes.items():
        places[name].value = value
    after = frames(scene, START + 5)
    assert np.abs(after - before).mean() > 5
    select(scene, result)
    for name, value in changes.items():
        inputs[name].default_value = value
    result.mute, strip.mute = False, True
    check_alike(frames(scene, START + 5), after)


@needs_sliders
def test_off_means_off(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, result = shot
    result.mute = True
    before = frames(scene, START + 3)
    result.mute = False
    apply_as_modifier()
    sliders(strip)["Mix"].value = 0.0
    assert np.array_equal(frames(scene, START + 3), before)


@needs_sliders
def test_the_sidebar_shows_its_sliders(shot: tuple[Any, Any, Any]) -> None:
    _, strip, _ = shot
    panel = skyar("addon.panels.sidebar").SEQUENCER_PT_skyar_result
    assert "default_value" in drawn(panel).properties()
    assert drawn(panel).operators("sequencer.skyar_apply_as_modifier")
    apply_as_modifier()
    assert drawn(panel).properties() == ["value"] * len(sliders(strip))


@needs_sliders
def test_in_step_when_the_strip_moves(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, _ = shot
    apply_as_modifier()
    before = frames(scene, START + 2, START + 8)
    strip.content_start += 7
    assert np.array_equal(frames(scene, START + 9, START + 15), before)
    strip.content_start -= 16
    assert np.array_equal(frames(scene, START - 7, START - 1), before)


@needs_sliders
def test_in_step_when_the_frame_changes_before_anything_else_is_updated(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, _ = shot
    apply_as_modifier()
    images = [node for node in modifier_of(strip).node_group.nodes if node.type == "IMAGE"]
    strip.content_start += 7
    scene.frame_set(START + 9)
    assert images and {node.frame_start for node in images} == {START + 7}


@needs_sliders
def test_in_step_when_the_strip_is_trimmed(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, _ = shot
    apply_as_modifier()
    before = frames(scene, START + 5, START + 8)
    strip.left_handle_offset = 4
    assert np.array_equal(frames(scene, START + 5, START + 8), before)
    strip.content_trim_start = 3  # a hard cut
    assert strip.left_handle == START + 7
    assert np.array_equal(frames(scene, START + 8), before[1:])


@needs_sliders
def test_a_trimmed_original(media: Path) -> None:
    """The job's first frame is not the movie's."""
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv", start=START)
    strip.left_handle_offset = 4
    show_result(scene, strip)
    before = frames(scene, START + 4, START + 8)
    apply_as_modifier()
    check_alike(frames(scene, START + 4, START + 8), before)
    strip.content_start += 5
    check_alike(frames(scene, START + 9, START + 13), before)


@needs_sliders
def test_the_result_moved_away_before(shot: tuple[Any, Any, Any]) -> None:
    """What counts is where the two lay when the result was made."""
    scene, _, result = shot
    before = frames(scene, START + 2, START + 8)
    result.content_start += 3
    select(scene, result)
    apply_as_modifier()
    check_alike(frames(scene, START + 2, START + 8), before)


@needs_sliders
def test_light_that_changes_from_shot_to_shot_moves_along(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, result = shot
    socket = group_inputs(result)["Foreground Exposure"]
    for frame, stops in ((1, 0.0), (6, -2.0)):
        socket.default_value = stops
        socket.keyframe_insert("default_value", frame=frame)
    before = frames(scene, START + 1, START + 9)
    assert apply_as_modifier() == {"FINISHED"}
    assert "Foreground Exposure" not in sliders(strip)
    check_alike(frames(scene, START + 1, START + 9), before)
    strip.content_start += 30
    check_alike(frames(scene, START + 31, START + 39), before)
    result.mute, strip.mute = False, True
    check_alike(frames(scene, START + 1, START + 9), before)  # its own keys stay


@needs_sliders
def test_a_copy_of_the_strip_gets_its_own_nodes(shot: tuple[Any, Any, Any], media: Path) -> None:
    scene, strip, _ = shot
    apply_as_modifier()
    before = frames(scene, START + 4)
    copy = add_movie(scene, media / "landscape.mkv", start=START + 40, name="Copy")
    copy.modifiers.new("SkyAR Composite", "COMPOSITOR").node_group = modifier_of(strip).node_group
    for name, place in sliders(strip).items():
        sliders(copy)[name].value = place.value
    assert np.array_equal(frames(scene, START + 44), before)
    assert np.array_equal(frames(scene, START + 4), before)
    assert modifier_of(copy).node_group != modifier_of(strip).node_group


@needs_sliders
def test_again_replaces_it_and_no_result_takes_it_over(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, result = shot
    apply_as_modifier()
    trees = len(bpy.data.node_groups)
    assert show_result(scene, strip) == result
    assert not result.modifiers
    select(scene, strip)
    apply_as_modifier()
    assert len(strip.modifiers) == 1 and len(bpy.data.node_groups) == trees


@needs_sliders
def test_goes_before_the_grading(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, _ = shot
    grade = strip.modifiers.new("Grade", "BRIGHT_CONTRAST")
    grade.bright = 40
    show_result(scene, strip)
    before = frames(scene, START + 3)
    apply_as_modifier()
    check_alike(frames(scene, START + 3), before)


@needs_sliders
def test_refused_where_it_could_not_be_the_same(shot: tuple[Any, Any, Any]) -> None:
    _, strip, result = shot
    strip.use_flip_x = True
    with pytest.raises(RuntimeError, match="before the modifiers"):
        apply_as_modifier()
    assert modifier_of(strip) is None and not result.mute
    strip.use_flip_x = False
    result.scene.compositing_node_group.nodes.clear()
    with pytest.raises(RuntimeError, match="was removed"):
        apply_as_modifier()


@needs_sliders
def test_placed_and_cropped_like_the_result(shot: tuple[Any, Any, Any]) -> None:
    scene, strip, _ = shot
    strip.transform.offset_x, strip.transform.scale_y = 9, 1.3
    strip.crop.min_y = 8
    show_result(scene, strip)
    strips(scene)  # both lie alike now
    before = frames(scene, START + 3)
    apply_as_modifier()
    check_alike(frames(scene, START + 3), before)
