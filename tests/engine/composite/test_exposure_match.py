# SPDX-License-Identifier: GPL-3.0-or-later
"""How a shot's exposure changes: found through the camera's motion, and not found where nothing changes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.contract.job import Look
from skyar_blender.engine.composite.exposure import ExposureChange, ExposureMeter, Sight, exposures
from skyar_blender.engine.composite.light import Light
from skyar_blender.engine.composite.look import Layers, composite_linear

RATE, COUNT = 24.0, 72


def _found(stops: np.ndarray, sky_follows: bool = True) -> np.ndarray:
    """What is found in a pan over a rough place below a plain sky, each frame exposed by ``stops``."""
    rng = np.random.default_rng(4)
    small = rng.uniform(0.02, 0.25, (20, 120)).astype(np.float32)
    land = cv2.resize(small, (960, 160), interpolation=cv2.INTER_CUBIC).clip(0.02)
    matte = np.zeros((160, 240), np.float32)
    matte[:60] = 1
    meter, changes = ExposureMeter(), []
    for index, stop in enumerate(stops):
        linear = land[:, 4 * index :][:, :240] * 2.0**stop
        linear[:60] = 0.2 * 2.0 ** (stop if sky_follows else 0)
        noise = rng.normal(0, 2, linear.shape)
        codes = np.clip(255 * linear.clip(0, 1) ** (1 / 2.2) + noise, 0, 255)
        frame = np.asarray(np.rint(codes), np.uint8)[..., None].repeat(3, axis=2)
        step = None if index == 0 else np.array([[1.0, 0, -4.0], [0, 1, 0], [0, 0, 1]])
        changes.append(meter.add(Sight.of(frame, matte), step))
    return np.array(exposures(changes, RATE))


def test_nothing_is_found_where_nothing_changes() -> None:
    assert not _found(np.zeros(COUNT)).any()


@pytest.mark.parametrize("kind", ["flash", "step", "flicker"])
def test_changes_are_found_at_their_frames(kind: str) -> None:
    stops = np.zeros(COUNT)
    if kind == "flash":
        stops[30:32] = 0.9
    elif kind == "step":
        stops[30:] = -0.7
    else:
        stops = np.random.default_rng(1).normal(0, 0.15, COUNT)
    found = _found(stops)
    np.testing.assert_allclose(np.diff(found), np.diff(stops), atol=0.06)
    assert abs(np.mean(found[-10:])) < 0.15  # what stays is the new usual


def test_a_lamp_that_lights_the_land_alone_leaves_the_sky() -> None:
    stops = np.zeros(COUNT)
    stops[30:32] = 0.9
    assert np.abs(_found(stops, sky_follows=False)).max() < 0.05


def test_what_tells_nothing_changes_nothing() -> None:
    assert exposures([ExposureChange(None, None)] * 3, RATE) == [0, 0, 0]
    assert exposures([ExposureChange(None, None)], RATE) == [0]


def test_the_new_sky_follows() -> None:
    layers = Layers(np.ones((8, 8), np.float32), np.full((8, 8, 3), 0.2, np.float32))
    black = np.zeros((8, 8, 3), np.float32)
    look = Look(exposure_match=0.5, light_wrap=0)
    assert composite_linear(black, layers, look, Light(exposure=2.0)) == pytest.approx(0.4)
