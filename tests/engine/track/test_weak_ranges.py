# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames in doubt become ranges with a reason."""

from __future__ import annotations

import numpy as np
import pytest

from skyar_blender.contract.track_file import Source, Track, TrackFrame
from skyar_blender.engine.track.weak_ranges import weak_ranges

EYE = np.eye(3).tolist()


def track(*frames: tuple[float, Source, int]) -> Track:
    listed = [
        TrackFrame(index=i, homography=EYE, rotation=EYE, confidence=sure, source=source, points=points)
        for i, (sure, source, points) in enumerate(frames)
    ]
    return Track(width=64, height=48, fps=25.0, focal_px=60.0, focal_source="default", frames=listed)


def test_a_sure_track_has_none() -> None:
    assert weak_ranges(track(*[(0.9, "scene", 80)] * 5)) == []


def test_short_gaps_are_closed_and_long_ones_not() -> None:
    sure, weak = (0.8, "scene", 80), (0.1, "interpolated", 0)
    found = weak_ranges(track(sure, weak, sure, sure, weak, sure, sure, sure, weak))  # type: ignore[arg-type]
    assert [(each.first, each.last) for each in found] == [(1, 4), (8, 8)]
    assert found[0].confidence == 0.1


@pytest.mark.parametrize(
    ("source", "points", "reason"),
    [
        ("interpolated", 0, "nothing to follow"),
        ("cut", 0, "nothing to follow and nothing to bridge from"),
        ("sky", 40, "only the sky to follow"),
        ("scene", 9, "few points"),
        ("scene", 60, "points that disagree"),
    ],
)
def test_reason_is_what_the_track_shows(source: Source, points: int, reason: str) -> None:
    (found,) = weak_ranges(track((0.2, source, points), (0.1, source, points)))
    assert found.reason == reason and found.suggestion


def test_a_shot_that_shows_nothing_was_not_bridged() -> None:
    (found,) = weak_ranges(track(*[(0.0, "interpolated", 0)] * 4))  # type: ignore[list-item]
    assert found.reason == "nothing to follow and nothing to bridge from" and "STATIC" in found.suggestion
