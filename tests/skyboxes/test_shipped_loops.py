# SPDX-License-Identifier: GPL-3.0-or-later
"""Animated skies of the repository go on where they end, in time and all around."""

from __future__ import annotations

import itertools
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from skyar_blender.engine.media.movie import MovieReader
from skyar_blender.engine.sky.video import VideoSky

SKYBOXES = Path(__file__).parents[2] / "skyboxes"
METADATA = {
    path.parent.name: metadata
    for path in sorted(SKYBOXES.glob("*/sky.toml"))
    if (metadata := tomllib.loads(path.read_text(encoding="utf-8")))["kind"] == "loop"
}
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)

every_loop = pytest.mark.parametrize("name", sorted(METADATA))


def film_of(name: str) -> VideoSky:
    return VideoSky(SKYBOXES / name / METADATA[name]["file"], METADATA[name]["peak"], seamless=True)


@cache
def luminances(name: str) -> np.ndarray:
    """(images, height / 4, width / 4): of every second image and of the first and the last one."""
    film, rate = film_of(name), METADATA[name]["rate"]
    count = METADATA[name]["seconds"] * rate
    numbers = sorted({*range(0, count, 2), count - 1})
    return np.stack([film.image(number / rate)[::4, ::4] @ LUMINANCE for number in numbers])


def test_there_are_some():
    assert "thunderstorm" in METADATA


@every_loop
def test_is_a_movie_of_the_promised_size(name):
    path = SKYBOXES / name / METADATA[name]["file"]
    reader = MovieReader(str(path), None)
    assert reader.width >= 2048 and reader.height == reader.width // 2
    assert reader.rate == METADATA[name]["rate"] == 24
    assert reader.count == METADATA[name]["seconds"] * 24 >= 4 * 24
    assert path.stat().st_size < 30_000_000


@every_loop
def test_its_first_image_follows_its_last(name):
    seen = luminances(name)
    step = np.abs(seen[0] - seen[-1]).mean()
    usual = np.median([np.abs(one - other).mean() for one, other in itertools.pairwise(seen)])
    # An image that is coded by itself differs a little from the one before: less than 8 bits show.
    assert step <= max(usual, 0.003 * seen.mean())


@every_loop
def test_it_moves_and_flashes(name):
    seen = luminances(name)
    changes = [np.abs(one - other).mean() / seen.mean() for one, other in itertools.pairwise(seen)]
    assert min(changes) > 0.0002
    # Brighter than white in the cloud, at some moments and not at all of them.
    brightest = seen.max(axis=(1, 2))
    assert brightest.max() > 1.5
    assert np.median(brightest) < 0.6


@every_loop
def test_flashes_are_safe_to_look_at(name):
    """At most three a second: W3C, WCAG 2.1, success criterion 2.3.1."""
    means = luminances(name).mean(axis=(1, 2))
    rises = np.flatnonzero(np.diff(means) > 0.05 * np.median(means))
    moments = rises * 2 / METADATA[name]["rate"]
    assert all(np.sum((moments >= moment) & (moments < moment + 1)) <= 3 for moment in moments)


@every_loop
@pytest.mark.parametrize("part", [0.0, 0.2, 0.5])
def test_it_closes_all_around(name, part):
    image = np.minimum(film_of(name).image(part * METADATA[name]["seconds"]), 1)
    seam = np.abs(image[:, 0] - image[:, -1]).mean()
    elsewhere = [np.abs(image[:, x] - image[:, x + 1]).mean() for x in range(100, image.shape[1] - 100, 50)]
    # The codec knows nothing of what lies beyond the edge; a hundredth is less than 8 bits show.
    assert seam <= max(1.5 * max(elsewhere), 0.01 * image[: len(image) // 2].mean())
    for row in (image[0], image[-1]):
        luminance = row @ LUMINANCE
        assert luminance.std() <= 0.02 * luminance.mean()


@every_loop
def test_the_description_is_of_the_first_image(name):
    image = film_of(name).image(0.0)
    height = len(image)
    elevation = np.pi / 2 - (np.arange(height) + 0.5) * np.pi / height
    above = elevation > 0
    rows = np.minimum(image[above] @ LUMINANCE, 1).mean(axis=1)
    mean = np.average(rows, weights=np.cos(elevation[above]))
    assert METADATA[name]["mean_luminance"] == pytest.approx(mean, rel=0.02)
    low = above & (elevation < np.radians(5))
    assert METADATA[name]["horizon_colour"] == pytest.approx(image[low].mean(axis=(0, 1)), rel=0.03)
