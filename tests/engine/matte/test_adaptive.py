# SPDX-License-Identifier: GPL-3.0-or-later
"""The method without a network: right on plain images, sane on absurd ones, the same every time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from support.clips import landscape

from skyar_blender.engine.matte.adaptive import AdaptiveMatte
from skyar_blender.engine.matte.interface import PreviousFrame
from skyar_blender.engine.matte.methods import matte_method
from skyar_blender.engine.matte.refine import refine
from skyar_blender.engine.matte.temporal_smoothing import temporally_smoothed

HEIGHT, WIDTH = 120, 200


def scene(sky: np.ndarray, ground: tuple[int, int, int] = (60, 70, 40), noise: float = 2.0) -> np.ndarray:
    """``sky`` (a colour, or a colour per row) above a textured ground with a wavy skyline."""
    random = np.random.default_rng(5)
    alpha = truth()[..., None]
    texture = np.array(ground) * random.uniform(0.4, 1.6, (HEIGHT, WIDTH, 1))
    image = alpha * np.broadcast_to(sky, (HEIGHT, WIDTH, 3)) + (1 - alpha) * texture
    return np.clip(image + random.normal(0, noise, image.shape), 0, 255).astype(np.uint8)


def truth() -> np.ndarray:
    skyline = 62 + 12 * np.sin(np.arange(WIDTH) / 14.0)
    return np.clip(skyline[None] - np.arange(HEIGHT)[:, None] + 0.5, 0, 1)


def matte_of(*frames: np.ndarray) -> np.ndarray:
    model = AdaptiveMatte().fit(frames)
    return model.matte(frames[0], None)


@pytest.mark.parametrize(
    ("sky", "ground"),
    [
        ((110, 160, 235), (60, 70, 40)),  # clear
        ((205, 205, 208), (60, 70, 40)),  # overcast
        ((250, 250, 250), (70, 80, 90)),  # blown out
        ((240, 170, 110), (40, 35, 35)),  # sunset
        ((70, 110, 190), (120, 105, 85)),  # deep blue over bright ground
    ],
)
def test_plain_skies(sky, ground):
    found = matte_of(scene(np.array(sky), ground))
    overlap = ((found > 0.5) & (truth() > 0.5)).sum() / ((found > 0.5) | (truth() > 0.5)).sum()
    assert overlap > 0.95
    assert np.abs(found - truth()).mean() < 0.03


def test_gradient_sky():
    rows = np.linspace(0.55, 1.0, HEIGHT)[:, None, None]
    found = matte_of(scene(np.array([120, 170, 240]) * rows))
    assert np.abs(found - truth()).mean() < 0.03


def test_ground_only_has_no_sky():
    random = np.random.default_rng(2)
    ground = (np.array([80, 75, 50]) * random.uniform(0.3, 1.7, (HEIGHT, WIDTH, 1))).astype(np.uint8)
    assert matte_of(ground).mean() < 0.02


def test_bright_patch_far_below_the_sky_is_no_sky():
    image = scene(np.array([205, 208, 212]))
    image[100:110, 80:120] = 250  # a white roof
    found = matte_of(image)
    assert found[:40].mean() > 0.95
    assert found[101:109, 82:118].mean() < 0.2


def test_full_size_edges_are_sharper_than_the_analysis():
    large = np.kron(scene(np.array([120, 170, 240]), noise=0), np.ones((4, 4, 1))).astype(np.uint8)
    found = matte_of(large)
    edge = np.kron(truth(), np.ones((4, 4)))
    assert found.shape == large.shape[:2]
    assert np.abs(found - edge).mean() < 0.02


@pytest.mark.parametrize("shape", [(16, 16), (17, 31), (16, 256), (256, 16), (1, 1), (2, 2)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_one_colour_of_any_size(shape, value):
    found = matte_of(np.full((*shape, 3), value, np.uint8))
    assert found.shape == shape and np.isfinite(found).all() and found.min() >= 0 and found.max() <= 1


@given(
    arrays.arrays(
        np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3)), elements=st.integers(0, 255)
    )
)
@settings(max_examples=25, deadline=None)
def test_any_image_gives_a_matte(image):
    found = matte_of(image)
    assert found.shape == image.shape[:2] and found.dtype == np.float32
    assert np.isfinite(found).all() and found.min() >= 0 and found.max() <= 1


def test_saved_model_gives_the_same_mattes(tmp_path):
    frames = [landscape(index) for index in range(4)]
    method = matte_method("adaptive", "draft")
    model = method.fit(frames)
    with (tmp_path / "model.npz").open("wb") as file:
        model.save(file)
    loaded = method.load(tmp_path / "model.npz")
    previous = PreviousFrame(frames[0], np.zeros(frames[0].shape[:2], np.uint16))
    for state in (None, previous):
        np.testing.assert_array_equal(model.matte(frames[1], state), loaded.matte(frames[1], state))


def test_model_without_a_classifier_survives_its_file(tmp_path):
    method = matte_method("adaptive", "draft")
    black = np.zeros((32, 32, 3), np.uint8)
    with (tmp_path / "model.npz").open("wb") as file:
        method.fit([black]).save(file)
    np.testing.assert_array_equal(method.load(tmp_path / "model.npz").matte(black, None), np.zeros((32, 32)))


def test_static_pixels_are_smoothed_and_moved_ones_are_not():
    frame = np.full((20, 20, 3), 100, np.uint8)
    moved = frame.copy()
    moved[:, 10:] = 200
    past = PreviousFrame(frame, np.full((20, 20), 65535, np.uint16))
    now = np.zeros((20, 20), np.float32)
    steady = temporally_smoothed(moved, now, past)
    assert steady[:, :8].mean() == pytest.approx(0.8, abs=0.01)
    assert steady[:, 12:].max() < 0.01


def test_refinement_hardly_harms_a_right_matte():
    for sky in ([120, 170, 240], [240, 170, 110], [205, 205, 208]):
        image = scene(np.array(sky), noise=0)
        sharp = (truth() > 0.5).astype(np.float32)
        assert np.abs(refine(image, sharp) - truth()).mean() < 0.02


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="no matting method"):
        matte_method("u2net", "normal")
