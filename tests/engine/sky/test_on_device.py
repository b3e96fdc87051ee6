# SPDX-License-Identifier: GPL-3.0-or-later
"""Views of a panorama in torch are those of the processor, within a tolerance; here on torch's own processor."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (make torch)")

from support.torch_device import chosen_device, one_thread  # noqa: E402, F401

from skyar_blender.engine.sky.load import LoadedSky  # noqa: E402
from skyar_blender.engine.sky.on_device import DevicePanorama, on_device  # noqa: E402
from skyar_blender.engine.sky.panorama import PanoramaSky  # noqa: E402


@pytest.fixture(scope="module")
def sky() -> PanoramaSky:
    """Clouds all around, a sun, and stars; no seam."""
    random = np.random.default_rng(1)
    noise = cv2.GaussianBlur(random.random((512, 3 * 1024, 3), np.float32), (0, 0), 3)[:, 1024:2048]
    image = 0.2 + 3 * np.abs(noise - noise.mean())
    fade = np.linspace(0, 1, 64, dtype=np.float32)[None, :, None]
    image[:, -64:] = image[:, -64:] * (1 - fade) + image[:, :64][:, ::-1] * fade
    image[200:208, 500:508] = 900.0
    image[random.integers(0, 250, 40), random.integers(0, 1024, 40)] = 6.0
    return PanoramaSky(image.astype(np.float32), turn=37.0, raised=4.0)


def looking(yaw: float, pitch: float) -> np.ndarray:
    one, other = np.radians(yaw), np.radians(pitch)
    across = np.array([[np.cos(one), 0, -np.sin(one)], [0, 1, 0], [np.sin(one), 0, np.cos(one)]])
    up = np.array([[1, 0, 0], [0, np.cos(other), np.sin(other)], [0, -np.sin(other), np.cos(other)]])
    return up @ across


@pytest.mark.parametrize(
    ("yaw", "pitch", "focal", "distortion"),
    [
        (0, 10, 160, 0.0),
        (180, 0, 160, -0.2),
        (-37, 15, 90, 0.0),
        (144, 40, 160, 0.0),
        (20, 88, 160, 0.0),
        (5, -80, 60, 0.1),
    ],
    ids=["ahead", "behind, bent", "the sun, wide", "the seam", "straight up", "down, wide"],
)
def test_both_see_alike(sky, yaw, pitch, focal, distortion):
    """Within .4 % in the mean and 3 % at 99 of 100 pixels; the processor knows places to .05 pixels."""
    view = looking(yaw, pitch), focal, 320, 180, distortion
    one, other = sky.view(*view), DevicePanorama(sky, chosen_device()).view(*view)
    assert other.shape == one.shape and other.dtype == np.float32 and (other >= 0).all()
    apart = np.abs(one - other) / (one + 0.05)
    assert apart.mean() < 0.004
    assert np.percentile(apart, 99) < 0.03


def test_enlarged_views_are_alike(sky):
    """Where a pixel of the sky fills several of the view."""
    view = looking(100, 20), 900, 320, 180
    one, other = sky.view(*view), DevicePanorama(sky, chosen_device()).view(*view)
    assert (np.abs(one - other) / (one + 0.05)).mean() < 0.005


def test_without_room_the_processor_makes_the_view_and_that_is_told(sky, monkeypatch):
    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("no room")

    monkeypatch.setattr("skyar_blender.engine.sky.on_device.sampled", full)
    device, view = chosen_device(), (looking(0, 10), 160, 64, 48)
    assert (DevicePanorama(sky, device).view(*view) == sky.view(*view)).all()
    assert device.short_of_memory() == {"sky": "some on the processor"}


def test_a_sky_that_moves_goes_on_moving(sky):
    loaded = LoadedSky(sky, "", True, 0.0, {}, later=lambda seconds: sky.oriented(seconds, 0.0))
    view = looking(0, 10), 160, 64, 48
    held = on_device(loaded, chosen_device())
    assert isinstance(held.image, DevicePanorama)
    apart = held.at(30.0).view(*view) - sky.oriented(30.0, 0.0).view(*view)
    assert np.abs(apart).mean() < 0.002
