# SPDX-License-Identifier: GPL-3.0-or-later
"""The report: read as far as it is as it should be."""

from __future__ import annotations

from typing import Any

import pytest

from skyar_blender.contract.report import (
    ClipFigures,
    Figures,
    FrameFigures,
    FrameRange,
    LightOfShot,
    Report,
    StageRow,
    SunFigures,
    WeakFrames,
)

REPORT = Report(
    complete=True,
    clip=ClipFigures(width=16, height=9, rate="25", frames=2),
    stages={"matte": StageRow(frames=2, computed=2, seconds=0.5)},
    figures=Figures(
        device="cpu",
        damaged_frames=[FrameRange(first=0, last=1)],
        weak_ranges=[WeakFrames(first=0, last=0, confidence=0.1, reason="few points")],
        old_clouds_wind=[None, 0.5],
        sky={"name": "sunset"},
        sun=SunFigures(light_from=20.0),
        light=[LightOfShot(first_frame=0, tint=[1.0, 1.0, 1.0], stops=0.5, haze=[0.1, 0.2, 0.3])],
    ),
    frames=[FrameFigures(index=0, coverage=0.5), FrameFigures(index=1, source_frame=1)],
)


def test_a_report_survives_its_file_and_says_of_frames_only_what_was_told():
    data = REPORT.to_dict({"coverage"})
    assert Report.from_dict(data) == REPORT
    assert data["frames"][1] == {"index": 1, "source_frame": 1, "coverage": None}
    assert data["figures"]["grain"] is None


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("confidence_min", "low"),
        ("confidence_min", True),
        ("confidence_min", [0.5]),
        ("sun", {"sure": True}),
        ("sun", {"light_from": None}),
        ("light", {"first_frame": 0}),
        ("old_clouds_wind", [0.5, "calm"]),
        ("placement", [1]),
    ],
)
def test_a_figure_that_is_none_is_left_out_alone(part: str, wrong: Any):
    data = REPORT.to_dict(())
    data["figures"][part] = wrong
    found = Report.from_dict(data)
    assert getattr(found.figures, part) is None
    assert found.figures.device == "cpu" and found.clip == REPORT.clip


def test_of_a_list_the_entries_that_fit_are_read():
    data = {"figures": {"weak_ranges": [1, {"first": 3}, {"first": 3, "last": 4, "new": 1}]}, "frames": [3, {}]}
    found = Report.from_dict(data)
    assert found.figures.weak_ranges == [WeakFrames(first=3, last=4)]
    assert found.frames == [FrameFigures()]
    assert Report.from_dict({"figures": 3, "frames": {"0": 1}, "stages": [], "clip": {}}) == Report()
