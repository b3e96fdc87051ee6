# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sidebar and the dialog draw, and the button that leads to a weak frame."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
import pytest
from blender.drawn import Layout, drawn, shown
from blender.shots import add_movie, new_effect, new_scene, select, show_result, skyar

FIRST, COUNT = 20, 12
go_to_frames = bpy.ops.sequencer.skyar_go_to_frames
OPERATOR = "sequencer.skyar_go_to_frames"


@pytest.fixture
def scene(media: Path) -> Any:
    """A result of twelve frames from frame 20 on, which is active."""
    scene = new_scene()
    select(scene, show_result(scene, add_movie(scene, media / "landscape.mkv", start=FIRST)))
    return scene


def result_of(scene: Any) -> Any:
    return scene.sequence_editor.active_strip


def folder_of(scene: Any) -> Any:
    return skyar("addon.result.link").folder_of(result_of(scene).scene)


def write_report(scene: Any, text: str | None = None, **figures: Any) -> Path:
    """A report with ``figures``, the frames' confidence among them; or with any ``text``."""
    path = folder_of(scene).report
    frames = [{"confidence": value} for value in figures.pop("confidence", [])]
    path.unlink(missing_ok=True)  # the others share it
    path.write_text(json.dumps({"figures": figures, "frames": frames}) if text is None else text)
    return path


def weak(first: int, last: int, reason: str = "few points") -> dict[str, Any]:
    return {"first": first, "last": last, "confidence": 0.1, "reason": reason, "suggestion": "Try another lens"}


def tracking() -> Layout:
    panel = skyar("addon.panels.tracking").SEQUENCER_PT_skyar_tracking
    assert shown(panel)
    return drawn(panel, window())


def window() -> Any:
    """What a panel asks of its window."""
    preferences = SimpleNamespace(system=SimpleNamespace(ui_scale=1.0))
    return SimpleNamespace(
        scene=bpy.context.scene,
        region=SimpleNamespace(width=340),
        preferences=preferences,
        window_manager=bpy.context.window_manager,
    )


def icons(layout: Layout) -> list[int]:
    return [given["icon_value"] for name, given, _ in layout.all_calls() if "icon_value" in given]


# --- the panel "Tracking" --------------------------------------------------------------------------------------


def test_tracking_is_told(scene: Any) -> None:
    write_report(
        scene,
        confidence=[0.9] * 6 + [0.1] * 6,
        confidence_min=0.1,
        confidence_mean=0.5,
        focal_length_mm=28.04,
        focal_length_source="solved",
        focal_length_sources=["solved", "other_shot", "solved", "default"],
        placement={"shots": [{}, {"heading_from": "middle"}, {"heading_from": "place", "heading_of": 0}, {}]},
        lens_distortion=[-0.25, 0.0],
        weak_ranges=[weak(6, 8, "nothing to follow"), weak(11, 11)],
        damaged_frames=[{"first": 2, "last": 2}],
    )
    folder_of(scene).confidence.write_bytes(b"a picture")
    layout = tracking()
    labels = layout.labels()
    assert "Confidence 0.50, at least 0.10" in labels
    assert "Lens 28.0 mm, found in the motion" in labels
    assert "Shot 2: found in the motion of another shot" in labels
    assert "Shot 4: a guess, the motion does not tell" in labels
    said = " ".join(labels)
    assert "Shot 3 shows the place of shot 1: its sky goes on" in said
    assert "Nothing tells how shot 2 faces: its sky begins anew" in said
    assert any("barrel, -0.250" in label for label in labels)
    assert "7 to 9: nothing to follow" in labels and "12: few points" in labels and "Try another lens" in labels
    assert "3: damaged in the clip" in labels
    assert [(each.first, each.last) for each in layout.operators(OPERATOR)] == [(2, 2), (6, 8), (11, 11)]
    (graph,) = layout.operators("wm.path_open")
    assert Path(graph.filepath) == folder_of(scene).confidence
    assert "12" in labels  # the last frame, at the end of the bars


