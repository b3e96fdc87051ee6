# SPDX-License-Identifier: GPL-3.0-or-later
"""Trails that last do not drift: they are held by the patch that they were begun on."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.track.features.feature_tracks import begun, followed
from skyar_blender.engine.track.features.patches import cut, held
from skyar_blender.engine.track.features.points import Label, Points
from skyar_blender.engine.types import GreyImage

SIZE = (320, 240)
MIDDLE = np.array([160.0, 120.0])


@pytest.fixture(scope="module")
def picture() -> GreyImage:
    random = np.random.default_rng(3)
    rough = cv2.GaussianBlur(random.normal(0, 1, (480, 640)), (0, 0), 3)
    return np.clip(128 + 300 * rough, 0, 255).astype(np.uint8)


def seen(picture: GreyImage, times: float, noise: int = 0) -> GreyImage:
    """The image grown so many times about the middle, with new noise."""
    grown = np.array([[times, 0, MIDDLE[0] - 320 * times], [0, times, MIDDLE[1] - 240 * times]])
    frame = cv2.warpAffine(picture, grown, SIZE, flags=cv2.INTER_CUBIC).astype(np.float64)
    return np.clip(np.rint(frame + np.random.default_rng(noise).normal(0, 1.0, frame.shape)), 0, 255).astype(np.uint8)


def test_a_trail_that_grows_does_not_drift(picture: GreyImage) -> None:
    at = np.array([[x, y] for x in range(60, 270, 20) for y in range(50, 200, 15)], float)
    first = seen(picture, 1.0)
    feature_tracks = begun(first, Points(at, np.full(len(at), Label.NEAR, np.uint8), np.ones(len(at))), 0)
    for frame in range(1, 25):
        feature_tracks, _ = followed(feature_tracks, seen(picture, 1.02**frame, frame), feature_tracks.pixels)
    true = MIDDLE + (at[feature_tracks.number] - MIDDLE) * 1.02**24
    assert len(feature_tracks) > 30
    assert np.median(np.linalg.norm(feature_tracks.pixels - true, axis=1)) < 0.12


def test_what_is_no_longer_there_has_a_new_patch_where_it_was(picture: GreyImage) -> None:
    at = np.array([[100.0, 80.0], [200.0, 150.0]])
    image = seen(picture, 1.0)
    patches = cut(image, at)
    image[140:161, 190:211] = 128
    found, now, holds = held(patches, image, at + 0.4)
    assert holds.tolist() == [True, False]
    np.testing.assert_allclose(found, [at[0], at[1] + 0.4], atol=0.03)
    np.testing.assert_array_equal(now.grey[1], cut(image, found[1:]).grey[0])
