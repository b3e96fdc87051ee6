# SPDX-License-Identifier: GPL-3.0-or-later
"""Matting in torch gives what matting on the processor gives, within a tolerance; here on torch's own processor."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (make torch)")

from support.torch_device import DEVICE, chosen_device, one_thread  # noqa: E402, F401

from skyar_blender.contract.errors import ErrorCode, SkyarError  # noqa: E402
from skyar_blender.engine.matte.foliage import rough  # noqa: E402
from skyar_blender.engine.matte.in_torch.flow import motion  # noqa: E402
from skyar_blender.engine.matte.interface import PreviousFrame  # noqa: E402
from skyar_blender.engine.matte.network.interface import Prediction  # noqa: E402
from skyar_blender.engine.matte.network.letterbox import scaled  # noqa: E402
from skyar_blender.engine.matte.network.method import NetworkModel  # noqa: E402
from skyar_blender.engine.matte.network.on_device import TorchSteps  # noqa: E402
from skyar_blender.engine.matte.network.on_processor import ProcessorSteps  # noqa: E402
from skyar_blender.engine.matte.network.torch_runtime import TorchSegmenter  # noqa: E402
from skyar_blender.engine.matte.network.weights import shipped_weights  # noqa: E402


class Coarse:
    """A network that is blue against the rest."""

    sha256, long_side = "0" * 64, 320

    def __init__(self, room: int = 100) -> None:
        self.room, self.batches, self.on_processor = room, [], False

    def find(self, frame: np.ndarray, again: bool = False) -> Prediction:
        small = scaled(frame, self.long_side)
        blue = cv2.blur(small, (9, 9)).astype(np.float32)
        return Prediction(small, np.asarray((blue[..., 2] - 130) / 12, np.float32))

    def find_all(self, frames: list[np.ndarray], tensors: list[torch.Tensor]) -> list[Prediction]:
        self.batches.append(len(frames))
        if len(frames) > self.room:
            raise torch.OutOfMemoryError("no room")
        return [self.find(frame) for frame in frames]

    def to_processor(self) -> None:
        self.on_processor = True


def frame_of(width: int, height: int, right: float = 0.0, seed: int = 0) -> np.ndarray:
    """A rough hill, bare trees and two wires under a sky with clouds, seen from so many pixels farther right."""
    random = np.random.default_rng(7)
    rows, columns = np.mgrid[:height, : width + 100].astype(np.float32)
    clouds = cv2.GaussianBlur(random.normal(0, 1, rows.shape).astype(np.float32), (0, 0), 12)
    image = np.stack([150 + 500 * clouds, 175 + 400 * clouds, 215 + 250 * clouds], -1)
    hill = (rows > 0.6 * height + 0.05 * height * np.sin(columns / 40))[..., None]
    image = np.where(hill, np.array([80, 90, 60]) + random.normal(0, 20, (*rows.shape, 1)), image).astype(np.float32)
    for _ in range(150):
        foot = np.array([random.uniform(0, width), random.uniform(0.3, 0.65) * height])
        tip = foot + random.normal(0, 0.1 * height, 2)
        ends = [tuple(round(8 * float(part)) for part in end) for end in (foot, tip)]
        cv2.line(image, *ends, (50, 45, 40), 1, cv2.LINE_AA, 3)
    for row in (0.1, 0.17):
        cv2.line(
            image, (0, round(row * height)), (width + 99, round((row + 0.1) * height)), (70, 70, 75), 1, cv2.LINE_AA
        )
    seen = cv2.warpAffine(image, np.array([[1, 0, -right], [0, 1, 0]], float), (width, height))
    noise = np.random.default_rng(seed).normal(0, 1.5, seen.shape)
    return np.clip(seen + noise, 0, 255).astype(np.uint8)


def coarse_of(frame: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-Coarse().find(frame).logits)), np.float32)


def both() -> tuple[ProcessorSteps, TorchSteps]:
    return ProcessorSteps(Coarse()), TorchSteps(Coarse(), chosen_device())


@pytest.mark.parametrize("size", [(640, 360), (431, 250), (960, 542)])
def test_both_refine_alike(size):
    """Within 2/255 everywhere, .1/255 in the mean."""
    frame = frame_of(*size)
    coarse, roughness = coarse_of(frame), rough(scaled(frame, 320))
    one, other = (steps.smooth(frame, steps.refine(frame, coarse, roughness), None) for steps in both())
    assert np.abs(one - cv2.resize(coarse, size)).mean() > 0.01  # there was something to refine
    assert other.shape == one.shape and other.dtype == np.float32
    assert np.abs(one - other).max() < 2 / 255
    assert np.abs(one - other).mean() < 0.1 / 255


@pytest.mark.parametrize("coarse", [np.zeros((90, 160)), np.ones((90, 160)), np.full((90, 160), np.nan)])
def test_both_refine_alike_where_there_is_nothing_to_refine(coarse):
    frame = frame_of(320, 180)
    coarse, roughness = coarse.astype(np.float32), np.zeros((90, 160), np.float32)
    one, other = (steps.smooth(frame, steps.refine(frame, coarse, roughness), None) for steps in both())
    assert np.abs(one - other).max() < 1e-5


def test_both_smooth_alike():
    """Within 1.5/255 in the mean and 16/255 at 99 of 100 pixels; flickering is less by as much."""
    frames = [frame_of(480, 270, 2.3 * k, k) for k in range(4)]
    truth = ProcessorSteps(Coarse())
    clean = [truth.refine(frame, coarse_of(frame), np.zeros((9, 9), np.float32)) for frame in frames]
    chatter = []
    for number, matte in enumerate(clean):
        soft = cv2.GaussianBlur(
            np.random.default_rng(number).normal(0, 1.5, (270, 480)).astype(np.float32), (0, 0), 5
        )
        chatter.append(np.clip(matte + soft, 0, 1))
    made = []
    for steps in both():
        previous, mattes = None, []
        for frame, matte in zip(frames, chatter, strict=True):
            mattes.append(steps.smooth(frame, matte, previous))
            stale = np.zeros(matte.shape, bool)
            stale[:40] = True
            previous = PreviousFrame(frame, np.rint(mattes[-1] * 65535).astype(np.uint16), stale)
        made.append(np.array(mattes))
    one, other = made
    apart = np.abs(one - other)
    assert apart.mean() < 1.5 / 255 and np.percentile(apart, 99) < 16 / 255
    assert (other[1:, :30] == np.array(chatter)[1:, :30]).mean() > 0.99  # nothing comes from where it is stale
    changes = [np.abs(np.diff(each - clean, axis=0)).mean() for each in (one, other, np.array(chatter))]
    assert changes[1] < 1.05 * changes[0] < 0.9 * changes[2]


def test_motion_is_found():
    random = np.random.default_rng(3)
    image = cv2.GaussianBlur(random.normal(128, 400, (260, 420)).astype(np.float32), (0, 0), 4)
    before = image[20:220, 20:340]
    now = cv2.warpAffine(image, np.array([[1, 0, -32.6], [0, 1, -15.2]]), (320, 200)) + 9  # exposed otherwise
    found = motion(*(torch.from_numpy(np.ascontiguousarray(each)) for each in (now, before))).numpy()
    inside = found[:, 30:-30, 30:-30]
    assert np.abs(inside - np.array([12.6, -4.8])[:, None, None]).mean() < 0.1


def test_a_batch_is_answered_as_frame_by_frame():
    """Log odds within .1, with the shipped weights; frames of two sizes, one smaller than the network's image."""
    segmenter = TorchSegmenter(shipped_weights("safetensors"), DEVICE, 288)
    frames = [frame_of(480, 270), frame_of(480, 270, 9), frame_of(200, 120)]
    together = TorchSteps(segmenter, chosen_device()).segment(frames)
    for frame, one in zip(frames, together, strict=True):
        alone = segmenter.find(frame)
        assert one.small.shape == alone.small.shape and one.small.dtype == np.uint8
        assert np.abs(one.small.astype(int) - alone.small).max() <= 1
        assert np.abs(one.logits - alone.logits).max() < 0.1
        assert one.sureness is not None and np.abs(one.sureness - alone.sureness).max() < 0.1


