# SPDX-License-Identifier: GPL-3.0-or-later
"""Still water that shows the sky once more is told from a sky that goes on below what stands in between."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.matte.network.interface import Prediction
from skyar_blender.engine.matte.network.mirror import mirrors, without_mirror

HORIZON, LAND = 140, slice(110, 160)


def clouds(seed: int, height: int) -> np.ndarray:
    """White clouds in a blue sky, (height, 320, 3)."""
    noise = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 1, (height, 320)), (0, 0), 12)
    fraction = np.clip(0.5 + noise / noise.std() / 2, 0, 1)[..., None]
    return fraction * np.array([240, 240, 240.0]) + (1 - fraction) * np.array([70, 120, 200.0])


def scene(water: np.ndarray) -> Prediction:
    """A sky of 140 rows above a strip of land, and ``water`` (100, 320, 3) below; all but the land is called sky."""
    image = np.concatenate([clouds(1, HORIZON), water])
    image[LAND] = (60, 80, 40)
    logits = np.full(image.shape[:2], 6, np.float32)
    logits[LAND] = -6
    return Prediction(np.clip(image, 0, 255).astype(np.uint8), logits, np.full_like(logits, 4))


def lake() -> np.ndarray:
    """The sky above, upside down and darker."""
    return clouds(1, HORIZON)[::-1][:100] * 0.6


def test_a_lake_is_ground():
    found = scene(lake())
    assert mirrors([found])
    left = without_mirror(found).logits
    assert left[168:].max() < 0 and np.array_equal(left[: LAND.start], found.logits[: LAND.start])


@pytest.mark.parametrize("below", [clouds(2, 100), np.full((100, 320, 3), 190.0)], ids=["other clouds", "plain"])
def test_a_sky_below_a_bridge_stays(below):
    assert not mirrors([scene(below)])


def test_most_frames_decide():
    lakes, bridge = [scene(lake())] * 2, scene(clouds(2, 100))
    assert mirrors([*lakes, bridge]) and not mirrors([lakes[0], bridge, bridge])


def test_nothing_below_the_land_is_no_mirror():
    found = scene(lake())
    found.logits[LAND.start :] = -6
    assert not mirrors([found]) and without_mirror(found) is found
