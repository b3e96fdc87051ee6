# SPDX-License-Identifier: GPL-3.0-or-later
"""Photographs of skies with ground in them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from skyar_blender.contract.job import Sky
from skyar_blender.engine.colour import linear_from_frame
from skyar_blender.engine.matte.methods import matte_method
from skyar_blender.engine.media.images import write_png
from skyar_blender.engine.sky.ground import without_ground
from skyar_blender.engine.sky.load import load_sky

HEIGHT, WIDTH, HORIZON = 240, 400, 168
METHOD = matte_method("network", "draft")


def photograph(ground: bool = True) -> np.ndarray:
    """A blue sky with soft cloud; below, brown land with a dark house that stands up before the sky."""
    rng = np.random.default_rng(2)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    cloud = np.clip(np.sin(columns / 41 + 0.6 * np.sin(rows / 17)) * np.sin(rows / 29) - 0.2, 0, 1)[..., None]
    blue = np.array([70, 130, 215]) + (rows / HEIGHT * 70)[..., None]
    image = blue + cloud * (np.array([235, 236, 240]) - blue)
    if ground:
        land = np.array([92, 78, 48]) + rng.normal(0, 16, (HEIGHT, WIDTH, 1))
        image = np.where((rows >= HORIZON)[..., None], land, image)
        house = (rows > 120) & (rows < HORIZON) & (columns > 180) & (columns < 240)
        image = np.where(house[..., None], np.array([52, 36, 34]) + rng.normal(0, 5, (HEIGHT, WIDTH, 1)), image)
    return np.clip(image + rng.normal(0, 1.5, image.shape), 0, 255).astype(np.uint8)


def test_the_ground_is_cut_off_and_what_stands_up_is_filled():
    image = linear_from_frame(photograph())
    kept, fraction = without_ground(image, METHOD)
    assert fraction == pytest.approx(HORIZON / HEIGHT, abs=0.04)
    assert len(kept) == round(fraction * HEIGHT)
    # All of it is blue or white, where the house was too.
    assert (kept[..., 2] > kept[..., 0] - 0.02).mean() > 0.995
    # The sky itself is left alone.
    assert np.array_equal(kept[:60], image[:60])


def test_a_image_of_nothing_but_sky_stays_as_it_is():
    image = linear_from_frame(photograph(ground=False))
    kept, fraction = without_ground(image, METHOD)
    assert fraction == 1.0 and kept is image


@pytest.mark.parametrize("grey", [0, 90])
def test_a_image_that_shows_no_sky_stays_as_it_is(grey):
    noise = np.random.default_rng(1).integers(0, 40, (HEIGHT, WIDTH, 1))
    image = linear_from_frame(np.repeat(noise + grey, 3, axis=2).astype(np.uint8))
    kept, fraction = without_ground(image, METHOD)
    assert fraction == 1.0 or fraction > 0.9
    assert len(kept) == round(fraction * HEIGHT)


def test_a_job_cuts_it_off_unless_it_is_to_stay(tmp_path: Path):
    path = tmp_path / "photograph.png"
    write_png(path, photograph())
    load = partial(load_sky, matting=lambda: METHOD)
    cut, whole = load(Sky(source=str(path))), load(Sky(source=str(path), keep_ground=True))
    assert cut.metadata["height_kept"] < 0.8 and whole.metadata["height_kept"] == 1.0
    # Looking at the horizon: sky in the one, land in the other.
    seen, land = (sky.image.view(np.eye(3), 60.0, 21, 11)[5].mean(axis=0) for sky in (cut, whole))
    assert seen[2] > seen[0] and land[2] < land[0]
