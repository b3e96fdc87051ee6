# SPDX-License-Identifier: GPL-3.0-or-later
"""The skies in the repository are whole: their pixels wrap, their files are small, their descriptions are true."""

import tomllib
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest

SKYBOXES = Path(__file__).parents[2] / "skyboxes"
NAMES = sorted(path.parent.name for path in SKYBOXES.glob("*/sky.toml"))
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
MEGABYTE = 1_000_000

#: Tags of skies that have lone bright points: stars, and the lamps of a hull.
POINTS = {"stars", "alien ship"}
#: Skies of 8192 x 4096; the others are half as wide and high.
LARGE = {"cloudy", "cumulus", "galaxy", "high_cirrus", "sunny"}
#: Least and most of the mean luminance.
EXPOSURES = [
    *(("sunset", 0.15, 0.3), ("cloudy", 0.35, 0.5), ("sunny", 0.3, 0.5), ("cumulus", 0.3, 0.5), ("rainy", 0.12, 0.3)),
    *(("jupiter", 0.1, 0.3), ("alien_ship", 0.15, 0.35), ("galaxy", 0.015, 0.06), ("supermoon", 0.02, 0.08)),
    *(("floating_castle", 0.3, 0.5), ("thunderstorm", 0.07, 0.2), ("high_cirrus", 0.3, 0.5)),
]


@cache
def describe(name: str) -> dict:
    return tomllib.loads((SKYBOXES / name / "sky.toml").read_text(encoding="utf-8"))


STILLS = [name for name in NAMES if describe(name)["kind"] == "still"]
every_sky = pytest.mark.parametrize("name", NAMES)
every_still = pytest.mark.parametrize("name", STILLS)


def exr_of(name: str) -> Path:
    return SKYBOXES / name / describe(name)["file"]


@cache
def pixels_of(name: str) -> np.ndarray:
    with OpenEXR.File(str(exr_of(name))) as file:
        return file.channels()["RGB"].pixels.astype(np.float32)


def angles(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Azimuth of each column and elevation of each row, degrees."""
    height, width = pixels_of(name).shape[:2]
    return ((np.arange(width) + 0.5) / width - 0.5) * 360, 90 - (np.arange(height) + 0.5) / height * 180


def test_all_skies_are_there():
    assert {
        "sunset",
        "cloudy",
        "sunny",
        "cumulus",
        "rainy",
        "jupiter",
        "alien_ship",
        "galaxy",
        "supermoon",
        "floating_castle",
        "thunderstorm",
        "high_cirrus",
    } == set(NAMES)


@every_still
def test_is_half_float_dwaa_of_the_promised_size(name):
    with OpenEXR.File(str(exr_of(name))) as file:
        compression = file.header()["compression"]
        pixels = file.channels()["RGB"].pixels
    assert pixels.dtype == np.float16
    assert pixels.shape == ((4096, 8192, 3) if name in LARGE else (2048, 4096, 3))
    assert compression == OpenEXR.DWAA_COMPRESSION
    assert exr_of(name).stat().st_size <= 12 * MEGABYTE


def test_all_skies_together_stay_small():
    assert sum(path.stat().st_size for path in SKYBOXES.glob("*/sky.*")) <= 140 * MEGABYTE


@every_still
def test_every_pixel_is_a_radiance(name):
    pixels = pixels_of(name)
    assert np.isfinite(pixels).all()
    # The compression may ring a little below zero around the sun's disc.
    assert pixels.min() >= -0.01


@every_still
def test_the_last_column_continues_in_the_first(name):
    pixels = np.minimum(pixels_of(name), 1)
    seam = np.abs(pixels[:, 0] - pixels[:, -1]).mean()
    elsewhere = [np.abs(pixels[:, x] - pixels[:, x + 1]).mean() for x in range(100, pixels.shape[1] - 96, 50)]
    assert seam <= 1.5 * max(elsewhere)


@every_still
def test_the_poles_are_points(name):
    pixels = pixels_of(name)
    for row in (pixels[0], pixels[-1]):
        luminance = row @ LUMINANCE
        # In a night sky a hundredth is less than the compression keeps, and than 8 bits show.
        assert luminance.std() <= max(0.01 * luminance.mean(), 0.0004)


@every_still
def test_there_is_no_line_at_the_horizon(name):
    pixels = pixels_of(name)
    horizon = len(pixels) // 2
    rows = np.minimum(pixels[horizon - 10 : horizon + 10], 1).mean(axis=1)
    steps = np.abs(np.diff(rows, axis=0)).max()
    assert steps <= 0.04 * rows.mean()


@every_still
def test_no_lone_bright_pixels(name):
    luminance = pixels_of(name) @ LUMINANCE
    sun = describe(name).get("sun_direction")
    if sun:
        azimuth, elevation = angles(name)
        near = np.hypot((azimuth - sun[0])[None, :], (elevation - sun[1])[:, None]) < 1.5
        luminance = np.where(near, 0.5, luminance)
    if POINTS & set(describe(name)["tags"]):
        assert luminance.max() < 3.5
        return
    around = cv2.medianBlur(luminance.astype(np.float32), 5)
    assert (luminance / (around + 0.1)).max() < 3


@every_still
def test_the_described_sun_is_where_the_pixels_are_brightest(name):
    luminance = pixels_of(name) @ LUMINANCE
    sun = describe(name).get("sun_direction")
    if sun is None:
        assert luminance.max() < 3
        return
    assert luminance.max() > 10
    row, column = np.unravel_index(np.argmax(luminance), luminance.shape)
    azimuth, elevation = angles(name)
    assert np.hypot(azimuth[column] - sun[0], elevation[row] - sun[1]) < 2


@every_still
def test_the_described_brightness_is_that_of_the_pixels(name):
    _, elevation = angles(name)
    above = elevation > 0
    weight = np.cos(np.radians(elevation[above]))
    rows = np.minimum(pixels_of(name)[above] @ LUMINANCE, 1).mean(axis=1)
    measured = np.average(rows, weights=weight)
    assert describe(name)["mean_luminance"] == pytest.approx(measured, rel=0.01)
    low = (elevation > 0) & (elevation < 5)
    horizon = np.minimum(pixels_of(name)[low], 1).mean(axis=(0, 1))
    assert describe(name)["horizon_colour"] == pytest.approx(horizon, rel=0.02)


@pytest.mark.parametrize(("name", "least", "most"), EXPOSURES)
def test_is_well_exposed_under_the_standard_view(name, least, most):
    assert least <= describe(name)["mean_luminance"] <= most


@every_sky
def test_says_what_it_is_and_that_it_is_free(name):
    sky = describe(name)
    assert sky["name"] == name
    assert sky["title"]
    assert sky["tags"] and all(isinstance(tag, str) for tag in sky["tags"])
    assert sky["licence"] == "CC0-1.0"
    assert sky["kind"] in ("still", "loop")
    assert sky["rain"] in (True, False)
    assert ("sun_direction" in sky) == ("sun_colour" in sky)


@every_sky
def test_has_a_small_thumbnail(name):
    path = SKYBOXES / name / "thumbnail.jpg"
    assert path.stat().st_size < 60_000
    assert cv2.imread(str(path)).shape == (256, 512, 3)
