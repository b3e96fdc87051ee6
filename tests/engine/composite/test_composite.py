# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreground and new sky put together."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyar_blender.contract.job import Look
from skyar_blender.engine.colour import display_from_linear, frame_from_linear, linear_from_frame
from skyar_blender.engine.composite.bands import EnlargedRows
from skyar_blender.engine.composite.compare import split_screen
from skyar_blender.engine.composite.light import Light
from skyar_blender.engine.composite.look import Layers, composite, composite_linear
from skyar_blender.engine.composite.matte_edge import edged, gaussian_blur, shifted
from skyar_blender.engine.composite.sky_visibility import sky_visibility

PLAIN = Look(recolour=0, relight=0, light_wrap=0)
DYED = Light(tint=(2.0, 1.0, 0.5))


def _frame(height: int = 40, width: int = 60, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def _sky(height: int = 40, width: int = 60, value: float = 0.5) -> np.ndarray:
    return np.full((height, width, 3), value, np.float32)


def _half_matte(height: int = 40, width: int = 60) -> np.ndarray:
    matte = np.zeros((height, width), np.float32)
    matte[: height // 2] = 1
    return matte


def test_the_eight_bit_round_trip_is_exact_and_other_values_are_rounded() -> None:
    codes = np.arange(256, dtype=np.uint8)
    assert np.array_equal(frame_from_linear(linear_from_frame(codes)), codes)
    values = np.random.default_rng(0).random(20000).astype(np.float32)
    assert np.abs(frame_from_linear(values) - display_from_linear(values) * 255).max() < 0.53
    assert frame_from_linear(np.array([np.nan, np.inf, -np.inf, -1, 7], np.float32)).tolist() == [0, 255, 0, 0, 255]


def test_with_mix_0_the_frame_comes_back_bit_by_bit() -> None:
    frame = _frame()
    look = Look(mix=0, sky_exposure=3, foreground_exposure=-2, matte_shift=4, matte_feather=9)
    assert np.array_equal(composite(frame, Layers(_half_matte(), _sky()), look, DYED), frame)


def test_without_sky_and_without_a_look_the_frame_comes_back_bit_by_bit() -> None:
    frame = _frame()
    assert np.array_equal(
        composite(frame, Layers(np.zeros((40, 60), np.float32), _sky(), _sky(value=0.9)), PLAIN, DYED), frame
    )
    wrapped = Look(light_wrap=1)
    assert np.array_equal(composite(frame, Layers(np.zeros((40, 60), np.float32), _sky()), wrapped), frame)


def test_where_the_matte_is_1_only_the_sky_is_seen() -> None:
    result = composite(_frame(), Layers(np.ones((40, 60), np.float32), _sky()), Look(sky_exposure=-1), DYED)
    assert (result == frame_from_linear(np.float32([0.25]))[0]).all()


def test_partial_cover_mixes_linear_light() -> None:
    black = np.zeros((4, 4, 3), np.uint8)
    result = composite(black, Layers(np.full((4, 4), 0.5, np.float32), _sky(4, 4, 1.0)), PLAIN)
    assert (result == 188).all()  # sRGB of 0.5


def test_foreground_exposure_touches_the_foreground_alone() -> None:
    original = np.full((8, 8, 3), 0.2, np.float32)
    look = Look(foreground_exposure=1, recolour=0, relight=0, light_wrap=0)
    result = composite_linear(original, Layers(_half_matte(8, 8), _sky(8, 8, 0.7)), look, DYED)
    assert np.allclose(result[:4], 0.7)
    assert np.allclose(result[4:], 0.4)


def test_the_sky_is_softened_and_exposed_alone() -> None:
    original, sky = np.full((40, 60, 3), 0.2, np.float32), _sky(value=0.0)
    sky[10, 30] = 5.0
    look = Look(sky_blur=6, sky_exposure=1, recolour=0, relight=0, light_wrap=0)
    result = composite_linear(original, Layers(_half_matte(), sky), look)
    assert np.allclose(result[20:], 0.2)
    assert result[:20, ..., 0].sum() == pytest.approx(10, rel=0.01)
    assert result[10, 30, 0] < 1


def test_mix_is_halfway_at_half() -> None:
    original = linear_from_frame(_frame())
    layers = Layers(_half_matte(), _sky())
    full = composite_linear(original, layers, Look(), DYED)
    half = composite_linear(original, layers, Look(mix=0.5), DYED)
    assert np.allclose(half, (original + full) / 2, atol=1e-6)


def test_rows_of_sky_or_land_alone_are_as_beside_an_edge() -> None:
    rng = np.random.default_rng(3)
    original, sky, plate = (rng.random((200, 60, 3), np.float32) * 1.5 - 0.1 for _ in range(3))
    layers = Layers(_half_matte(200, 60), sky.clip(0), plate.clip(0), rng.random((200, 60), np.float32))
    with_edge = replace(layers, matte=layers.matte.copy())
    with_edge.matte[:, -1] = 0.5
    look = Look(light_wrap=0, foreground_exposure=0.3)
    one, other = (composite_linear(original, each, look, DYED)[:, :-1] for each in (layers, with_edge))
    assert np.array_equal(one, other)


def test_light_wrap_stays_at_the_rim() -> None:
    original = np.full((200, 400, 3), 0.1, np.float32)
    matte = _half_matte(200, 400)
    layers = Layers(matte, _sky(200, 400, 0.8))
    lift = composite_linear(original, layers, Look(light_wrap=0.5))[100:, :, 0] - 0.1
    assert 0.1 < lift[0].mean() < 0.8 * 0.5
    assert (np.diff(lift.mean(axis=1)) <= 1e-6).all()
    # Its reach is 2 % of the width, 8 pixels.
    assert np.abs(lift[12:]).max() < 1e-6


def test_the_sun_does_not_blot_out_the_foreground() -> None:
    sky = _sky(200, 400, 0.3)
    sky[90:98, 190:200] = 50000.0
    layers = Layers(_half_matte(200, 400), sky)
    result = composite_linear(np.full_like(sky, 0.1), layers, Look(light_wrap=1))
    assert result[101:].max() < 0.1 + 1.0


def test_images_of_any_size_are_composited() -> None:
    for height, width in ((1, 1), (1, 5), (3, 2), (2, 300)):
        matte, sky = np.full((height, width), 0.3, np.float32), _sky(height, width)
        look, light = Look(haze=0.4), Light((1.2, 1.0, 0.8), 1.0)
        result = composite(_frame(height, width), Layers(matte, sky, sky, sky_visibility(matte)), look, light)
        assert result.shape == (height, width, 3)


def test_sizes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in size"):
        composite(_frame(), Layers(np.zeros((39, 60), np.float32), _sky()), Look())
    with pytest.raises(ValueError, match="differ in size"):
        composite(_frame(), Layers(_half_matte(), _sky(20, 60)), Look())


@pytest.mark.parametrize("size", [(300, 480), (301, 478), (150, 240)])
def test_a_plate_that_is_smaller_is_as_if_it_had_been_enlarged(size: tuple[int, int]) -> None:
    """Some rows at a time, also at the borders of these, and where the size is no multiple."""
    height, width = size
    small = np.random.default_rng(3).random((150, 240, 3)).astype(np.float32)
    whole = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    rows = EnlargedRows.of(small, (width, height))
    for first, last in ((0, 48), (48, 96), (47, 50), (height - 5, height), (0, height)):
        assert np.array_equal(rows[first:last], whole[first:last])
    matte = np.random.default_rng(4).random(size).astype(np.float32)
    frame, sky = _frame(height, width), _sky(height, width)
    light, look = Light((1.2, 1.0, 0.8), 1.0), Look(light_wrap=0.5)
    one, other = (composite(frame, Layers(matte, sky, plate), look, light) for plate in (small, whole))
    assert np.array_equal(one, other)


@settings(max_examples=25, deadline=None)
@given(radius=st.integers(1, 12), seed=st.integers(0, 50), grow=st.booleans())
def test_shift_is_a_disc(radius: int, seed: int, grow: bool) -> None:
    matte = (np.random.default_rng(seed).random((21, 30)) > 0.97).astype(np.float32)
    matte = matte if grow else 1 - matte
    expected = np.zeros_like(matte)
    spots = np.argwhere(matte == (1 if grow else 0))
    y, x = np.mgrid[0:21, 0:30]
    for row, column in spots:
        expected[(y - row) ** 2 + (x - column) ** 2 <= radius * radius] = 1
    assert np.array_equal(shifted(matte, radius if grow else -radius), expected if grow else 1 - expected)


def test_a_shift_beyond_the_image_fills_it() -> None:
    matte = np.zeros((5, 9), np.float32)
    matte[2, 4] = 1
    assert shifted(matte, 50).min() == 1
    assert shifted(1 - matte, -50).max() == 0


def test_feather_is_a_gaussian_of_a_third_of_its_size() -> None:
    step = np.zeros((61, 120), np.float32)
    step[:, 60:] = 1
    soft = edged(step, 0, 12)[30]
    expected = [0.5 * (1 + math.erf((x - 59.5) / (4 * math.sqrt(2)))) for x in range(120)]
    assert np.abs(soft - expected).max() < 0.01
    assert soft[:48].max() == 0
    assert np.array_equal(gaussian_blur(step, 0), step)


def test_split_screen_shows_before_on_the_left_and_after_on_the_right() -> None:
    for width in (1, 2, 15, 64, 641, 1920):
        before, after = np.full((4, width, 3), 10, np.uint8), np.full((4, width, 3), 200, np.uint8)
        image = split_screen(before, after)
        assert image.shape == before.shape
        assert (image[:, width // 2 + 3 :] == 200).all()
        assert (image[:, : max(0, width // 2 - 2)] == 10).all()
        assert (image == 255).any() == (width >= 16)
    with pytest.raises(ValueError, match="differ in size"):
        split_screen(before, after[:2])
