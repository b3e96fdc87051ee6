# SPDX-License-Identifier: GPL-3.0-or-later
"""The sun of a panorama is found where it stands, and none where there is none; in the shipped skies too:
``tests/skyboxes/test_shipped_skies.py``."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from skyar_blender.contract.job import Sky
from skyar_blender.engine.media.exr import write_exr
from skyar_blender.engine.sky.disc import sun_disc
from skyar_blender.engine.sky.load import load_sky


def panorama(azimuth: float, elevation: float, level: float, size: int = 512) -> np.ndarray:
    """A soft sky with a disc of half a degree and a glow."""
    height = size // 2
    rows = np.radians(90 - (np.arange(height) + 0.5) * 180 / height)[:, None]
    columns = np.radians((np.arange(size) + 0.5) * 360 / size - 180)[None, :]
    a, e = np.radians(azimuth), np.radians(elevation)
    cosine = np.sin(rows) * np.sin(e) + np.cos(rows) * np.cos(e) * np.cos(columns - a)
    away = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    sky = 0.25 + 0.5 * np.exp(-away / 12) + level * (away < 0.6)
    return np.repeat(np.where(rows > 0, sky, 0.1)[..., None], 3, axis=2).astype(np.float32)


@pytest.mark.parametrize("azimuth", [-179.0, -60.0, 0.0, 100.0, 179.5])
@pytest.mark.parametrize("level", [500.0, 50000.0])
def test_anywhere_also_at_the_seam(azimuth, level):
    found = sun_disc(panorama(azimuth, 35.0, level))
    assert found is not None
    assert abs((found[0] - azimuth + 180) % 360 - 180) < 1.0
    assert found[1] == pytest.approx(35.0, abs=1.0)


def test_neither_a_glow_nor_a_star_is_a_sun():
    assert sun_disc(panorama(20.0, 30.0, 0.0)) is None
    stars = np.full((256, 512, 3), 0.02, np.float32)
    stars[40, 100] = 0.9
    assert sun_disc(stars) is None
    assert sun_disc(np.zeros((64, 128, 3), np.float32)) is None


def test_a_clipped_image_tells_where_what_is_clipped_is_small():
    clipped = np.clip(panorama(-40.0, 25.0, 500.0, 1024), 0, 1)
    glow = cv2.GaussianBlur(clipped, (0, 0), 1.5)
    found = sun_disc(np.clip(glow + 2 * (clipped >= 1), 0, 1))
    assert found is not None and found == pytest.approx((-40.0, 25.0), abs=2.0)
    assert sun_disc(np.ones((64, 128, 3), np.float32)) is None


def test_a_users_panorama_has_it_in_its_metadata(tmp_path: Path):
    write_exr(tmp_path / "own.exr", panorama(70.0, 20.0, 800.0))
    metadata = load_sky(Sky(source=str(tmp_path / "own.exr"), exposure=1.0)).metadata
    assert metadata["sun_direction"] == pytest.approx([70.0, 20.0], abs=1.0)
    assert "mean_luminance" in metadata
