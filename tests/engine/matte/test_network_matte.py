# SPDX-License-Identifier: GPL-3.0-or-later
"""The method with a network, on a network of one layer: images of all kinds, saving, loading."""

from __future__ import annotations

import numpy as np
import pytest
from support.clips import landscape
from support.networks import tiny_onnx

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.engine.matte.hints import Hints
from skyar_blender.engine.matte.methods import matte_method
from skyar_blender.engine.matte.samples import sample_of


@pytest.fixture
def network(tmp_path):
    """``network(quality)``: the method."""
    path = tiny_onnx(tmp_path / "weights.onnx")
    return lambda quality="normal": matte_method("network", quality, path)


def frames(count: int = 4) -> list[np.ndarray]:
    return [landscape(index, 480, 270) for index in range(count)]


@pytest.mark.parametrize("quality", ["draft", "normal", "high"])
def test_finds_the_sky(network, quality):
    shots = frames()
    matte = network(quality).fit(shots).matte(shots[1], None)
    assert matte.shape == (270, 480) and matte.dtype == np.float32
    assert matte[:110].mean() > 0.98 and matte[190:].mean() < 0.02


def test_same_bytes_again_and_after_loading(network, tmp_path):
    shots = frames()
    method = network()
    model = method.fit(shots)
    expected = model.matte(shots[2], None)
    assert (network().fit(shots).matte(shots[2], None) == expected).all()
    with (tmp_path / "model.npz").open("wb") as file:
        model.save(file)
    assert (method.load(tmp_path / "model.npz").matte(shots[2], None) == expected).all()


def test_a_look_ahead_changes_nothing_and_is_not_taken_twice(network):
    shots = frames(12)
    model = network().fit(shots[:4])
    expected = [model.matte(shot, None) for shot in shots[:4]]
    seen = []
    segment = model.steps.segment
    object.__setattr__(model.steps, "segment", lambda frames: seen.extend(frames) or segment(frames))
    for shot in shots[4:]:
        model.look([shot])
    ahead = [shot.copy() for shot in shots[:4]]
    for shot in ahead:
        model.look([shot])
    assert all((model.matte(shot, None) == matte).all() for shot, matte in zip(ahead, expected, strict=True))
    assert len(seen) == 12  # each once
    model.matte(shots[4], None)
    assert len(seen) == 13  # so many others were looked at since that it was forgotten


def test_what_the_method_was_fitted_to_is_not_put_to_the_network_again(network, monkeypatch):
    shots, method = frames(3), network()
    session = method._steps._segmenter._session
    asked = []

    class Watched:
        def run(self, names, inputs):
            asked.append(inputs["picture"].shape)
            return session.run(names, inputs)

    monkeypatch.setattr(method._steps._segmenter, "_session", Watched())
    model = method.fit([sample_of(shot, method.sample_size) for shot in shots[:2]])
    expected = network().fit([sample_of(shot, method.sample_size) for shot in shots[:2]])
    for shot in shots:
        assert (model.matte(shot, None) == expected.matte(shot, None)).all()
    assert len(asked) == 3


def test_a_model_of_other_weights_is_noticed(network, tmp_path):
    with (tmp_path / "model.npz").open("wb") as file:
        network().fit(frames(1)).save(file)
    other = tiny_onnx(tmp_path / "other.onnx", blue=50.0)
    with pytest.raises(SkyarError) as caught:
        matte_method("network", "normal", other).load(tmp_path / "model.npz")
    assert caught.value.code == ErrorCode.OUTPUT_TAKEN


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (40, 640), (640, 40), (1, 500), (431, 37)])
def test_images_of_any_shape(network, size):
    noise = np.random.default_rng(3).integers(0, 256, (*size, 3), np.uint8)
    matte = network().fit([noise]).matte(noise, None)
    assert matte.shape == size
    assert np.isfinite(matte).all() and matte.min() >= 0 and matte.max() <= 1


def test_8k(network):
    frame = np.zeros((4320, 7680, 3), np.uint8)
    frame[:2000] = (120, 160, 230)
    frame[2000:] = (90, 80, 40)
    matte = network().fit([frame[::16, ::16]]).matte(frame, None)
    assert matte.shape == (4320, 7680)
    assert matte[:1900].min() > 0.99 and matte[2100:].max() < 0.01


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (128, 128, 128), (20, 200, 20)])
def test_one_colour_that_is_no_sky(network, colour):
    frame = np.full((90, 160, 3), colour, np.uint8)
    matte = network().fit([frame] * 3).matte(frame, None)
    assert matte[60:].max() < 0.05


def test_the_artists_word_counts(network):
    shots = frames(2)
    hints = Hints(sky=np.zeros((270, 480), bool), ground=np.zeros((270, 480), bool))
    hints.ground[20:60, 200:300] = True
    model = network().fit(shots, [None, None])
    matte = model.matte(shots[0], None, hints)
    assert (matte[20:60, 200:300] == 0).all() and matte[20:60, :100].mean() > 0.98
