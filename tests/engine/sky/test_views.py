# SPDX-License-Identifier: GPL-3.0-or-later
"""Panoramas and flat skies through a camera."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from skyar_blender.engine.sky.flat import BELOW_HORIZON, FlatSky
from skyar_blender.engine.sky.panorama import PanoramaSky
from skyar_blender.engine.sky.view_map import view_map
from skyar_blender.engine.sky_image import SkyImage

FORWARD = np.eye(3)


def looking(yaw: float, pitch: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """World to camera; degrees; yaw to the right, pitch up."""
    return Rotation.from_euler("yxz", [-yaw, -pitch, -roll], degrees=True).as_matrix()


def direction_panorama(height: int = 256) -> np.ndarray:
    """Each pixel's colour is its direction (x, y, z), from -1..1 to 0..1: no wrong mapping goes unseen."""
    width = 2 * height
    azimuth = ((np.arange(width) + 0.5) / width - 0.5) * 2 * np.pi
    elevation = (0.5 - (np.arange(height) + 0.5) / height) * np.pi
    azimuth, elevation = np.meshgrid(azimuth, elevation)
    x, y, z = np.cos(elevation) * np.sin(azimuth), -np.sin(elevation), np.cos(elevation) * np.cos(azimuth)
    return (np.stack([x, y, z], axis=-1) / 2 + 0.5).astype(np.float32)


def directions(rotation: np.ndarray, focal: float, width: int, height: int) -> np.ndarray:
    """World directions of the pixels of a pinhole camera, worked out one by one."""
    x, y = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    rays = np.stack([x / focal, y / focal, np.ones_like(x)], axis=-1)
    return (rays / np.linalg.norm(rays, axis=-1, keepdims=True)) @ rotation


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((height, width, 3)).astype(np.float32)


@settings(max_examples=40, deadline=None)
@given(
    yaw=st.floats(-720, 720),
    pitch=st.floats(-90, 90),
    roll=st.floats(-180, 180),
    focal=st.floats(40, 400),
    width=st.integers(1, 150),
    height=st.integers(1, 90),
)
def test_every_pixel_shows_its_direction(
    yaw: float, pitch: float, roll: float, focal: float, width: int, height: int
) -> None:
    rotation = looking(yaw, pitch, roll)
    view = PanoramaSky(direction_panorama()).view(rotation, focal, width, height)
    assert view.shape == (height, width, 3)
    assert view.dtype == np.float32
    assert np.abs(view * 2 - 1 - directions(rotation, focal, width, height)).max() < 0.02


@pytest.mark.parametrize(("yaw", "pitch"), [(0, 0), (37, 12), (120, -40), (180, 60), (-178, 30), (10, 80), (0, 90)])
def test_the_coarse_grid_is_exact_to_a_twentieth_of_a_pixel(yaw: float, pitch: float) -> None:
    rotation, focal, width, height = looking(yaw, pitch, 20), 1200.0, 960, 540
    azimuth, elevation = view_map(lambda a, e: (a, e), rotation, focal, width, height)
    x, y, z = np.moveaxis(directions(rotation, focal, width, height), -1, 0)
    off = np.abs((azimuth - np.arctan2(x, z) + np.pi) % (2 * np.pi) - np.pi) * np.hypot(x, z)
    assert off.max() * focal < 0.05
    assert np.abs(elevation - np.arcsin(np.clip(-y, -1, 1))).max() * focal < 0.05


def test_forward_is_the_middle_of_the_panorama_and_right_is_to_the_right() -> None:
    image = np.zeros((64, 128, 3), np.float32)
    image[:, 64:96] = (1, 0, 0)  # the quarter to the right of forward
    view = PanoramaSky(image).view(FORWARD, 50.0, 101, 51)
    assert view[25, 60:, 0].min() > 0.9
    assert view[25, :40, 0].max() < 0.1


def test_up_is_the_first_row() -> None:
    image = np.zeros((64, 128, 3), np.float32)
    image[:32] = (0, 0, 1)
    view = PanoramaSky(image).view(FORWARD, 50.0, 101, 51)
    assert view[:22, :, 2].min() > 0.9
    assert view[29:, :, 2].max() < 0.1


