# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames between known ones: as the blurred image moved, else evenly."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from skyar_blender.engine.track.geometry.gap_interpolation import NO_STEP, global_shift, interpolated_rotations
from skyar_blender.engine.track.geometry.rotations import rotation_from_vector, vector_from_rotation

HEIGHT, WIDTH = 270, 480


def blurred(shift: float, length: int = 41) -> np.ndarray:
    """A landscape moved to the right by ``shift`` pixels and smeared along the way."""
    texture = cv2.GaussianBlur(np.random.default_rng(2).normal(0, 1, (HEIGHT, 1200)), (0, 0), 4)
    texture = np.clip(128 + 400 * texture, 0, 255).astype(np.float32)
    moved = cv2.warpAffine(texture, np.array([[1.0, 0, shift - 300], [0, 1, 0]]), (WIDTH, HEIGHT))
    return np.clip(cv2.blur(moved, (length, 1)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("shift", [0.0, 12.0, 40.0, -60.0])
def test_a_blurred_image_tells_how_far_it_moved(shift: float) -> None:
    x, y = global_shift(blurred(0), blurred(shift))
    assert x == pytest.approx(shift, abs=2) and y == pytest.approx(0, abs=2)


def test_other_images_and_blank_ones_tell_nothing() -> None:
    random = np.random.default_rng(1)
    noise = [random.integers(0, 255, (HEIGHT, WIDTH), np.uint8) for _ in range(2)]
    blank = np.full((HEIGHT, WIDTH), 80, np.uint8)
    for first, second in (noise, (blank, blank), (noise[0], blank)):
        assert np.isnan(global_shift(first, second)).all()


def angles(rotations: list[np.ndarray]) -> np.ndarray:
    return np.degrees([vector_from_rotation(rotation)[1] for rotation in rotations])


def test_the_way_follows_the_steps_and_ends_where_it_must() -> None:
    focal, last = 400.0, rotation_from_vector(np.array([0.0, math.radians(10), 0.0]))
    jerk = [np.array([x, 0.0]) for x in (0.0, 35.0, 35.0, 0.0)]
    assert np.allclose(angles(interpolated_rotations(np.eye(3), last, jerk, focal)), [0, 5, 10], atol=0.05)
    # Steps that are short by a tenth are made up for all along.
    short = [0.9 * step for step in jerk]
    assert np.allclose(angles(interpolated_rotations(np.eye(3), last, short, focal)), [0.25, 5, 9.75], atol=0.1)


def test_unknown_steps_give_an_even_way() -> None:
    last = rotation_from_vector(np.array([0.0, math.radians(10), 0.0]))
    steps = [np.array([5.0, 0.0]), NO_STEP, np.array([90.0, 0.0]), NO_STEP]
    assert np.allclose(angles(interpolated_rotations(np.eye(3), last, steps, 400.0)), [2.5, 5, 7.5])


def test_a_short_gap_begins_and_ends_as_fast_as_the_camera_was() -> None:
    last = rotation_from_vector(np.array([0.0, math.radians(8), 0.0]))
    steps = [NO_STEP] * 4
    still, fast = np.zeros(3), np.array([0.0, math.radians(4), 0.0])
    even = np.array([0.0, math.radians(2), 0.0])
    assert np.allclose(angles(interpolated_rotations(np.eye(3), last, steps, 400.0, (even, even))), [2, 4, 6])
    first, middle, end = angles(interpolated_rotations(np.eye(3), last, steps, 400.0, (still, fast)))
    assert 0 < first < 1 and first < middle < end and end < 6
