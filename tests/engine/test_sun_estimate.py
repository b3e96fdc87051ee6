# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a shot's light comes from: left and right are alike, the camera's heading counts, and bad weights say so."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from support.clips import landscape

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.engine.lens import Lens
from skyar_blender.engine.matte.network.weights import models_folder
from skyar_blender.engine.sun.describe import describe
from skyar_blender.engine.sun.estimate import NAME, SunNetworks, find_sun, shipped_networks
from skyar_blender.engine.sun.view import heading

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
    assert (turned.azimuth - ahead.azimuth - yaw + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)


def test_frames_that_do_not_agree_are_less_sure():
    frame, matte = shot(0.8)
    alone = find_sun([(frame, matte, yawed(0), LENS)])
    against = find_sun([(frame, matte, yawed(0), LENS), (frame, matte, yawed(150), LENS)])
    assert alone is not None and against is not None
    assert against.confidence < alone.confidence


def test_no_frames_tell_nothing():
    assert find_sun([]) is None


@pytest.mark.parametrize("fill", [0, 255])
@pytest.mark.parametrize("sky", [0.0, 1.0])
def test_empty_pictures_are_described_by_finite_numbers(fill, sky):
    frame = np.full((HEIGHT, WIDTH, 3), fill, np.uint8)
    matte = np.full((HEIGHT, WIDTH), sky, np.float32)
    numbers = describe(frame, matte, yawed(10), LENS)
    assert np.isfinite(numbers).all()
    sun = find_sun([(frame, matte, yawed(10), LENS)])
    assert sun is not None and np.isfinite([sun.azimuth, sun.confidence]).all()


def test_heading_is_to_the_right():
    assert np.degrees(heading(yawed(30.0))) == pytest.approx(30.0)


def test_a_long_answer_is_a_confident_one():
    numbers = len(describe(*shot(), yawed(0), LENS))
    layer = np.zeros((1, numbers, 2)), np.array([[0.6, 0.8]])
    networks = SunNetworks(np.zeros(numbers), np.ones(numbers), (layer,), 0.5)
    frame, matte = shot()
    sun = find_sun([(frame, matte, yawed(0), LENS)], networks)
    # Forward .6; the two sides cancel, as the mirror image says .8 to the right as well.
    assert sun is not None and (sun.azimuth, sun.confidence, sun.sure) == (pytest.approx(0), pytest.approx(0.6), True)


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
