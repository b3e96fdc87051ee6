# SPDX-License-Identifier: GPL-3.0-or-later
"""What the recipes tell of the distance of clouds, for their drift."""

from pathlib import Path

import numpy as np
import pytest

from skyar_blender.engine.media.exr import read_channels
from skyboxes.making.drift import ROWS, WIDTH, Drift, nearness, write_drift

ELEVATION = np.radians(90 * (1 - (np.arange(ROWS) + 0.5) / ROWS))[:, None]


def of_layer(height: float) -> np.ndarray:
    """One by the distance in km of a layer so many metres high, where the earth is flat enough."""
    return np.broadcast_to(np.sin(ELEVATION) / (height / 1000), (ROWS, WIDTH)).astype(np.float32)


def test_an_even_layer_has_its_own_distance_everywhere() -> None:
    near = nearness(np.ones((ROWS, WIDTH), np.float32), of_layer(1200), 1200.0)
    high = slice(0, ROWS * 80 // 90)
    assert near[high] == pytest.approx(of_layer(1200)[high], rel=0.03)
    # At the horizon it is as far as the earth's curve has it.
    assert 1 / near[-1].mean() == pytest.approx(np.sqrt(2 * 6360 * 1.2), rel=0.1)


def test_where_there_is_no_cloud_it_is_as_far_as_the_layer() -> None:
    near = nearness(np.zeros((ROWS, WIDTH), np.float32), np.zeros((ROWS, WIDTH), np.float32), 2000.0)
    high = slice(0, ROWS * 80 // 90)
    assert near[high] == pytest.approx(of_layer(2000)[high], rel=0.03)


def test_what_is_farther_off_is_slower_and_nothing_jumps() -> None:
    """A tower twice as far off as the layer, on the seam of the panorama."""
    cover = np.zeros((ROWS, WIDTH), np.float32)
    rows = slice(ROWS * 45 // 90, ROWS * 65 // 90)
    cover[rows, :80] = cover[rows, -80:] = 1
    near = nearness(cover, 0.5 * cover * of_layer(1000), 1000.0)
    middle = ROWS * 55 // 90
    assert near[middle, 0] == pytest.approx(0.5 * of_layer(1000)[middle, 0], rel=0.1)
    assert near[middle, WIDTH // 2] == pytest.approx(of_layer(1000)[middle, 0], rel=0.1)
    # The seam is none, and a step of the distance takes several degrees.
    part = near[middle] / of_layer(1000)[middle]
    assert abs(part[0] - part[-1]) < 0.01 and np.abs(np.diff(part)).max() < 0.04


def test_the_file_has_what_the_engine_reads(tmp_path: Path) -> None:
    still = np.full((ROWS, WIDTH, 3), (0.2, 0.3, 0.4), np.float32)
    write_drift(tmp_path / "drift.exr", still, np.full((ROWS, WIDTH), 0.5, np.float32), of_layer(1000))
    channels = read_channels(tmp_path / "drift.exr")
    assert {name: float(plane.mean()) for name, plane in channels.items() if name != "N"} == pytest.approx(
        {"R": 0.2, "G": 0.3, "B": 0.4, "A": 0.5}, abs=0.002
    )
    assert channels["N"] == pytest.approx(of_layer(1000), abs=0.001)


def test_a_closed_sky_needs_no_file() -> None:
    assert Drift(10.0, 900.0, 8.0).described()["file"] == "drift.exr"
    assert "file" not in Drift(10.0, 900.0, 8.0, closed=True).described()