class Icons(dict):
    """Previews with numbers, which Blender does not give without a window."""

    def new(self, name: str) -> Any:
        self[name] = SimpleNamespace(icon_id=len(self) + 1)
        return self[name]


def test_bars_are_high_where_the_track_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    bars = skyar("addon.panels.bars")
    made = Icons()
    monkeypatch.setattr(bars.ICONS, "collection", made)
    layout = Layout()
    bars.draw(layout, [0.1, 1.0, 1.0, 0.6], width=round(bars.ACROSS * 4 + 44), scale=1.0)
    pieces = icons(layout)
    assert len(pieces) == 4 * bars.ROWS
    lowest, highest = pieces[-4:], pieces[:4]
    images = {image.icon_id: image for image in made.values()}

    def colour(icon: int) -> list[float]:
        width, height = images[icon].icon_size
        assert len(images[icon].icon_pixels_float) == width * height * 4
        return list(images[icon].icon_pixels_float[:3])

    red, green, _ = colour(lowest[0])
    assert red > 2 * green  # unsure
    red, green, _ = colour(lowest[1])
    assert green > 2 * red  # sure
    assert colour(highest[0]) == colour(highest[3]) != colour(highest[1]) == colour(highest[2])


@pytest.mark.parametrize(
    ("count", "parts", "expected"),
    [(1, 4, [0.0] * 4), (4, 4, [0, 1, 2, 3]), (8, 4, [0, 2, 4, 6]), (3, 6, [0, 0, 1, 1, 2, 2]), (7, 2, [0, 3])],
)
def test_a_bar_shows_the_least_of_its_frames(count: int, parts: int, expected: list[float]) -> None:
    assert skyar("addon.panels.bars").least([float(value) for value in range(count)], parts) == expected


def test_ten_thousand_frames_and_many_weak_ranges(scene: Any) -> None:
    write_report(
        scene, confidence=[0.5] * 10_000, weak_ranges=[weak(10 * index, 10 * index + 3) for index in range(30)]
    )
    layout = tracking()
    assert len(layout.operators(OPERATOR)) == 12
    assert "And 18 more, in report.json" in layout.labels()
    assert len(icons(layout)) < 500


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not JSON",
        "[]",
        "{}",
        '{"figures": 3, "frames": {"0": 1}}',
        '{"figures": {"confidence_min": "low", "weak_ranges": [1, {"first": 3}]}, "frames": [3]}',
        '{"figures": {"weak_ranges": [{"first": 5, "last": 2}, {"first": -1, "last": 2}]}}',
        '{"figures": {"confidence_mean": NaN, "focal_length_mm": 1e999, "focal_length_source": 5}, "frames": []}',
    ],
)
def test_reports_that_tell_nothing(scene: Any, text: str) -> None:
    write_report(scene, text)
    layout = tracking()
    assert not layout.operators(OPERATOR) and not icons(layout)


def test_an_older_report_is_drawn_as_far_as_it_goes(scene: Any) -> None:
    write_report(scene, confidence=[0.8] * COUNT, confidence_min=0.8, confidence_mean=0.8)
    layout = tracking()
    assert "Confidence 0.80, at least 0.80" in layout.labels()
    assert not [label for label in layout.labels() if "mm" in label]
    assert not layout.operators("wm.path_open")


def test_result_without_a_report(scene: Any) -> None:
    folder_of(scene).report.unlink()
    assert tracking().labels() == ["The folder of the result has no report of it."]
    result_of(scene).scene["skyar_folder"] = "//gone"
    assert tracking().labels() == ["The folder of the result has no report of it."]


