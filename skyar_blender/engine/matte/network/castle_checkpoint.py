# SPDX-License-Identifier: GPL-3.0-or-later
"""The published checkpoint of *Castle in the Sky*, where a person has it: read without running anything in it."""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from ...tensors.device import TorchDevice
from ...types import FrameRGB
from .castle_network import SIZE, CastleNetwork
from .interface import Prediction
from .letterbox import scaled
from .torch_runtime import OnDevice, check_finite
from .weights import Weights, unreadable

_KEY = "model_G_state_dict"
#: Parts of ResNet-50 that are in the checkpoint and that the network does not use.
_UNUSED = ("resnet.conv1.", "resnet.fc.")
#: A NumPy number is all that may be in the file besides tensors and plain data; NumPy moved what makes one.
_SCALAR = np.float64(0).__reduce__()[0]
_ALLOWED = [
    _SCALAR,
    (_SCALAR, "numpy.core.multiarray.scalar"),
    (_SCALAR, "numpy._core.multiarray.scalar"),
    np.dtype,
    *(type(np.dtype(kind)) for kind in (np.float32, np.float64, np.int32, np.int64)),
]


class CastleSegmenter:
    """See :class:`.interface.Segmenter`. The image is squeezed to a square, as the network was trained."""

    long_side = SIZE

    def __init__(self, weights: Weights, device: str) -> None:
        self.sha256 = weights.sha256
        self._run = OnDevice(_network(weights), device)

    def find(self, frame: FrameRGB, again: bool = False) -> Prediction:
        """See :meth:`.interface.Segmenter.find`."""
        small = scaled(frame, SIZE)
        square = cv2.resize(frame, (SIZE, SIZE), interpolation=_interpolation(frame))
        tensor = np.ascontiguousarray(square.transpose(2, 0, 1)[None], np.float32) / np.float32(255)
        logits = cv2.resize(self._run(tensor)[0], small.shape[1::-1], interpolation=cv2.INTER_AREA)
        return Prediction(small, np.asarray(logits, np.float32).reshape(small.shape[:2]))

    @property
    def device(self) -> TorchDevice:
        return self._run.device

    def find_all(self, frames: Sequence[FrameRGB], tensors: Sequence[Tensor]) -> list[Prediction]:
        """See :meth:`.on_device.BatchSegmenter.find_all`: one by one, as it is there to be compared with."""
        return [self.find(frame) for frame in frames]

    def to_processor(self) -> None:
        """See :meth:`.on_device.BatchSegmenter.to_processor`."""
        self._run.to_processor()


def _interpolation(frame: FrameRGB) -> int:
    return cv2.INTER_AREA if min(frame.shape[:2]) > SIZE else cv2.INTER_LINEAR


def _network(weights: Weights) -> CastleNetwork:
    state = _state(weights)
    used = {name: tensor for name, tensor in state.items() if not name.startswith(_UNUSED)}
    check_finite(used, weights)
    network = CastleNetwork()
    try:
        network.load_state_dict(used)
    except RuntimeError as error:
        raise unreadable(
            weights.path, "It is a checkpoint of another architecture: names or sizes differ."
        ) from error
    return network


def _state(weights: Weights) -> dict[str, Any]:
    """The tensors by name. Code in the file is refused, not run: only tensors, plain data and NumPy numbers load."""
    try:
        with torch.serialization.safe_globals(_ALLOWED):
            checkpoint = torch.load(io.BytesIO(weights.content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        why = "It is damaged, or holds something else than numbers, such as code, which was not run."
        raise unreadable(weights.path, why) from error
    except (RuntimeError, EOFError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise unreadable(weights.path, f"The checkpoint is damaged: {type(error).__name__}.") from error
    state = checkpoint.get(_KEY) if isinstance(checkpoint, dict) else None
    if not isinstance(state, dict) or not all(torch.is_tensor(tensor) for tensor in state.values()):
        raise unreadable(
            weights.path, f"It has no tensors under “{_KEY}”, so it is not the checkpoint of SkyAR's paper."
        )
    return state
