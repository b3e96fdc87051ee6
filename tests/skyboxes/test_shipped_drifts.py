# SPDX-License-Identifier: GPL-3.0-or-later
"""The clouds of skies of the repository drift before a sun, a clear sky and a horizon that stay."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from skyar_blender.common.sky_library import moves
from skyar_blender.contract.job import Sky
from skyar_blender.engine.colour import LUMINANCE
from skyar_blender.engine.media.exr import read_channels
from skyar_blender.engine.sky.load import LoadedSky, load_sky
from skyar_blender.engine.sphere.views import looking

SKYBOXES = Path(__file__).parents[2] / "skyboxes"
DESCRIBED = {
    path.parent.name: metadata
    for path in sorted(SKYBOXES.glob("*/sky.toml"))
    if "drift" in (metadata := tomllib.loads(path.read_text(encoding="utf-8")))
}
every_drift = pytest.mark.parametrize("name", sorted(DESCRIBED))
FOCAL, WIDTH, HEIGHT = 240.0, 320, 180


@lru_cache(1)
def loaded(name: str) -> LoadedSky:
    return load_sky(Sky(source=name), widest=2048)


def seen(name: str, seconds: float, azimuth: float, elevation: float, focal: float = FOCAL) -> np.ndarray:
    """Luminance of a view, display white cut off."""
    view = loaded(name).at(seconds).view(looking(azimuth, elevation), focal, WIDTH, HEIGHT)
    return np.minimum(view @ LUMINANCE, 1)


@every_drift
def test_it_is_known_to_move_and_long_enough(name):
    drift = DESCRIBED[name]["drift"]
    assert moves(name) and loaded(name).moves
    assert DESCRIBED[name]["kind"] == "still"
    assert drift["seconds"] >= 10 and 1 <= drift["dissolve"] <= 0.5 * drift["seconds"]
    # A breeze, not a gale: true to the clouds' height.
    assert 3 <= drift["speed"] <= 25


@every_drift
def test_what_it_needs_is_there_and_small(name):
    file = DESCRIBED[name]["drift"].get("file")
    if file is None:
        assert "sun_direction" not in DESCRIBED[name]  # it would drift along
        return
    path = SKYBOXES / name / file
    assert path.stat().st_size < 700_000
    channels = read_channels(path)
    assert set(channels) == set("RGBAN")
    assert all(np.isfinite(plane).all() and plane.min() >= 0 for plane in channels.values())
    assert channels["A"].max() <= 1.001 and {plane.shape for plane in channels.values()} == {(256, 1024)}
    seam = np.abs(channels["N"][:, 0] - channels["N"][:, -1]).max()
    assert seam <= 1.5 * np.abs(np.diff(channels["N"], axis=1)).max()


@every_drift
def test_it_moves_and_comes_round(name):
    seconds = DESCRIBED[name]["drift"]["seconds"]
    changes = []
    for azimuth in range(0, 360, 60):
        first = seen(name, 0.0, azimuth, 35.0)
        assert np.array_equal(seen(name, seconds, azimuth, 35.0), first)
        step = np.abs(seen(name, seconds - 1 / 24, azimuth, 35.0) - first).mean()
        usual = np.abs(seen(name, 1 / 24, azimuth, 35.0) - first).mean()
        assert step <= 1.5 * usual + 0.001
        changes.append(np.abs(seen(name, 20.0, azimuth, 35.0) - first).mean())
    assert max(changes) > 0.01


@every_drift
def test_the_land_and_the_horizon_stay(name):
    for azimuth in (40, 220):
        first, later = (seen(name, seconds, azimuth, -4.0, 4 * FOCAL) for seconds in (0.0, 30.0))  # up to 1.4 degrees
        assert np.abs(later - first).mean() < 0.004


@every_drift
def test_the_sun_stays(name):
    sun = DESCRIBED[name].get("sun_direction")
    if sun is None:
        return
    sky = loaded(name)
    views = [
        sky.at(seconds).view(looking(*sun), 4 * FOCAL, 161, 161).max(axis=2) for seconds in (0.0, 6.0, 18.0, 30.0)
    ]
    for view in views:
        bright = np.clip(view - 8, 0, None)
        if bright.sum() == 0:  # behind a cloud
            continue
        rows, columns = np.indices(view.shape)
        middle = (columns * bright).sum() / bright.sum(), (rows * bright).sum() / bright.sum()
        assert np.hypot(middle[0] - 80, middle[1] - 80) < 4  # a quarter of a degree
    assert views[0].max() > 8
