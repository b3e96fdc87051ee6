# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a shot's light comes from: left and right are alike, the camera's heading counts, and bad weights say so."""

from __future__ import annotations

import shutil
from functools import lru_cache

import numpy as np
import pytest
from support.clips import landscape

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Sky
from skyar_blender.engine.colour import frame_from_linear
from skyar_blender.engine.lens import Lens
from skyar_blender.engine.models_folder import models_folder
from skyar_blender.engine.sky.load import LoadedSky, load_sky
from skyar_blender.engine.sun.describe import describe
from skyar_blender.engine.sun.estimate import answer, find_sun, in_world
from skyar_blender.engine.sun.networks import BINS, CENTRES, NAME, Networks, SunNetworks, normalised, shipped_networks
from skyar_blender.engine.sun.sky_grid import describe_sky
from skyar_blender.engine.sun.view import heading, view_of

HEIGHT, WIDTH = 90, 160
LENS = Lens.of(140.0, 0.0, WIDTH, HEIGHT)


def yawed(degrees: float) -> np.ndarray:
    """World to camera directions of a camera that looks so far to the right."""
    turn = np.radians(degrees)
    return np.array([[np.cos(turn), 0, -np.sin(turn)], [0, 1, 0], [np.sin(turn), 0, np.cos(turn)]])