def test_frames_looked_at_together_get_the_mattes_of_single_ones():
    frames = [frame_of(160, 90, 3.0 * k, k) for k in range(4)]
    alone, together = (NetworkModel(steps, None) for steps in both())
    together.look(frames)
    assert together.batch > 1 and alone.batch == 1
    for frame in frames:
        assert np.abs(alone.matte(frame, None) - together.matte(frame, None)).max() < 2 / 255


def test_short_of_memory_batches_are_halved_and_told():
    segmenter, device = Coarse(room=3), chosen_device()
    steps = TorchSteps(segmenter, device)
    frames = [frame_of(64, 48, seed=k) for k in range(5)]
    assert len(steps.segment(frames)) == 5
    assert segmenter.batches == [5, 4, 2, 2, 1] or segmenter.batches == [5, 5, 2, 2, 1]
    assert steps.batch == 2
    assert device.short_of_memory() == {"network": "2 at a time"}
    assert device.short_of_memory() == {}


def test_a_device_that_fails_is_told(monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("an illegal memory access was encountered\nand more")

    monkeypatch.setattr("skyar_blender.engine.matte.network.on_device.refined", broken)
    with pytest.raises(SkyarError) as caught:
        both()[1].refine(frame_of(64, 48), np.zeros((9, 16), np.float32), np.zeros((9, 16), np.float32))
    assert caught.value.code == ErrorCode.DEVICE_UNAVAILABLE
    assert caught.value.why == "an illegal memory access was encountered"


def test_without_any_memory_the_processor_goes_on_and_that_is_told(monkeypatch):
    segmenter, device = Coarse(room=0), chosen_device()
    steps = TorchSteps(segmenter, device)
    frame = frame_of(320, 180)
    assert len(steps.segment([frame])) == 1 and segmenter.on_processor

    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("no room")

    monkeypatch.setattr("skyar_blender.engine.matte.network.on_device.refined", full)
    monkeypatch.setattr("skyar_blender.engine.matte.network.on_device.smoothed", full)
    coarse, roughness = coarse_of(frame), rough(scaled(frame, 320))
    previous = PreviousFrame(frame_of(320, 180, 2), np.zeros((180, 320), np.uint16))
    one, other = (
        each.smooth(frame, each.refine(frame, coarse, roughness), previous)
        for each in (steps, ProcessorSteps(segmenter))
    )
    assert (one == other).all()
    assert device.short_of_memory() == {"network": "on the processor", "matte": "some on the processor"}
