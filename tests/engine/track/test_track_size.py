# SPDX-License-Identifier: GPL-3.0-or-later
"""A track of small images is that of large ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from skyar_blender.contract.track_file import Track, TrackFrame
from skyar_blender.engine.track.export import at_size
from skyar_blender.engine.track.geometry.rotations import camera_matrix, project, scaled


def turned(degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])


def test_points_move_alike_and_lenses_are_the_same():
    size, focals = (320, 180), [300.0, 310.0, 500.0, 510.0]
    frames = []
    for index, (focal, degrees, first) in enumerate(zip(focals, (0, 2, 0, 3), (0, 0, 2, 2), strict=True)):
        motion = scaled(
            camera_matrix(focal, *size) @ turned(degrees) @ np.linalg.inv(camera_matrix(focals[first], *size))
        )
        frames.append(
            TrackFrame(
                index=index,
                homography=motion.tolist(),
                rotation=turned(degrees).tolist(),
                confidence=1.0,
                source="cut" if index == 2 else "scene",
                residual_px=0.25,
            )
        )
    small = Track(width=320, height=180, fps=25, focal_px=focals, focal_source="solved", frames=frames)
    large = at_size(small, (960, 540))
    assert (large.width, large.height) == (960, 540)
    assert large.focal_px == pytest.approx([3 * each for each in focals])
    assert large.frames[1].residual_px == pytest.approx(0.75)
    points = np.array([[0.0, 0.0], [160, 90], [319, 20]])
    for before, after in zip(small.frames, large.frames, strict=True):
        # Pixel centres are whole numbers: the middle of the first pixel is that of the nine that it was.
        moved = project(np.array(before.homography), points)
        assert np.allclose(project(np.array(after.homography), 3 * points + 1), 3 * moved + 1)
        assert after.rotation == before.rotation
    assert at_size(small, (320, 180)) is small
    assert replace(large, frames=[]) == at_size(replace(small, frames=[]), (960, 540))
