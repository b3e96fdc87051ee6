# SPDX-License-Identifier: GPL-3.0-or-later
"""The sun of a sky lights the ground when it is up, and when it is a sun."""

from __future__ import annotations

import pytest

from skyar_blender.engine.sky.daylight import daylight


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"mean_luminance": 0.3}, 0),
        ({"mean_luminance": 0.3, "sun_direction": [10.0, 50.0]}, 1),
        ({"mean_luminance": 0.3, "sun_direction": [10.0, 4.0]}, 0),
        ({"mean_luminance": 0.03, "sun_direction": [10.0, 50.0]}, 0),  # a moon
        ({"mean_luminance": 0.3, "sun_direction": [10.0, 12.5]}, 0.5),
        ({}, 0),
    ],
)
def test_daylight(metadata, expected):
    assert daylight(metadata) == pytest.approx(expected)
