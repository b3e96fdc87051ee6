# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run leaves: the result is the active strip, and what there is to say stays in the tab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.drawn import drawn, shown
from blender.shots import add_movie, new_scene, show_result, skyar, strips
from blender.test_panels import window


@pytest.fixture
def run() -> Iterator[Any]:
    """A run that is over and warned of something."""
    runner, events = skyar("addon.jobs.runner"), skyar("contract.events")
    run = runner.JobQueue(Path(), [])
    run.warnings = [
        events.Warning(code="no_sky", what="No sky was found.", why="The frames are dark.", todo="Mark some."),
        events.Warning(code="worker_silent", what="Said at once."),
    ]
    run.notes = ["“Clip” is muted."]
    runner.current = run
    yield run
    runner.current = None


def panel() -> Any:
    return skyar("addon.panels.messages").SEQUENCER_PT_skyar_messages


def test_the_result_is_active_whatever_was_before(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    other = add_movie(scene, media / "numbered.mkv", start=40, name="Other")
    result = show_result(scene, strip)
    assert scene.sequence_editor.active_strip == result and other in list(strips(scene))
    connected = bpy.app.version >= (4, 4, 0)  # a click on one selects all
    selected = {result.name, strip.name} if connected else {result.name}
    assert {each.name for each in strips(scene) if each.select} == selected
    if bpy.app.version >= (5, 2, 0):  # the first that tells Python
        assert [each.name for each in result.connections] == [strip.name] and not len(other.connections)


def test_warnings_stay_until_they_are_dismissed(run: Any) -> None:
    assert shown(panel())
    layout = drawn(panel(), window())
    words = " ".join(layout.labels())
    assert "No sky was found. The frames are dark. Mark some." in words and "muted" in words
    assert "Said at once" not in words
    (button,) = layout.operators("skyar.copy_text")
    assert button.text.splitlines()[0].startswith("No sky was found.")
    assert bpy.ops.skyar.dismiss() == {"FINISHED"}
    assert not shown(panel()) and not bpy.ops.skyar.dismiss.poll()


def test_an_error_comes_first(run: Any) -> None:
    errors = skyar("contract.errors")
    run.failure = errors.SkyarError(errors.ErrorCode.OUTPUT_FULL, "The disk is full.", "Why.", "Make room.")
    assert next(message.text for message in run.messages).startswith("The disk is full.")
    assert [message.serious for message in run.messages] == [True, True, False]


def test_no_picture_is_read_before_blender_shows_one(media: Path) -> None:
    scene = new_scene()
    strip = add_movie(scene, media / "landscape.mkv")
    for _ in range(2):  # anew, and brought up to date
        result = show_result(scene, strip)
        nodes = skyar("addon.compat").compositor_tree(result.scene).nodes
        images = [node.image for node in nodes if node.bl_idname == "CompositorNodeImage"]
        assert len(images) >= 4 and not any(image.has_data for image in images)
        assert [image.name for image in bpy.data.images if image.users == 0] == []


def test_keys_are_put_in_at_once_and_hold(media: Path) -> None:
    scene = new_scene()
    tree_of, animation = skyar("addon.compat").compositor_tree, skyar("addon.compat")
    tree = tree_of(show_result(scene, add_movie(scene, media / "landscape.mkv")).scene)
    node = next(each for each in tree.nodes if each.bl_idname == "CompositorNodeImage")
    path = f'nodes["{node.name}"].frame_offset'
    for values in ([(1, 3), (4, -2), (9, 7)], [(1, 5), (2, 6)]):
        animation.hold_values(tree, node, "frame_offset", path, values)
        (curve,) = [each for curves in animation.fcurve_lists(tree) for each in curves if each.data_path == path]
        assert [tuple(key.co) for key in curve.keyframe_points] == values
        assert [curve.evaluate(frame) for frame in (1, values[1][0] - 0.5, 50)] == [
            values[0][1],
            values[0][1],
            values[-1][1],
        ]


def test_the_result_tells_its_size_and_how_long_it_took(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As its files are noted, and by its report."""
    monkeypatch.setattr(skyar("addon.panels.sidebar"), "size_of", lambda _: 58_000_000)
    scene = new_scene()
    result = show_result(scene, add_movie(scene, media / "landscape.mkv"))
    folder = skyar("addon.result.link").folder_of(result.scene)
    folder.report.unlink(missing_ok=True)  # the others share it
    folder.report.write_text('{"seconds": 130.0}')
    labels = drawn(skyar("addon.panels.sidebar").SEQUENCER_PT_skyar_result).labels()
    assert "58 MB on disk, latest run: 2 minutes" in labels
