# SPDX-License-Identifier: GPL-3.0-or-later
"""Magnified views are taken from a part that is enlarged once; they look as if each were interpolated by itself."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from skyar_blender.engine.sky.enlarged import Enlarged
from skyar_blender.engine.sky.interpolated import Interpolated
from skyar_blender.engine.sky.padded import Padded


def clouds(height: int = 120, width: int = 240) -> np.ndarray:
    """Smooth, with a dark and a bright spot of one pixel; the same at both ends."""
    small = np.random.default_rng(3).random((height // 6, width // 6, 3)).astype(np.float32)
    small = np.concatenate([small, small[:, :1]], axis=1)
    image = cv2.resize(small, (width + 6, height), interpolation=cv2.INTER_CUBIC)[:, :width]
    image[60, 100], image[70, 130] = 1.5, 0.0
    return np.clip(image, 0, 1.5).astype(np.float32)


def maps(left: float, top: float, scale: float, width: int = 320, height: int = 180) -> tuple[np.ndarray, np.ndarray]:
    x, y = np.meshgrid(left + np.arange(width) / scale, top + np.arange(height) / scale)
    return x.astype(np.float32), y.astype(np.float32)


def enlarged(image: np.ndarray) -> Enlarged:
    return Enlarged(Padded(image))


def one_by_one(image: np.ndarray, x: np.ndarray, y: np.ndarray, border: int) -> np.ndarray:
    return np.maximum(cv2.remap(image, x, y, cv2.INTER_CUBIC, borderMode=border), 0)


@pytest.mark.parametrize("border", [cv2.BORDER_WRAP, cv2.BORDER_REFLECT])
@pytest.mark.parametrize("scale", [1.6, 2.3, 3.2, 6.0])
def test_a_magnified_view_is_that_of_cubic_interpolation(scale: float, border: int) -> None:
    image = clouds()
    x, y = maps(*((20.3, 4.6) if scale < 2 else (70.3, 40.6)), scale)
    seen = enlarged(image).sample(x, y, border, scale)
    expected = one_by_one(image, x, y, border)
    off = np.abs(seen - expected)
    assert off.mean() < 0.004
    assert off.max() < 0.2  # at the single pixels, whose tips are a little rounder
    assert seen.min() >= 0
    assert seen.dtype == np.float32


@pytest.mark.parametrize("left", [-40.0, -3.0, 150.0, 236.0])
def test_it_goes_on_around_a_panorama(left: float) -> None:
    image = clouds()
    x, y = maps(left, 30.0, 2.5)
    seen = enlarged(image).sample(x, y, cv2.BORDER_WRAP, 2.5)
    assert np.abs(seen - one_by_one(image, x, y, cv2.BORDER_WRAP)).mean() < 0.004


def test_a_flat_image_ends_at_its_edges() -> None:
    image = clouds()
    x, y = maps(-0.5, -0.5, 2.5)
    seen = enlarged(image).sample(x, y, cv2.BORDER_REFLECT, 2.5)
    assert np.abs(seen - one_by_one(image, x, y, cv2.BORDER_REFLECT)).mean() < 0.004


def test_a_camera_that_turns_sees_the_same_whatever_it_saw_before() -> None:
    image = clouds()
    turned = enlarged(image)
    for left in np.linspace(0, 160, 23):
        x, y = maps(float(left), 50.0, 2.0, 200, 80)
        seen = turned.sample(x, y, cv2.BORDER_WRAP, 2.0)
        assert np.abs(seen - enlarged(image).sample(x, y, cv2.BORDER_WRAP, 2.0)).max() < 0.01


@pytest.mark.parametrize("left", [-30.0, 5.0, 60.5, 220.0])
@pytest.mark.parametrize("sun", [False, True])
def test_a_view_of_some_of_the_sky_needs_the_rest_not(left: float, sun: bool) -> None:
    image = clouds()
    if sun:
        image[50:56, 90:96], image[65, 20] = 300.0, 20.0
    x, y = maps(left, 20.0, 1.2, 96, 60)
    rest = image.copy()
    rest[:5], rest[85:] = np.nan, np.nan
    seen = enlarged(rest).sample(x, y, cv2.BORDER_WRAP, 1.2)
    assert np.abs(seen - Interpolated(image).view(x, y, cv2.BORDER_WRAP)).max() < 1e-3


@pytest.mark.parametrize("edge", [(-0.5, -0.5), (160.0, 60.0)])
def test_a_view_of_some_of_a_flat_image_ends_at_its_edges(edge: tuple[float, float]) -> None:
    image = clouds()
    x, y = maps(*edge, 1.2, 96, 72)
    x, y = np.minimum(x, 239.5), np.minimum(y, 119.5)
    seen = enlarged(image).sample(x, y, cv2.BORDER_REFLECT, 1.2)
    assert np.abs(seen - Interpolated(image).view(x, y, cv2.BORDER_REFLECT)).max() < 1e-3


def test_a_view_of_all_the_sky_and_a_reduced_one_are_interpolated_directly() -> None:
    image = clouds()
    x, y = maps(0.0, 0.0, 2.0, 480, 240)
    everything = enlarged(image).sample(x[::8, ::8], y[::8, ::8], cv2.BORDER_WRAP, 2.0)
    assert np.array_equal(everything, one_by_one(image, x[::8, ::8].copy(), y[::8, ::8].copy(), cv2.BORDER_WRAP))
    reduced = enlarged(image).sample(x, y, cv2.BORDER_WRAP, 0.9)
    assert np.array_equal(reduced, one_by_one(image, x, y, cv2.BORDER_WRAP))


@pytest.mark.parametrize("scale", [1.8, 2.3, 4.0])
def test_suns_and_stars_are_as_bright_as_ever_and_nothing_rings_beside_them(scale: float) -> None:
    image = clouds()
    image[50:56, 90:96], image[65, 120] = 300.0, 20.0
    x, y = maps(*((20.3, 4.6) if scale < 2 else (70.3, 40.6)), scale)
    seen = enlarged(image).sample(x, y, cv2.BORDER_WRAP, scale)
    directly = Interpolated(image).view(x, y, cv2.BORDER_WRAP)
    bright = directly > 3
    assert bright.sum() > 100
    off = np.abs(seen - directly) / (1 + directly)
    assert off[bright].max() < 0.15  # where the sun's edge rises by 300 from pixel to pixel
    assert off.mean() < 0.004
    for found in (seen, directly):
        assert found.min() >= 0
        assert found.max() <= 300