def test_a_sky_turned_to_the_right_shows_its_middle_on_the_right() -> None:
    image = noise(64, 128)
    turned = PanoramaSky(image, turn=40.0).view(looking(40), 80.0, 64, 48)
    assert np.allclose(turned, PanoramaSky(image).view(FORWARD, 80.0, 64, 48), atol=0.05)
    flat = FlatSky(image, 90.0, turn=40.0).view(looking(40), 80.0, 64, 48)
    assert np.allclose(flat, FlatSky(image, 90.0).view(FORWARD, 80.0, 64, 48), atol=0.05)


@pytest.mark.parametrize("raised", [-25.0, 12.0, 50.0])
def test_a_raised_horizon_is_seen_higher_and_the_zenith_stays(raised: float) -> None:
    image = direction_panorama()
    flat, up = PanoramaSky(image, raised=raised), looking(0, 89.9)
    level = flat.view(looking(0, raised), 80.0, 65, 49)
    assert np.allclose(level[24, 32], [0.5, 0.5, 1.0], atol=0.03)  # forward at the horizon
    assert np.allclose(flat.view(up, 400.0, 9, 9)[4, 4], PanoramaSky(image).view(up, 400.0, 9, 9)[4, 4], atol=0.02)
    nothing = PanoramaSky(image, raised=0.0).view(looking(30, 10), 80.0, 64, 48)
    assert np.array_equal(nothing, PanoramaSky(image).view(looking(30, 10), 80.0, 64, 48))
    with pytest.raises(ValueError, match="60"):
        PanoramaSky(image, raised=61)


def test_a_flat_sky_is_raised_as_a_whole() -> None:
    edge = np.zeros((60, 120, 3), np.float32)
    edge[:57] = 1  # the horizon of a flat image is a twentieth above its lower edge
    view = FlatSky(edge, 60.0, raised=7.0).view(looking(0, 7), 90.0, 65, 37)
    assert view[16, 32].min() > 0.9 and view[20, 32].max() < 0.1


@settings(max_examples=15, deadline=None)
@given(turn=st.floats(-180, 180), turns=st.integers(-9, 9))
def test_full_turns_change_nothing(turn: float, turns: int) -> None:
    image = noise(32, 64)
    one = PanoramaSky(image, turn).view(looking(20, 10), 60.0, 40, 30)
    other = PanoramaSky(image, turn + 360 * turns).view(looking(20 + 360 * turns, 10), 60.0, 40, 30)
    assert np.allclose(one, other, atol=1e-2)


def test_there_is_no_seam_behind() -> None:
    """A full turn in steps: what is beside the seam differs no more than columns elsewhere."""
    sky = PanoramaSky(direction_panorama(128))
    largest = []
    for yaw in range(0, 360, 15):
        view = sky.view(looking(yaw, 8), 150.0, 120, 60)
        largest.append(np.abs(np.diff(view, axis=1)).max())
    assert max(largest) < 1.5 * min(largest)
    assert max(largest) < 0.006


def test_the_poles_are_whole() -> None:
    for pitch in (90, -90):
        view = PanoramaSky(direction_panorama(128)).view(looking(33, pitch), 100.0, 81, 81)
        assert np.abs(np.diff(view, axis=0)).max() < 0.02
        assert np.abs(np.diff(view, axis=1)).max() < 0.02


@pytest.mark.parametrize("sky", [PanoramaSky, FlatSky])
@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 1), (3, 5), (20, 40)])
def test_one_colour_stays_one_colour(sky: type[PanoramaSky | FlatSky], shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), (0.25, 0.5, 2.5), np.float32)
    for rotation in (FORWARD, looking(180, 30), looking(10, 89)):
        view = sky(image).view(rotation, 30.0, 33, 17)
        assert np.allclose(view, (0.25, 0.5, 2.5), atol=1e-5)


def test_a_image_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="sky's picture"):
        PanoramaSky(np.zeros((0, 5, 3), np.float32))
    with pytest.raises(ValueError, match="sky's picture"):
        PanoramaSky(np.zeros((5, 5), np.float32))


def test_a_dense_panorama_in_a_small_view_is_averaged_not_aliased() -> None:
    image = np.zeros((1024, 2048, 3), np.float32)
    image[::2, ::2] = image[1::2, 1::2] = 1.0
    view = PanoramaSky(image).view(looking(3, 2), 60.0, 64, 48)
    assert np.abs(view - 0.5).max() < 0.05


def test_a_sharp_panorama_stays_sharp_in_a_close_view() -> None:
    view = PanoramaSky(noise(128, 256)).view(looking(90, 20), 200.0, 128, 96)
    assert view.std() > 0.55 * noise(128, 256).std()


