# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sun finder is trained with, and how both of its kinds of networks are put together."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from models.training.sun.calibration import best_strengths, errors, joined, sure_level
from models.training.sun.clouds import SIZE, clouded
from models.training.sun.frames import read_examples
from models.training.sun.sky_views import Camera, described_views
from skyar_blender.engine.sun.networks import BINS, CENTRES, normalised


def dome(azimuth: float, elevation: float = 0.35) -> np.ndarray:
    """A blue sky that glows about its sun; radians."""
    rows, columns = 64, 256
    up = (1 - (np.arange(rows) + 0.5) / rows)[:, None] * np.pi / 2
    around = ((np.arange(columns) + 0.5) / columns - 0.5)[None] * 2 * np.pi
    along = np.sin(up) * np.sin(elevation) + np.cos(up) * np.cos(elevation) * np.cos(around - azimuth)
    glow = 3 * np.exp(6 * (along - 1))[..., None] * np.array([1.0, 0.9, 0.7])
    return (np.array([0.2, 0.35, 0.7]) * (1.2 - up[..., None] / 2) + glow).astype(np.float32)


def camera() -> Camera:
    """It looks ahead, a little up, over dark ground."""
    matte = np.zeros((96, 128), np.float32)
    matte[:60] = 1
    tilt = np.radians(8)
    rotation = np.array([[1, 0, 0], [0, np.cos(tilt), np.sin(tilt)], [0, -np.sin(tilt), np.cos(tilt)]])
    return Camera(matte, rotation, 110.0)


def test_clouds_cover_some_of_a_sky_and_are_as_bright_as_it():
    sky = dome(0.5)
    painted = [clouded(sky, 0.5, np.random.default_rng(seed)) for seed in range(12)]
    assert all(each.shape == (*SIZE, 3) and np.isfinite(each).all() and each.min() >= 0 for each in painted)
    assert len({each.tobytes() for each in painted}) > 4
    assert np.array_equal(painted[3], clouded(sky, 0.5, np.random.default_rng(3)))


def test_views_are_told_where_their_sun_is():
    numbers, suns = described_views(dome(1.0), 1.0, [camera()], 12, np.random.default_rng(1), painted=False)
    assert numbers.shape[:2] == (12, 2) and np.isfinite(numbers).all()
    # What looks towards the sun is brighter on the sun's side: cells left and right of the middle, level.
    cells = 50
    level = numbers[:, 0, cells : 2 * cells].reshape(12, 5, 10)
    for seen, sun in zip(level, (suns + np.pi) % (2 * np.pi) - np.pi, strict=True):
        if 0.2 < abs(sun) < 1.2:
            row = seen[2]
            assert (row[5:8].mean() > row[2:5].mean()) == (sun > 0)
    # The mirror image has them the other way round.
    other = numbers[:, 1, cells : 2 * cells].reshape(12, 5, 10)
    assert np.allclose(other[:, :, ::-1], level, atol=0.02)


def reported(azimuth: np.ndarray, sharp: float) -> np.ndarray:
    return normalised(sharp * np.cos(CENTRES[None] - azimuth[:, None]))


def test_what_is_right_counts_more():
    rng = np.random.default_rng(2)
    azimuth = rng.uniform(-np.pi, np.pi, 300)
    noise = rng.uniform(-np.pi, np.pi, 300)
    good, bad = reported(azimuth + rng.normal(0, 0.2, 300), 8.0), reported(noise, 8.0)
    right = np.stack([np.cos(azimuth), np.sin(azimuth)], axis=1)
    wrong = np.stack([np.cos(noise), np.sin(noise)], axis=1)
    full_frame, sky = best_strengths(wrong, good, azimuth)
    assert full_frame == 0 and sky > 0.3
    full_frame, sky = best_strengths(right, bad, azimuth)
    assert full_frame > 2 and sky == 0


def test_sure_is_what_is_mostly_right():
    likely = np.linspace(1, 0, 200)
    off = np.where(np.arange(200) < 100, 5.0, 90.0)
    level = sure_level(likely, off)
    assert likely[100] - 0.06 < level < likely[100] + 0.01
    assert sure_level(likely, np.full(200, 90.0)) == 1.0


@pytest.mark.parametrize("strengths", [(2.0, 1.0), (0.0, 1.0)])
def test_joined_answers_are_those_of_the_engine(strengths):
    azimuth = np.array([0.3, -2.0, 3.0])
    towards = np.stack([np.cos(azimuth), np.sin(azimuth)], axis=1)
    off, likely = errors(joined(towards, reported(azimuth, 9.0), *strengths), azimuth)
    assert off.max() < 6 and likely.min() > 0.5
    assert len(CENTRES) == BINS


def test_frames_are_described_once_and_read_again(tmp_path):
    folder = tmp_path / "sunlit" / "000007"
    folder.mkdir(parents=True)
    frame = np.full((90, 160, 3), 90, np.uint8)
    frame[:50] = (220, 160, 110)
    matte = np.zeros((90, 160), np.uint16)
    matte[:50] = 65535
    cv2.imwrite(str(folder / "00.jpg"), frame)
    cv2.imwrite(str(folder / "00_alpha.png"), matte)
    metadata = {"sky": {"sun_azimuth_elevation": [30.0, 40.0]}, "rotation": np.eye(3).tolist(), "focal_px": 120.0}
    (folder / "00.json").write_text(json.dumps(metadata))
    first, again = (read_examples(tmp_path / "sunlit", tmp_path / "described") for _ in range(2))
    assert first.full_frame.shape[:2] == (1, 2) and first.seed.tolist() == [7] and first.lit.all()
    assert (first.full_frame == again.full_frame).all() and (first.sky == again.sky).all()
