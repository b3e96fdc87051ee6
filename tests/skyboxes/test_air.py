# SPDX-License-Identifier: GPL-3.0-or-later
"""The clear sky of the recipes has the colours of the real one."""

import numpy as np
import pytest

from skyboxes.making.air import Air, Atmosphere


@pytest.fixture(scope="module")
def atmosphere() -> Atmosphere:
    return Atmosphere(Air())


def test_a_low_sun_is_dimmer_and_redder(atmosphere: Atmosphere) -> None:
    high, low = (atmosphere.sun_at(np.array([0.0]), np.radians(elevation))[0] for elevation in (60, 4))
    assert high.min() > 0.6 and high[0] > high[2]
    assert low[1] < 0.5 * high[1]
    assert low[0] / low[2] > 3 * high[0] / high[2]


def test_the_zenith_is_blue_and_the_horizon_pale(atmosphere: Atmosphere) -> None:
    light, through = atmosphere.along(np.radians(50), np.radians([2.0, 89.0]), np.radians([120.0]))
    horizon, zenith = light[-1, :, 0]
    assert zenith[2] > 2 * zenith[0]
    assert horizon.sum() > 1.5 * zenith.sum() and horizon[2] / horizon[0] < 0.8 * zenith[2] / zenith[0]
    # Air adds light and takes light with distance.
    assert (np.diff(light, axis=0) >= 0).all() and (np.diff(through, axis=0) <= 1e-9).all()


def test_after_sunset_the_zenith_is_deep_blue_and_the_sky_glows_where_the_sun_went(atmosphere: Atmosphere) -> None:
    light, _ = atmosphere.along(np.radians(-5), np.radians([2.0, 90.0]), np.radians([0.0, 180.0]))
    (glow, opposite), zenith = light[-1, 0], light[-1, 1, 0]
    assert glow[0] > glow[2] and opposite[2] > opposite[0]
    assert zenith[2] > 3 * zenith[0] and glow.sum() > 3 * zenith.sum()