def test_the_sun_has_no_dark_ring() -> None:
    image = np.full((128, 256, 3), 0.3, np.float32)
    image[60, 128] = 20000.0
    view = PanoramaSky(image).view(FORWARD, 200.0, 161, 121)
    assert view.max() > 5000
    assert view.min() > 0.299


def test_bright_spots_are_found_wherever_they_are() -> None:
    for column in range(0, 256, 16):
        image = np.zeros((128, 256, 3), np.float32)
        image[50, column] = 1000.0
        seen = max(
            PanoramaSky(image).view(looking(yaw), 120.0, 160, 120).max() for yaw in (0, 60, 120, 180, 240, 300)
        )
        assert seen > 300


def test_a_flat_image_fills_its_field_of_view() -> None:
    image = np.zeros((60, 120, 3), np.float32)
    image[:, :10] = (1, 0, 0)
    image[:, -10:] = (0, 1, 0)
    sky = FlatSky(image, 60.0)
    # The middle of the outer twelfth of 60 degrees lies 27.5 degrees off.
    assert np.allclose(sky.view(looking(-27.5, 10), 200.0, 3, 3)[1, 1], (1, 0, 0), atol=0.02)
    assert np.allclose(sky.view(looking(27.5, 10), 200.0, 3, 3)[1, 1], (0, 1, 0), atol=0.02)
    assert np.allclose(sky.view(looking(20, 10), 200.0, 3, 3)[1, 1], 0, atol=0.02)
    # Mirrored beyond the edge.
    assert np.allclose(sky.view(looking(32.5, 10), 200.0, 3, 3)[1, 1], (0, 1, 0), atol=0.02)


def test_the_lower_edge_of_a_flat_image_is_just_below_the_horizon() -> None:
    image = np.zeros((100, 200, 3), np.float32)
    image[-1] = 1.0
    sky = FlatSky(image, 80.0)
    height = 80.0 * 100 / 200
    assert sky.view(looking(0, -height * (BELOW_HORIZON - 0.005)), 300.0, 3, 3)[1, 1, 0] > 0.6
    assert sky.view(FORWARD, 300.0, 3, 3)[1, 1, 0] < 0.1


@settings(max_examples=25, deadline=None)
@given(field=st.floats(5, 355), yaw=st.floats(-180, 180), pitch=st.floats(-90, 90))
def test_a_flat_sky_shows_no_edge_anywhere(field: float, yaw: float, pitch: float) -> None:
    y, x = np.mgrid[0:60, 0:90].astype(np.float32)
    image = np.stack([x / 90, y / 60, 1 - x / 90], axis=-1)
    view = FlatSky(image, field).view(looking(yaw, pitch, 15), 400.0, 60, 40)
    # The steepest slope is that of the ramps: one image width in its field of view (or half of that when squeezed
    # into the rest of the turn), and steeper towards the poles by the shrinking circles of latitude.
    finest = min(field, (360 - field), field * 60 / 90)
    steepest = 1.6 / 400.0 / np.radians(finest) * 1.3 / max(np.cos(np.radians(min(abs(pitch) + 6, 84))), 0.1)
    for axis in (0, 1):
        assert np.abs(np.diff(view, axis=axis)).max() < steepest + 0.02


def test_a_full_circle_image_meets_itself() -> None:
    x = (np.arange(360) + 0.5) / 360
    image = np.repeat(np.stack([np.cos(2 * np.pi * x)] * 3, axis=-1)[None] / 2 + 0.5, 100, axis=0).astype(np.float32)
    view = FlatSky(image, 360.0).view(looking(180, 5), 300.0, 120, 20)
    assert np.abs(np.diff(view, axis=1)).max() < 0.01


def test_both_kinds_are_skies() -> None:
    skies: list[SkyImage] = [PanoramaSky(noise(8, 16)), FlatSky(noise(8, 12))]
    assert all(sky.view(FORWARD, 20.0, 16, 9).shape == (9, 16, 3) for sky in skies)


def test_a_view_does_not_depend_on_earlier_views() -> None:
    sky = PanoramaSky(noise(64, 128))
    first = sky.view(looking(10), 100.0, 50, 40)
    sky.view(looking(100, 50), 5.0, 30, 30)
    assert np.array_equal(first, sky.view(looking(10), 100.0, 50, 40))
