# SPDX-License-Identifier: GPL-3.0-or-later
"""Shots that are hard to tell: many cuts, dim places, soft images."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from support.clips import place

from skyar_blender.common.confidence import WEAK
from skyar_blender.contract.track_file import Track
from skyar_blender.engine.track.trackers.choose import make_tracker
from skyar_blender.engine.track.weak_ranges import weak_ranges


def follow(frames: list[np.ndarray], mattes: list[np.ndarray]) -> Track:
    height, width = frames[0].shape[:2]
    tracker = make_tracker("SOLVE", width=width, height=height, fps=25.0, focal_mm=None, quality="normal")
    for frame, matte in zip(frames, mattes, strict=True):
        tracker.add(frame, matte)
    return tracker.solve()


def upper(height: int, width: int, fraction: float) -> np.ndarray:
    """The matte of a sky in the upper ``fraction``."""
    return np.repeat((np.arange(height)[:, None] < fraction * height) * np.uint16(65535), width, axis=1)


def test_every_cut_is_found_in_a_small_image() -> None:
    frames = [place(index // 2) for index in range(40)]
    track = follow(frames, [upper(*frames[0].shape[:2], 0.4)] * 40)
    assert [frame.index for frame in track.frames if frame.source == "cut"] == list(range(2, 40, 2))
    assert min(frame.confidence for frame in track.frames) > 0.5
    assert weak_ranges(track) == []


@pytest.mark.parametrize("contrast", [1.0, 0.3])
def test_a_dim_place_after_a_bright_one_is_a_shot_too(contrast: float) -> None:
    first, second = place(1, 320, 192), 70 + contrast * (place(2, 320, 192).astype(np.float32) - 70)
    frames = [first] * 5 + [second.clip(0, 255).astype(np.uint8)] * 7
    track = follow(frames, [upper(192, 320, 0.4)] * 12)
    assert [frame.index for frame in track.frames if frame.source == "cut"] == [5]
    assert min(frame.confidence for frame in track.frames) > 0.5


def test_what_is_soft_for_long_is_a_shot_and_not_a_covered_lens() -> None:
    soft = cv2.GaussianBlur(place(2, 320, 192), (0, 0), 2.5)
    track = follow([place(3, 320, 192)] * 4 + [soft] * 40, [upper(192, 320, 0.4)] * 44)
    assert [frame.index for frame in track.frames if frame.source == "cut"] == [4 + 25]
    assert max(frame.confidence for frame in track.frames[4:29]) < WEAK
    assert min(frame.confidence for frame in track.frames[29:]) > 0.5
    (found,) = weak_ranges(track)
    assert (found.first, found.last) == (4, 28)
