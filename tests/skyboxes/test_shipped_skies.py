# SPDX-License-Identifier: GPL-3.0-or-later
"""The skies in the repository are whole: their pixels wrap, their files are small, their descriptions are true."""

import tomllib
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest

from skyar_blender.contract.job import Sky
from skyar_blender.engine.media import images
from skyar_blender.engine.media.exr import decode_exr_as_stored, single
from skyar_blender.engine.sky.disc import sun_disc
from skyar_blender.engine.sky.load import load_sky
from skyboxes.measure_detail import detail_of

SKYBOXES = Path(__file__).parents[2] / "skyboxes"
NAMES = sorted(path.parent.name for path in SKYBOXES.glob("*/sky.toml"))
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
MEGABYTE = 1_000_000

#: Tags of skies that have lone bright points: stars, and the lamps of a hull.
POINTS = {"stars", "alien ship"}
#: Skies whose described sun is a moon.
MOONS = {"supermoon"}
#: Skies of 4096 x 2048; the others are twice as wide and high.
SMALL = {"alien_ship", "floating_castle", "jupiter", "supermoon"}
#: Least and most of the mean luminance.
EXPOSURES = [
    *(("sunset", 0.15, 0.3), ("cloudy", 0.35, 0.5), ("sunny", 0.3, 0.5), ("cumulus", 0.3, 0.5), ("rainy", 0.12, 0.3)),
    *(("jupiter", 0.1, 0.3), ("alien_ship", 0.15, 0.35), ("galaxy", 0.015, 0.06), ("supermoon", 0.02, 0.08)),
    *(("floating_castle", 0.3, 0.5), ("thunderstorm", 0.07, 0.2), ("high_cirrus", 0.3, 0.5)),
    *(("golden_hour", 0.18, 0.35), ("towering_clouds", 0.25, 0.45), ("red_planet", 0.12, 0.35)),
    *(("mackerel_sky", 0.3, 0.5), ("misty_dawn", 0.2, 0.4), ("pastel_overcast", 0.25, 0.5)),
    *(("blue_hour", 0.03, 0.15), ("storm_front", 0.15, 0.35), ("after_the_rain", 0.15, 0.35)),
]


#: How the README writes their number.
COUNTS = {18: "Eighteen", 19: "Nineteen", 20: "Twenty", 21: "Twenty-one", 22: "Twenty-two", 23: "Twenty-three"}


@cache
def describe(name: str) -> dict:
    return tomllib.loads((SKYBOXES / name / "sky.toml").read_text(encoding="utf-8"))


STILLS = [name for name in NAMES if describe(name)["kind"] == "still"]
every_sky = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module", params=STILLS)
def still(request: pytest.FixtureRequest) -> str:
    """Name of a sky; all tests of one come one after the other, as no two fit well into memory."""
    return request.param


def exr_of(name: str) -> Path:
    return SKYBOXES / name / describe(name)["file"]


@lru_cache(1)
def stored(name: str) -> np.ndarray:
    """Pixels (height, width, 3) as the file has them, by the engine's reader; read once for all tests of a sky."""
    path = exr_of(name)
    return decode_exr_as_stored(path.read_bytes(), path)


@lru_cache(1)
def pixels_of(name: str) -> np.ndarray:
    return single(stored(name))


@lru_cache(1)
def luminance_of(name: str) -> np.ndarray:
    return pixels_of(name) @ LUMINANCE