def test_the_report_is_read_again_only_when_it_changed(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_report(scene, confidence_min=0.5, confidence_mean=0.6)
    module = skyar("addon.result.report")
    reads: list[Path] = []
    read = module.read_report
    monkeypatch.setattr(module, "read_report", lambda path: reads.append(path) or read(path))
    for _ in range(3):
        assert "Confidence 0.60, at least 0.50" in tracking().labels()
    assert len(reads) == 1
    write_report(scene, confidence_min=0.4, confidence_mean=0.6)
    os.utime(path, ns=(1, 1))
    assert "Confidence 0.60, at least 0.40" in tracking().labels()
    assert len(reads) == 2


# --- the panel "Matte" -----------------------------------------------------------------------------------------


def test_doubt_about_the_matte_is_told(scene: Any) -> None:
    panel = skyar("addon.panels.matte").SEQUENCER_PT_skyar_matte
    write_report(scene, confidence=[0.9] * COUNT)
    assert not shown(panel)  # a report that says nothing of it: an older one, or another method
    path = folder_of(scene).report
    reported = {
        "matte_confidence_min": 0.2,
        "matte_confidence_mean": 0.7,
        "matte_flicker": 0.0123,
        "matte_weak_ranges": [weak(3, 6, "parts of it could be sky or not")],
    }
    frames = [{"matte_confidence": value} for value in [0.8] * 3 + [0.2] * 4 + [0.8] * 5]
    write_report(scene, json.dumps({"figures": reported, "frames": frames}))
    os.utime(path, ns=(2, 2))
    assert shown(panel)
    layout = drawn(panel, window())
    labels = layout.labels()
    assert "Confidence 0.70, at least 0.20" in labels and "12" in labels
    assert "Flicker 1.23 % from frame to frame" in labels
    assert "4 to 7: parts of it could be sky or not" in labels and "Try another lens" in labels
    assert [(each.first, each.last) for each in layout.operators(OPERATOR)] == [(3, 6)]


def test_no_panel_without_a_result(scene: Any, media: Path) -> None:
    panel = skyar("addon.panels.tracking").SEQUENCER_PT_skyar_tracking
    add_movie(scene, media / "landscape.mkv", start=100, channel=7, name="Other")
    assert not shown(panel)
    assert not go_to_frames.poll()


def test_icons_are_freed_with_the_add_on() -> None:
    bars = skyar("addon.panels.bars")
    bars.draw(Layout(), [0.4, 0.9], width=300, scale=1.0)
    assert len(bars.ICONS.collection)
    before = bars.ICONS.collection
    bars.unregister()
    try:
        assert bars.ICONS.collection is None and not len(before)
    finally:
        bars.register()


# --- going to frames -------------------------------------------------------------------------------------------


def goes_to(scene: Any, first: int, last: int) -> int | None:
    """The frame of the timeline; None where it stays."""
    scene.frame_set(1)
    done = go_to_frames(first=first, last=last)
    assert (done == {"CANCELLED"}) == (scene.frame_current == 1)
    return None if done == {"CANCELLED"} else scene.frame_current


def test_goes_to_the_first_of_the_frames(scene: Any) -> None:
    assert goes_to(scene, 0, 2) == FIRST
    assert goes_to(scene, 5, 7) == FIRST + 5
    assert goes_to(scene, COUNT, COUNT + 3) is None


def test_from_the_original_too(scene: Any) -> None:
    compat = skyar("addon.compat")
    select(scene, next(strip for strip in compat.strips_of(scene.sequence_editor) if strip.type == "MOVIE"))
    assert goes_to(scene, 5, 7) == FIRST + 5


def test_after_the_strip_was_moved_and_trimmed(scene: Any) -> None:
    result = result_of(scene)
    result.frame_start += 31
    assert goes_to(scene, 5, 7) == FIRST + 31 + 5
    result.frame_offset_start, result.frame_offset_end = 6, 3
    assert goes_to(scene, 5, 7) == FIRST + 31 + 6  # the first that is left
    assert goes_to(scene, 2, 5) is None
    assert goes_to(scene, 8, 20) == FIRST + 31 + 8
    assert goes_to(scene, 9, 11) is None


@pytest.mark.parametrize("kind", ["SOFT", "HARD"])
def test_after_a_cut(scene: Any, kind: str) -> None:
    right = result_of(scene).split(FIRST + 4, kind)
    assert goes_to(scene, 3, 6) == FIRST + 3
    assert goes_to(scene, 4, 6) is None
    right.frame_start += 50
    select(scene, right)
    assert goes_to(scene, 5, 6) == FIRST + 50 + 5
    assert goes_to(scene, 2, 3) is None


def test_played_backwards(scene: Any) -> None:
    result_of(scene).use_reverse_frames = True
    assert goes_to(scene, 0, 2) == FIRST + COUNT - 1
    assert goes_to(scene, 5, 7) == FIRST + COUNT - 1 - 5


def test_after_undo(scene: Any) -> None:
    bpy.ops.ed.undo_push(message="before")
    result_of(scene).frame_start += 31
    bpy.ops.ed.undo_push(message="moved")
    assert goes_to(bpy.context.scene, 5, 7) == FIRST + 31 + 5
    bpy.ops.ed.undo()
    assert goes_to(bpy.context.scene, 5, 7) == FIRST + 5


def test_not_where_the_speed_was_changed(scene: Any) -> None:
    new_effect(scene, "Fast", "SPEED", result_of(scene))
    assert goes_to(scene, 5, 7) is None


# --- the rest of the sidebar, and the dialog -------------------------------------------------------------------

ROWS = {
    "SOLVE": ["motion"],
    "SCENE_CAMERA": ["motion", "camera"],
    "CLIP_TRACKING": ["motion", "movie_clip"],
    "STATIC": ["motion"],
}


def motion_rows(layout: Layout) -> list[str]:
    return [name for name in layout.properties() if name in ("motion", "camera", "movie_clip")]


@pytest.mark.parametrize("motion", ROWS)
def test_the_sidebar_asks_for_what_the_motion_needs(scene: Any, motion: str) -> None:
    scene.skyar.motion = motion
    scene.skyar.camera = bpy.data.objects.new("Crane", bpy.data.cameras.new("Crane"))
    layout = drawn(skyar("addon.panels.sidebar").SEQUENCER_PT_skyar_replace)
    assert motion_rows(layout) == ROWS[motion]
    for button in layout.operators("sequencer.skyar_replace_sky"):
        assert (button.motion, button.camera, button.movie_clip) == (motion, "Crane", "")


@pytest.mark.parametrize("motion", ROWS)
def test_the_dialog_asks_for_what_the_motion_needs(scene: Any, motion: str) -> None:
    rna = bpy.ops.sequencer.skyar_replace_sky.get_rna_type()
    values = {name: getattr(each, "default", None) for name, each in rna.properties.items() if name != "rna_type"}
    operator = skyar("addon.operators.replace_sky").SEQUENCER_OT_skyar_replace_sky
    layout = drawn(operator, **(values | {"motion": motion, "find_focal_length": False, "bl_rna": rna}))
    assert motion_rows(layout) == ROWS[motion]
    (focal,) = [row for name, _, row in layout.all_calls() if name == "row" and row.properties() == ["focal_length"]]
    assert focal.enabled == (motion in ("SOLVE", "STATIC"))
    assert {"sky", "sky_rotation", "find_horizon", "horizon", "wind"} <= set(layout.properties())


def test_the_other_panels_draw(scene: Any) -> None:
    sidebar, marks = skyar("addon.panels.sidebar"), skyar("addon.panels.marks")
    layout = drawn(sidebar.SEQUENCER_PT_skyar_result)
    assert layout.operators("sequencer.skyar_add_tracked_camera")
    props = [given for name, given, _ in layout.all_calls() if name == "prop"]
    sliders = [given["text"] for given in props if given["property"] == "default_value"]
    assert sliders[:3] == ["Mix", "Sky Exposure", "Sky Blur"] and len(sliders) == len(set(sliders)) >= 16
    assert not {"Footage", "Matte", "Sky", "Grain"} & set(sliders)  # what is an image is no setting
    assert [text for text in layout.labels() if text in ("Sky", "Edge", "Light", "Haze")] == [
        "Sky", "Edge", "Light", "Haze"
    ]  # fmt: skip
    assert drawn(marks.SEQUENCER_PT_skyar_marks).operators("sequencer.skyar_mark_sky")
