# SPDX-License-Identifier: GPL-3.0-or-later
"""The network in torch: in half precision on a GPU, in single precision on the processor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load
from torch import Tensor
from torch.nn import functional

from ....contract.errors import SkyarError
from ...tensors.device import TorchDevice, device_failure, torch_device
from ...tensors.resizing import enlarged, reduced, resized_levels, to_levels
from ...types import Float32Array, FrameRGB
from .architecture import SkyNetwork
from .interface import Prediction
from .letterbox import MULTIPLE, letterboxed, scaled_size
from .weights import Weights, unreadable


class OnDevice:
    """A network of torch on a device, in half precision and with channels last unless that is the processor.

    Raises:
        SkyarError: ``device_unavailable`` when the device is not there or has no room.
    """

    def __init__(self, network: Any, device: str) -> None:
        self._requested = device
        try:
            self.device: TorchDevice = torch_device(device)
            self._network = network.eval().to(self.device.device, self.device.precision)
            if self.device.precision == torch.float16:
                self._network = self._network.to(memory_format=torch.channels_last)
        except (RuntimeError, AssertionError) as error:  # a build without the GPU asserts
            raise self._failure(error) from error

    def __call__(self, tensor: Float32Array) -> Float32Array:
        """The network's answer (C', H', W') to ``tensor`` (1, C, H, W)."""
        with torch.inference_mode():
            return np.asarray(self.of(torch.from_numpy(tensor))[0].cpu().numpy(), np.float32)

    def of(self, images: Tensor) -> Tensor:
        """The network's answers (N, C', H', W'), float32 on its device, to (N, C, H, W) on any.

        Raises:
            torch.OutOfMemoryError: the GPU has no room for so many.
        """
        where = next(self._network.parameters())
        try:
            images = images.to(where.device, where.dtype)
            if where.dtype == torch.float16:
                images = images.contiguous(memory_format=torch.channels_last)
            answers: Tensor = self._network(images).float()
            return answers
        except torch.OutOfMemoryError:
            raise
        except RuntimeError as error:
            raise self._failure(error) from error

    def to_processor(self) -> None:
        """From now on the network runs on the processor."""
        self._network = self._network.to("cpu", torch.float32, memory_format=torch.contiguous_format)

    def _failure(self, error: Exception) -> SkyarError:
        return device_failure(self._requested, error, "The matting network")


class TorchSegmenter:
    """See :class:`.interface.Segmenter` and :class:`.on_device.BatchSegmenter`."""

    def __init__(self, weights: Weights, device: str, long_side: int) -> None:
        self.sha256 = weights.sha256
        self.long_side = long_side
        self._run = OnDevice(_network(weights), device)

    @property
    def device(self) -> TorchDevice:
        return self._run.device

    def find(self, frame: FrameRGB, again: bool = False) -> Prediction:
        """See :meth:`.interface.Segmenter.find`."""
        box = letterboxed(frame, self.long_side)
        return box.unboxed(self._run(box.tensor))

    def find_all(self, frames: Sequence[FrameRGB], tensors: Sequence[Tensor]) -> list[Prediction]:
        """See :meth:`.on_device.BatchSegmenter.find_all`."""
        small = [_scaled(tensor, self.long_side) for tensor in tensors]
        found: list[Prediction] = []
        while len(found) < len(small):  # those of one size, which all frames of a clip have
            shape = small[len(found)].shape
            alike = next((k for k in range(len(found), len(small)) if small[k].shape != shape), len(small))
            some = torch.stack(small[len(found) : alike])
            answers = self._run.of(_boxed(some)).to(some.device)
            size = 2 * answers.shape[-1], 2 * answers.shape[-2]
            maps = enlarged(answers, size)[..., : shape[1], : shape[2]].cpu().numpy()
            images = some.to(torch.uint8).permute(0, 2, 3, 1).contiguous().cpu().numpy()
            found += [
                Prediction(image, *np.ascontiguousarray(each)) for image, each in zip(images, maps, strict=True)
            ]
        return found

    def to_processor(self) -> None:
        """See :meth:`.on_device.BatchSegmenter.to_processor`."""
        self._run.to_processor()


def _scaled(image: Tensor, long_side: int) -> Tensor:
    """As :func:`.letterbox.scaled`, of (3, height, width)."""
    size = scaled_size((image.shape[1], image.shape[2]), long_side)
    if size[0] > image.shape[2] or size[1] > image.shape[1]:
        return resized_levels(image, size)
    return to_levels(reduced(image, size))


def _boxed(images: Tensor) -> Tensor:
    """As :class:`.letterbox.Letterbox` has it: (n, 4, H, W) of (n, 3, h, w), 0..255."""
    height, width = images.shape[-2:]
    padded = functional.pad(images / 255, (0, -width % MULTIPLE, 0, -height % MULTIPLE), mode="replicate")
    rows = torch.arange(padded.shape[2], device=images.device, dtype=torch.float32) / max(1, height - 1)
    return torch.cat([padded, rows[:, None].expand(len(images), 1, *padded.shape[2:])], 1)


def _network(weights: Weights) -> SkyNetwork:
    try:
        state = {name: torch.from_numpy(array.copy()) for name, array in load(weights.content).items()}
        state = {name: each.float() if each.is_floating_point() else each for name, each in state.items()}
    except (SafetensorError, TypeError, ValueError, KeyError) as error:
        raise unreadable(weights.path, f"The file is damaged, or no safetensors: {error}.") from error
    check_finite(state, weights)
    network = SkyNetwork()
    try:
        network.load_state_dict(state)
    except RuntimeError as error:
        raise unreadable(weights.path, "They are of another architecture: names or sizes differ.") from error
    return network


def check_finite(state: dict[str, Any], weights: Weights) -> None:
    """Raises SkyarError ``weights_unreadable`` if a number of ``state`` is none."""
    for name, tensor in state.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise unreadable(weights.path, f"Some of its numbers are not finite, the first in “{name}”.")