def angles(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Azimuth of each column and elevation of each row, degrees."""
    height, width = pixels_of(name).shape[:2]
    return ((np.arange(width) + 0.5) / width - 0.5) * 360, 90 - (np.arange(height) + 0.5) / height * 180


def test_all_skies_are_there_and_the_readme_counts_them():
    assert sorted(name for name, _, _ in EXPOSURES) == NAMES
    readme = (SKYBOXES.parent / "README.md").read_text(encoding="utf-8")
    assert f"[{COUNTS[len(NAMES)]} skies]" in readme


def test_is_half_float_dwaa_of_the_promised_size(still):
    height, width = (2048, 4096) if still in SMALL else (4096, 8192)
    with OpenEXR.File(str(exr_of(still)), header_only=True) as file:
        header = file.header()
        assert header["compression"] == OpenEXR.DWAA_COMPRESSION
        assert np.ptp(header["dataWindow"], axis=0).tolist() == [width - 1, height - 1]
    assert stored(still).dtype == np.float16
    assert stored(still).shape == (height, width, 3)
    assert exr_of(still).stat().st_size <= 12 * MEGABYTE


def test_all_skies_together_stay_small():
    files = [*SKYBOXES.glob("*/sky.*"), *SKYBOXES.glob("*/drift.exr")]
    assert sum(path.stat().st_size for path in files) <= 140 * MEGABYTE


def test_every_pixel_is_a_radiance(still):
    pixels = pixels_of(still)
    # The compression may ring a little below zero around the sun's disc. What is no number is the least there is.
    assert pixels.min() >= -0.01
    assert pixels.max() < np.inf


def test_the_last_column_continues_in_the_first(still):
    pixels = pixels_of(still)

    def step(one: int, other: int) -> float:
        return float(np.abs(np.minimum(pixels[:, one], 1) - np.minimum(pixels[:, other], 1)).mean())

    seam = step(0, -1)
    elsewhere = [step(x, x + 1) for x in range(100, pixels.shape[1] - 96, 50)]
    assert seam <= 1.5 * max(elsewhere)


def test_the_poles_are_points(still):
    pixels = pixels_of(still)
    for row in (pixels[0], pixels[-1]):
        luminance = row @ LUMINANCE
        # In a night sky a hundredth is less than the compression keeps, and than 8 bits show.
        assert luminance.std() <= max(0.01 * luminance.mean(), 0.0004)


def test_there_is_no_line_at_the_horizon(still):
    pixels = pixels_of(still)
    horizon = len(pixels) // 2
    rows = np.minimum(pixels[horizon - 10 : horizon + 10], 1).mean(axis=1)
    steps = np.abs(np.diff(rows, axis=0)).max()
    assert steps <= 0.04 * rows.mean()


def test_no_lone_bright_pixels(still):
    luminance = luminance_of(still)
    # What stands around a pixel is taken before the sun is left out, which would be a dark hole in a bright cloud.
    around = cv2.medianBlur(luminance, 5)
    sun = describe(still).get("sun_direction")
    if sun:
        azimuth, elevation = angles(still)
        rows = np.flatnonzero(np.abs(elevation - sun[1]) < 1.5)
        columns = np.flatnonzero(np.abs(azimuth - sun[0]) < 1.5)
        disc = np.hypot((azimuth[columns] - sun[0])[None, :], (elevation[rows] - sun[1])[:, None]) < 1.5
        luminance, place = luminance.copy(), np.ix_(rows, columns)
        luminance[place] = np.where(disc, 0.5, luminance[place])
    if POINTS & set(describe(still)["tags"]):
        assert luminance.max() < 3.5
        return
    around += 0.1
    assert np.divide(luminance, around, out=around).max() < 3


def test_the_described_sun_is_where_the_pixels_are_brightest(still):
    luminance = luminance_of(still)
    sun = describe(still).get("sun_direction")
    if sun is None:
        assert luminance.max() < 3
        return
    assert luminance.max() > 10
    row, column = np.unravel_index(np.argmax(luminance), luminance.shape)
    azimuth, elevation = angles(still)
    assert np.hypot(azimuth[column] - sun[0], elevation[row] - sun[1]) < 2


def test_the_engine_finds_the_described_sun(still):
    if still in MOONS:
        return
    found, described = sun_disc(pixels_of(still)), describe(still).get("sun_direction")
    assert (found is None) == (described is None)
    if described is not None:
        assert found == pytest.approx(described, abs=2.0)


def test_the_described_brightness_is_that_of_the_pixels(still):
    _, elevation = angles(still)
    above = elevation > 0
    weight = np.cos(np.radians(elevation[above]))
    rows = np.minimum(luminance_of(still)[above], 1).mean(axis=1)
    measured = np.average(rows, weights=weight)
    assert describe(still)["mean_luminance"] == pytest.approx(measured, rel=0.01)
    low = (elevation > 0) & (elevation < 5)
    horizon = np.minimum(pixels_of(still)[low], 1).mean(axis=(0, 1))
    assert describe(still)["horizon_colour"] == pytest.approx(horizon, rel=0.02)


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


def test_its_room_on_the_disk_is_described(still: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made anew, a sky is measured by ``skyboxes.measure_detail``. Its file was read already."""
    monkeypatch.setattr(images, "decode_exr_as_stored", lambda data, path, widest: stored(still).copy())
    described(still)


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(STILLS)))
def test_the_room_of_a_loop_is_described(name: str) -> None:
    described(name)


def described(name: str) -> None:
    assert describe(name)["detail"] == pytest.approx(detail_of(load_sky(Sky(source=name)).image), rel=0.03)
