# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the camera is in doubt: the sidebar lists it, and goes there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import bpy
import pytest
from blender.layouts import drawn
from blender.shots import add_movie, saved_shot, select, skyar, strips

replace_sky = bpy.ops.sequencer.skyar_replace_sky
go_to_frame = bpy.ops.sequencer.skyar_go_to_frame
GO = "sequencer.skyar_go_to_frame"


@pytest.fixture
def shot(media: Path, tmp_path: Path) -> Any:
    """A finished result of eight frames, from frame 7 of the timeline on."""
    scene = saved_shot(media, tmp_path, 5, (2, 10))
    sky = str(skyar("contract.sky_library").find_sky("cloudy").picture)
    assert replace_sky(sky_file=sky, quality="draft", matte_method="adaptive", output="//out") == {"FINISHED"}
    return scene


def result_of(scene: Any) -> Any:
    return next(strip for strip in strips(scene) if strip.type == "SCENE")


def panel(name: str) -> Any:
    return getattr(bpy.types, name)


def rewrite(report: Path, **changes: Any) -> None:
    """Change the report and what it is told by that it has changed."""
    told = json.loads(report.read_text())
    confidence = changes.pop("confidence", None)
    told["figures"].update(changes)
    for frame, value in zip(told["frames"], confidence or [], strict=False):
        frame["confidence"] = value
    before = report.stat().st_mtime_ns
    report.write_text(json.dumps(told))
    os.utime(report, ns=(before + 10**9, before + 10**9))


def test_the_report_is_shown(shot: Any, tmp_path: Path) -> None:
    tracking = panel("SEQUENCER_PT_skyar_tracking")
    assert tracking.poll(bpy.context)
    weak = {"first": 2, "last": 4, "reason": "few points", "suggestion": "Try quality “high”; mark what moves"}
    rewrite(
        tmp_path / "out" / "report.json", weak_ranges=[weak], focal_length_mm=31.7, focal_length_source="solved",
        confidence=[0.9, 0.9, 0.2, 0.1, 0.2, 0.5, 0.9, 0.9],
    )  # fmt: skip
    layout = drawn(tracking)
    assert "Lens 32 mm, told by the motion" in layout.texts()
    assert any("least 0.10" in text for text in layout.texts())
    assert {"Try quality “high”", "Mark what moves"} <= set(layout.texts())
    *bar, listed = layout.asked(GO)
    assert [piece.index for piece in bar] == list(range(8))
    icons = [piece.icon for piece in bar]
    assert len({icons[0], icons[2], icons[5]}) == 3
    assert icons[0] == icons[1] == icons[6] and icons[2] == icons[3] == icons[4]
    assert listed.index == 2 and listed.text == "3 to 5: few points"
    (graph,) = layout.asked("wm.path_open")
    assert Path(graph.filepath) == tmp_path / "out" / "confidence.png"


def test_many_frames_make_few_pieces() -> None:
    tracking = skyar("addon.result.tracking").Tracking
    confidence = [1.0] * 1000
    confidence[503] = 0.0
    pieces = tracking(tuple(confidence), (), None, None).pieces(14)
    assert len(pieces) == 14 and 503 in pieces and pieces == sorted(pieces)
    assert tracking((0.4,), (), None, None).pieces(14) == [0]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"figures": {}, "frames": []}', '{"figures": 1, "frames": [{}]}'])
def test_reports_that_tell_nothing(shot: Any, tmp_path: Path, text: str) -> None:
    report = tmp_path / "out" / "report.json"
    before = report.stat().st_mtime_ns
    report.write_text(text)
    os.utime(report, ns=(before + 10**9, before + 10**9))
    assert not panel("SEQUENCER_PT_skyar_tracking").poll(bpy.context)
    report.unlink()
    assert not panel("SEQUENCER_PT_skyar_tracking").poll(bpy.context)
    assert drawn(panel("SEQUENCER_PT_skyar_result")).texts()


def test_reports_of_earlier_versions(shot: Any, tmp_path: Path) -> None:
    report = tmp_path / "out" / "report.json"
    told = json.loads(report.read_text())
    for name in ("weak_ranges", "focal_length_mm", "focal_length_source"):
        told["figures"].pop(name)
    before = report.stat().st_mtime_ns
    report.write_text(json.dumps(told))
    os.utime(report, ns=(before + 10**9, before + 10**9))
    (tmp_path / "out" / "confidence.png").unlink()
    layout = drawn(panel("SEQUENCER_PT_skyar_tracking"))
    assert len(layout.asked(GO)) == 8 and not layout.asked("wm.path_open")


def test_going_to_a_frame(shot: Any, media: Path) -> None:
    strip = result_of(shot)
    assert go_to_frame(index=3) == {"FINISHED"} and shot.frame_current == 10
    compat = skyar("addon.compat")
    left, right = compat.handles(strip)
    compat.move_strip_to(strip, left + 20, right - left)
    select(shot, strip)
    assert go_to_frame(index=3) == {"FINISHED"} and shot.frame_current == 30
    strip.frame_offset_start = 2
    assert go_to_frame(index=3) == {"FINISHED"} and shot.frame_current == 30
    select(shot, add_movie(shot, media / "landscape.mkv", channel=5, start=60))
    assert not go_to_frame.poll()


def test_sidebar_and_dialog_show_the_motion(shot: Any) -> None:
    """Nothing draws them without a window; what they name must be there."""
    settings = shot.skyar
    for motion, row in (
        ("SOLVE", None),
        ("STATIC", None),
        ("SCENE_CAMERA", "camera"),
        ("CLIP_TRACKING", "movie_clip"),
    ):
        settings.motion = motion
        shown = {name for kind, name in drawn(panel("SEQUENCER_PT_skyar_replace")).said if kind == "prop"}
        assert {"sky", "quality", "motion"} <= shown
        assert shown & {"camera", "movie_clip"} == ({row} if row else set())
    assert drawn(panel("SEQUENCER_PT_skyar_result")).asked("sequencer.skyar_add_tracked_camera")