def shot(brighter: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """A landscape and its matte; its sky and land grow brighter to the right by ``brighter``."""
    frame = landscape(0, WIDTH, HEIGHT).astype(np.float64)
    frame *= 1 + brighter * np.linspace(-0.5, 0.5, WIDTH)[None, :, None]
    matte = np.zeros((HEIGHT, WIDTH), np.float32)
    matte[: HEIGHT // 2] = 1
    return np.clip(frame, 0, 255).astype(np.uint8), matte


def test_the_mirror_image_has_its_light_on_the_other_side():
    frame, matte = shot(0.8)
    one = find_sun([(frame, matte, yawed(0), LENS)])
    other = find_sun([(np.ascontiguousarray(frame[:, ::-1]), matte[:, ::-1].copy(), yawed(0), LENS)])
    assert one is not None and other is not None
    assert other.azimuth == pytest.approx(-one.azimuth, abs=1e-6)
    assert other.confidence == pytest.approx(one.confidence)


@pytest.mark.parametrize("yaw", [25.0, -140.0])
def test_a_camera_that_looks_elsewhere_sees_the_light_elsewhere(yaw):
    frame, matte = shot(0.8)
    ahead, turned = (find_sun([(frame, matte, yawed(each), LENS)]) for each in (0.0, yaw))
    assert ahead is not None and turned is not None
    # It is told in steps of two degrees.
    assert (turned.azimuth - ahead.azimuth - yaw + 180) % 360 - 180 == pytest.approx(0, abs=2.1)


def test_frames_that_do_not_agree_are_less_sure():
    frame, matte = shot(0.8)
    sky_only = find_sun([(frame, matte, yawed(0), LENS)])
    against = find_sun([(frame, matte, yawed(0), LENS), (frame, matte, yawed(150), LENS)])
    assert sky_only is not None and against is not None
    assert against.confidence < sky_only.confidence


def test_no_frames_tell_nothing():
    assert find_sun([]) is None


@pytest.mark.parametrize("fill", [0, 255])
@pytest.mark.parametrize("sky", [0.0, 1.0])
def test_empty_images_are_described_by_finite_numbers(fill, sky):
    frame = np.full((HEIGHT, WIDTH, 3), fill, np.uint8)
    matte = np.full((HEIGHT, WIDTH), sky, np.float32)
    numbers = describe(frame, matte, yawed(10), LENS)
    assert np.isfinite(numbers).all()
    sun = find_sun([(frame, matte, yawed(10), LENS)])
    assert sun is not None and np.isfinite([sun.azimuth, sun.confidence]).all()


def test_heading_is_to_the_right():
    assert np.degrees(heading(yawed(30.0))) == pytest.approx(30.0)


def networks_that_say(
    forward: float, right: float, of_sky: np.ndarray, strengths=(1.0, 1.0), sure=0.5
) -> SunNetworks:
    """The same of every frame."""
    frame, matte = shot()
    full_frame = len(describe(frame, matte, yawed(0), LENS))
    sky = len(describe_sky(view_of(frame, matte, yawed(0), LENS, 96)))
    layers = [(np.zeros((1, full_frame, 2)), np.array([[forward, right]])), (np.zeros((1, sky, BINS)), of_sky[None])]
    parts = [Networks(np.zeros(n), np.ones(n), (layer,)) for n, layer in zip((full_frame, sky), layers, strict=True)]
    return SunNetworks(*parts, *strengths, sure)


def test_a_long_answer_is_a_confident_one():
    frames = [(*shot(), yawed(0), LENS)]
    nothing = np.zeros(BINS)
    long, short = (find_sun(frames, networks_that_say(length, 0.8, nothing)) for length in (6.0, 1.0))
    # The two sides cancel, as the mirror image says .8 to the right as well.
    assert long is not None and long.azimuth == pytest.approx(0, abs=1.1) and long.sure
    assert short is not None and short.confidence < 0.5 < long.confidence and not short.sure


def test_both_kinds_are_heard_as_they_deserve():
    frames = [(*shot(), yawed(0), LENS)]
    behind = 5.0 * np.cos(CENTRES - np.pi)
    for strengths, expected in (((2.0, 0.1), 0.0), ((0.1, 2.0), 180.0)):
        found = find_sun(frames, networks_that_say(4.0, 0.0, behind, strengths))
        assert found is not None and abs(abs(found.azimuth) - expected) < 6


def test_nothing_said_is_as_likely_everywhere():
    azimuth, likely = answer(in_world(normalised(np.zeros((1, BINS)))[0], 0.7)[None])
    assert np.isfinite(azimuth).all()
    assert likely[0] == pytest.approx(60 / 360, abs=0.01)


@pytest.mark.parametrize("turned", [0.0, 1.0, -2.9])
def test_what_is_said_turns_with_the_view(turned):
    given = normalised(9.0 * np.cos(CENTRES - 0.4)[None])
    azimuth, likely = answer(in_world(given[0], turned)[None])
    assert np.cos(azimuth[0] - turned - 0.4) > np.cos(np.radians(4))
    assert likely[0] > 0.8


@pytest.mark.parametrize("fill", [0, 255])
@pytest.mark.parametrize("sky", [0.0, 0.5, 1.0])
def test_empty_skies_are_described_by_finite_numbers(fill, sky):
    frame, matte = np.full((HEIGHT, WIDTH, 3), fill, np.uint8), np.full((HEIGHT, WIDTH), sky, np.float32)
    assert np.isfinite(describe_sky(view_of(frame, matte, yawed(10), LENS, 96))).all()


@lru_cache(1)
def shipped(name: str) -> LoadedSky:
    return load_sky(Sky(source=name))


@pytest.mark.parametrize("aside", [-40.0, 0.0, 35.0])
@pytest.mark.parametrize("name", ["sunny", "sunset"])
def test_a_sun_in_the_sky_ahead_is_found(name, aside):
    """A shipped sky over dark ground, seen with its sun so many degrees beside the middle."""
    loaded = shipped(name)
    sun = float(loaded.metadata["sun_direction"][0])
    tilt = np.radians(7)
    up = np.array([[1, 0, 0], [0, np.cos(tilt), np.sin(tilt)], [0, -np.sin(tilt), np.cos(tilt)]])
    rotation = up @ yawed(sun - aside)
    sky = loaded.image.view(rotation, LENS.focal, WIDTH, HEIGHT)
    matte = np.zeros((HEIGHT, WIDTH), np.float32)
    matte[:58] = 1
    frame = frame_from_linear(np.where(matte[..., None] > 0, sky, np.float32(0.05)).astype(np.float32))
    found = find_sun([(frame, matte, rotation, LENS)])
    assert found is not None
    assert abs((found.azimuth - sun + 180) % 360 - 180) < 30


@pytest.mark.parametrize("bad", ["gone", "cut", "other"])
def test_weights_that_are_not_the_shipped_ones_say_so(bad, tmp_path):
    for suffix in ("safetensors", "toml"):
        shutil.copy(models_folder() / f"{NAME}.{suffix}", tmp_path)
    path = tmp_path / f"{NAME}.safetensors"
    if bad == "gone":
        path.unlink()
    elif bad == "cut":
        path.write_bytes(path.read_bytes()[:-8])
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"\x55")
    with pytest.raises(SkyarError) as raised:
        shipped_networks(tmp_path)
    assert raised.value.code is (ErrorCode.WEIGHTS_MISSING if bad == "gone" else ErrorCode.WEIGHTS_UNREADABLE)
    assert NAME in str(raised.value)
