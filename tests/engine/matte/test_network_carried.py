# SPDX-License-Identifier: GPL-3.0-or-later
"""Which frames are put to the network, and which take over what it said of the frame before."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from support.networks import tiny_onnx

from skyar_blender.engine.matte.interface import PreviousFrame
from skyar_blender.engine.matte.methods import matte_method
from skyar_blender.engine.types import FrameRGB

SKY, LAND = (90, 140, 220), (70, 60, 40)


def shot(index: int) -> FrameRGB:
    """A camera that turns by five pixels a frame: rough land under a sky."""
    noise = np.random.default_rng(1).normal(0, 18, (270, 640, 3))
    wide = np.empty((270, 640, 3), np.float32)
    wide[:] = SKY
    wide[150:] = LAND
    wide[150:] += cv2.GaussianBlur(noise, (0, 0), 1.5)[150:] * 3
    return np.clip(wide[:, 5 * index : 5 * index + 480], 0, 255).astype(np.uint8)


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A model fitted to the shot, and how often its network was asked."""
    model = matte_method("network", "normal", tiny_onnx(tmp_path / "weights.onnx")).fit([shot(0), shot(8)])
    counted: list[int] = []
    segment = model.steps.segment
    monkeypatch.setattr(model.steps, "segment", lambda frames: counted.append(len(frames)) or segment(frames))
    return model, counted


def test_a_camera_that_turns_needs_every_second_frame(asked):
    model, counted = asked
    first, then = shot(3), shot(4)
    model.look([first])
    alone = model.matte(then.copy(), None)
    counted.clear()
    model.look([then], first)
    carried = model.matte(then, None)
    assert not counted
    assert np.abs(carried - alone).mean() < 0.002 and model.prediction(then) is None
    known = PreviousFrame(first, np.rint(model.matte(first, None) * 65535).astype(np.uint16))
    smooth = model.matte(then, known)
    assert not counted and np.abs(smooth - alone).mean() < 0.002


@pytest.mark.parametrize("what", ["bird", "cut", "other size"])
def test_what_is_new_is_put_to_the_network(asked, what):
    model, counted = asked
    first, then = shot(3), shot(4)
    if what == "bird":
        then[60:76, 200:216] = LAND
    elif what == "cut":
        then = np.ascontiguousarray(then[::-1])
    else:
        then = np.ascontiguousarray(then[:, :400])
    model.look([first])
    counted.clear()
    model.look([then], first)
    assert sum(counted) == 1
    if what == "bird":
        assert model.matte(then, None)[64:72, 204:212].mean() < 0.1


def test_the_answer_is_the_same_where_the_frame_before_was_forgotten(asked):
    model, _ = asked
    first, then = shot(3), shot(4)
    model.look([first])
    model.look([then], first)
    expected = model.matte(then, None)
    again, before = then.copy(), first.copy()
    model.look([again], before)
    assert (model.matte(again, None) == expected).all()


def test_a_draft_takes_the_matte_along_too(tmp_path, monkeypatch):
    model = matte_method("network", "draft", tiny_onnx(tmp_path / "weights.onnx")).fit([shot(0), shot(8)])
    first, then = shot(3), shot(4)
    before = PreviousFrame(first, np.rint(model.matte(first, None) * 65535).astype(np.uint16))
    expected = model.matte(then.copy(), before)
    model.look([then], first)
    refined: list[int] = []
    monkeypatch.setattr(model._model.steps, "refine", lambda *_: refined.append(1))
    matte = model.matte(then, before)
    assert not refined and np.abs(matte - expected).mean() < 0.004
