# SPDX-License-Identifier: GPL-3.0-or-later
"""What both skies say of the light, and the foreground in it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyar_blender.contract.job import Look
from skyar_blender.engine.colour import LUMINANCE, linear_from_frame
from skyar_blender.engine.composite.haze import hazed
from skyar_blender.engine.composite.light import Light, between, relit
from skyar_blender.engine.composite.light_statistics import (
    MOST_DOWN,
    MOST_UP,
    SeenSky,
    SkyStatistics,
    illuminant,
    light_between,
    stops,
    thinned,
    tint,
)
from skyar_blender.engine.composite.sky_visibility import sky_visibility

FULL = Look(recolour=1, relight=1, light_falloff=0)


@settings(max_examples=40, deadline=None)
@given(
    old=st.tuples(*[st.floats(0, 50)] * 3),
    new=st.tuples(*[st.floats(0, 50)] * 3),
)
def test_a_tint_is_bounded_and_knows_no_exposure(old: tuple[float, ...], new: tuple[float, ...]) -> None:
    result = np.array(tint(old, new))  # type: ignore[arg-type]
    assert np.isfinite(result).all()
    assert 0.5 <= result.min() <= result.max() <= 2.0
    brighter = np.array(tint(old, tuple(2 * value for value in new)))  # type: ignore[arg-type]
    if np.array(new) @ LUMINANCE > 0.01:
        assert np.allclose(result, brighter)


def test_a_tint_goes_from_the_old_colour_to_the_new_and_keeps_luminance() -> None:
    assert tint((0.3, 0.5, 0.9), (0.3, 0.5, 0.9)) == pytest.approx((1, 1, 1))
    warm = np.array(tint((0.4, 0.5, 0.6), (0.6, 0.5, 0.4)))
    assert warm[0] > 1 > warm[2]
    assert warm @ LUMINANCE == pytest.approx(1, abs=1e-3)


def test_what_frames_show_adds_up_in_parts_and_thinned() -> None:
    random = np.random.default_rng(5)
    skies, mattes = random.random((3, 450, 700, 3), np.float32), random.random((3, 450, 700), np.float32)
    together, added = SkyStatistics(), SkyStatistics()
    for sky, matte in zip(skies, mattes, strict=True):
        together.add_sky(sky, matte)
        part = SkyStatistics()
        part.add_sky(thinned(sky), thinned(thinned(matte)))
        added.add_all(part)
    assert added.seen == together.seen
    assert together.seen.whole == pytest.approx((0.5, 0.5, 0.5), abs=0.02)


@pytest.mark.parametrize("missing", [None, (0.0, 0.0, 0.0), (math.nan, 1.0, 1.0), (math.inf, 1.0, 1.0)])
def test_without_a_colour_there_is_no_tint(missing: tuple[float, float, float] | None) -> None:
    assert tint(missing, (0.5, 0.4, 0.3)) == (1, 1, 1)
    assert tint((0.5, 0.4, 0.3), missing) == (1, 1, 1)


def test_a_frame_of_two_shots_has_all_of_the_light_of_both() -> None:
    one, other = (
        Light((1.2, 1.0, 0.8), 1.0, (0.2, 0.3, 0.4), 0.8),
        Light((0.8, 1.0, 1.2), -1.0, (0.4, 0.3, 0.2), -0.4),
    )
    assert between(one, other, 0.0) == one and between(one, other, 1.0).exposure == pytest.approx(other.exposure)
    found = between(one, other, 0.25)
    assert found.tint == pytest.approx((1.1, 1.0, 0.9)) and found.haze == pytest.approx((0.25, 0.3, 0.35))
    assert (found.stops, found.exposure) == pytest.approx((0.5, 0.5))


@settings(max_examples=40, deadline=None)
@given(old=st.tuples(*[st.floats(0, 50)] * 3), new=st.tuples(*[st.floats(0, 50)] * 3))
def test_stops_are_bounded_and_go_both_ways(old: tuple[float, ...], new: tuple[float, ...]) -> None:
    found, back = stops(old, new), stops(new, old)  # type: ignore[arg-type]
    assert -MOST_DOWN <= found <= MOST_UP
    if abs(found) < MOST_UP:
        assert found == pytest.approx(-back)
    assert found * back <= 0


def test_twice_the_light_is_one_stop() -> None:
    assert stops((0.2, 0.2, 0.2), (0.4, 0.4, 0.4)) == pytest.approx(1)
    assert stops(None, (0.4, 0.4, 0.4)) == stops((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)) == 0


def test_a_sky_that_only_sunlight_makes_comes_with_a_sun() -> None:
    day, dusk, clouds = (0.12, 0.2, 0.4), (0.08, 0.1, 0.17), (0.45, 0.47, 0.5)
    grey, sunny, late = (illuminant(sky) for sky in (clouds, day, dusk))
    assert sunny.level > 4 * np.dot(day, LUMINANCE)  # the sun is brighter than all of its sky
    assert sunny.colour[2] < sunny.colour[0]  # and white to yellow, however blue the sky
    assert late.level == pytest.approx(np.dot(dusk, LUMINANCE), rel=1e-3)
    assert late.colour[2] > 1.5 * late.colour[0]
    assert grey.level == pytest.approx(np.dot(clouds, LUMINANCE), rel=1e-3)
    # So the ground gets brighter under a blue sky than under brighter clouds, and no bluer.
    assert stops(clouds, day) > 0
    assert tint(clouds, day)[2] < 1


def test_below_a_night_sky_the_ground_is_blue_whatever_the_milky_way_is() -> None:
    overcast, milky_way, moonless = (0.4, 0.43, 0.47), (0.07, 0.06, 0.05), (0.02, 0.02, 0.02)
    for night in (milky_way, moonless):
        red, _, blue = tint(overcast, night)
        assert blue > 1.2 > 1 > red
    # Night footage stays as it is, and the dark cloud of a storm by day is no night.
    assert tint(moonless, moonless) == pytest.approx((1, 1, 1))
    storm = (0.15, 0.17, 0.17)
    assert illuminant(storm).colour == pytest.approx(np.array(storm) / np.dot(storm, LUMINANCE))


def test_white_clouds_with_a_sun_known_beside_them_light_the_ground_as_a_blue_sky_does() -> None:
    day, clouds, overcast = (0.27, 0.45, 0.64), (0.5, 0.53, 0.57), (0.4, 0.42, 0.45)
    assert stops(day, clouds) < -1
    assert stops(day, clouds, daylight=1) == pytest.approx(0)
    assert tint(day, clouds, daylight=1) == pytest.approx((1, 1, 1))
    assert stops(overcast, clouds, daylight=1) > stops(overcast, clouds) + 0.5
    assert illuminant(day, daylight=1).level == pytest.approx(illuminant(day).level)


def _shot() -> tuple[SeenSky, SeenSky]:
    """An old sky that is white at the horizon and blue above; a new one, red at the horizon and dark above."""
    frame = np.zeros((90, 60, 3), np.uint8)
    frame[:40], frame[40:60] = (60, 120, 220), (230, 230, 230)
    matte = np.zeros((90, 60), np.float32)
    matte[:60], matte[60:65] = 1, 0.9
    sky = np.full((90, 60, 3), 0.02, np.float32)
    sky[40:60] = (0.8, 0.3, 0.1)
    sky[5, 5] = 60000  # the sun counts as white
    old, new = SkyStatistics(), SkyStatistics()
    for each in (matte, np.zeros_like(matte)):
        old.add_frame(frame, each)
        new.add_sky(sky, each)
    return old.seen, new.seen


def test_the_skies_are_measured_where_the_matte_is_sure() -> None:
    old, new = _shot()
    blue, white = linear_from_frame(np.array([[60, 120, 220], [230, 230, 230]], np.uint8))
    assert old.whole == pytest.approx(((2 * blue + white) / 3).tolist(), rel=1e-4)
    assert old.horizon == pytest.approx(white.tolist(), rel=1e-4)
    assert new.horizon == pytest.approx((0.8, 0.3, 0.1), rel=1e-4)
    assert new.whole is not None and new.whole[2] < 0.06


def test_each_mode_compares_its_part_of_the_skies() -> None:
    old, new = _shot()
    whole, horizon, off = (light_between(old, new, Look(light=mode)) for mode in ("sky", "horizon", "off"))
    assert horizon.tint[0] > 1 > horizon.tint[2]
    assert whole.stops < horizon.stops < 0
    assert (off.tint, off.stops) == ((1.0, 1.0, 1.0), 0.0)
    assert whole.haze == horizon.haze == off.haze == pytest.approx((0.8, 0.3, 0.1), rel=1e-4)
    assert light_between(SeenSky(), SeenSky(), Look()) == Light()


def test_light_by_hand_asks_no_sky() -> None:
    old, new = _shot()
    found = light_between(old, new, Look(light="manual", tint=[1.2, 1.0, 0.8], light_change=-1.5))
    assert (found.tint, found.stops) == ((1.2, 1.0, 0.8), -1.5)
    assert found.haze == new.horizon


def test_darker_light_multiplies_and_brighter_light_keeps_white() -> None:
    grey = np.linspace(0, 1, 50, dtype=np.float32)[:, None, None] * np.ones((1, 8, 3), np.float32)
    darker = relit(grey, Light(stops=-2), FULL, None)
    assert np.allclose(darker, grey / 4, atol=1e-6)
    brighter = relit(grey, Light(stops=2), FULL, None)
    assert brighter.max() <= 1 + 1e-6
    assert brighter[1, 0, 0] == pytest.approx(4 * grey[1, 0, 0], rel=0.1)
    assert (np.diff(brighter[:, 0, 0]) > 0).all()


def test_light_is_weaker_where_little_sky_is_seen() -> None:
    grey = np.full((2, 1, 3), 0.5, np.float32)
    open_to = np.array([[1.0], [0.0]], np.float32)
    light = Light(tint=(0.8, 1.0, 1.2), stops=-1)
    top, bottom = relit(grey, light, Look(recolour=1, relight=1, light_falloff=1), open_to)[:, 0]
    assert top == pytest.approx([0.2, 0.25, 0.3])
    assert bottom == pytest.approx([0.5] * 3)


def test_without_a_change_the_foreground_comes_back_bit_by_bit() -> None:
    image = np.random.default_rng(1).random((9, 7, 3)).astype(np.float32)
    off = Look(recolour=0, relight=0)
    assert np.array_equal(relit(image, Light((2.0, 1.0, 0.5), 3.0), off, None), image)
    assert np.array_equal(relit(image, Light(), FULL, None), image)


def test_large_images_get_the_same_light_as_small_ones() -> None:
    ramp = np.linspace(1, 0, 600, dtype=np.float32)[:, None] * np.ones((1, 200), np.float32)
    grey = np.full((600, 200, 3), 0.5, np.float32)
    light, look = Light(tint=(0.8, 1.0, 1.2), stops=-3), Look(recolour=1, relight=1, light_falloff=1)
    coarse = relit(grey, light, look, ramp)
    exact = np.concatenate([relit(grey[k : k + 60], light, look, ramp[k : k + 60]) for k in range(0, 600, 60)])
    assert np.abs(coarse - exact)[8:-8].max() < 0.002
    assert np.abs(coarse - exact).max() < 0.008  # at the border the coarse map ends half a tile earlier


def test_open_is_what_lies_at_the_skyline() -> None:
    matte = np.zeros((108, 192), np.float32)
    matte[:50] = 1
    column = sky_visibility(matte)[:, 48]
    rows = len(column)
    assert column[: rows * 45 // 108].min() > 0.95
    assert column[-1] < 0.1
    assert (np.diff(column) <= 1e-3).all()
    assert sky_visibility(np.zeros((1, 1), np.float32)).shape == (1, 1)
    assert sky_visibility(np.ones((3000, 20), np.float32)).min() > 0.99
    assert sky_visibility(np.zeros((40, 40), np.float32)).max() == 0


def test_haze_lies_over_what_is_far_away() -> None:
    ground = np.full((2, 1, 3), 0.1, np.float32)
    open_to = np.array([[1.0], [0.0]], np.float32)
    cover = np.zeros((2, 1, 3), np.float32)
    far, near = hazed(ground, cover, open_to, 0.5, (0.9, 0.6, 0.3))[:, 0]
    assert far == pytest.approx([0.5, 0.35, 0.2])
    assert near == pytest.approx([0.1] * 3)
    assert hazed(ground, cover, open_to, 0.0, (9, 9, 9)) is ground
    # The sky itself gets none: it has its own.
    assert hazed(0 * ground, cover + 1, open_to, 1.0, (1, 1, 1)).max() == 0
