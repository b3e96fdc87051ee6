# SPDX-License-Identifier: GPL-3.0-or-later
"""The network in torch: in half precision on a GPU, in single precision on the processor."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load

from ....contract.errors import ErrorCode, SkyarError
from ...types import Float32Array, FrameRGB
from .architecture import SkyNetwork
from .interface import Prediction
from .letterbox import letterboxed
from .weights import Weights, unreadable

#: Torch's names of the devices in a job.
_NAMES = {"cpu": "cpu", "cuda": "cuda", "rocm": "cuda", "mps": "mps"}


class OnDevice:
    """A network of torch on a device, in half precision unless that is the processor.

    Raises:
        SkyarError: ``device_unavailable`` when the device is not there or has no room.
    """

    def __init__(self, network: Any, device: str) -> None:
        self._requested = device
        self._type = torch.float32 if device == "cpu" else torch.float16
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.deterministic = True
        try:
            self._device = torch.device(_NAMES[device])
            self._network = network.eval().to(self._device, self._type)
        except (RuntimeError, AssertionError) as error:  # a build without the GPU asserts
            raise self._failure(error) from error

    def __call__(self, tensor: Float32Array) -> Float32Array:
        """The network's answer (C', H', W') to ``tensor`` (1, C, H, W)."""
        try:
            with torch.inference_mode():
                image = torch.from_numpy(tensor).to(self._device, self._type)
                answer = self._network(image)[0].float().cpu().numpy()
        except RuntimeError as error:
            raise self._failure(error) from error
        return np.asarray(answer, np.float32)

    def _failure(self, error: Exception) -> SkyarError:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return SkyarError(
            ErrorCode.DEVICE_UNAVAILABLE,
            f"The matting network failed on the device “{self._requested}”.",
            lines[0][:300],
            "Choose the device “cpu”, or free the GPU's memory and run the job again: what is complete is kept.",
        )


class TorchSegmenter:
    """See :class:`.interface.Segmenter`."""

    def __init__(self, weights: Weights, device: str, long_side: int) -> None:
        self.sha256 = weights.sha256
        self.long_side = long_side
        self._run = OnDevice(_network(weights), device)

    def find(self, frame: FrameRGB) -> Prediction:
        """See :meth:`.interface.Segmenter.find`."""
        box = letterboxed(frame, self.long_side)
        return box.unboxed(self._run(box.tensor))


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
