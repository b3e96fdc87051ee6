# SPDX-License-Identifier: GPL-3.0-or-later
"""What every network offers, whatever runs it, and which runs where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ....contract.errors import ErrorCode, SkyarError
from ...types import FrameRGB
from .weights import OFFER, Weights, given_weights, shipped_weights

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Found:
    """A network's answer: log odds of sky (height, width), for the picture at that size, (height, width, 3).

    ``sureness``: log odds that the sign of ``logits`` is right, of the same size; None from a network that does not
    say, so that only the size of its log odds tells.
    """

    small: FrameRGB
    logits: Floats
    sureness: Floats | None = None


class SkyFinder(Protocol):
    """A network, ready to run."""

    #: Hash of the file that its weights are from.
    sha256: str
    #: Long side in pixels at which it looks at pictures.
    long_side: int

    def find(self, frame: FrameRGB) -> Found:
        """Look at a frame of any size. Raises SkyarError ``device_unavailable`` when the device fails."""
        ...


def open_finder(weights: Path | None, device: str, long_side: int) -> SkyFinder:
    """The network with the weights in a file (None: the shipped ones), on a device.

    ``cpu`` means ONNX Runtime, the others torch; a person's safetensors and checkpoints always run in torch.

    Raises:
        SkyarError: ``weights_missing``, ``weights_unreadable``; ``engine_incomplete`` without the package that runs
            them; ``device_unavailable``.
    """
    if weights is None:
        chosen = shipped_weights("onnx" if device == "cpu" else "safetensors")
    else:
        chosen = given_weights(weights)
    if chosen.kind == "onnx":
        if device != "cpu":
            raise SkyarError(
                ErrorCode.DEVICE_UNAVAILABLE,
                f"Weights in ONNX do not run on the device “{device}”: {chosen.path}.",
                "Only the processor runs ONNX here; on a GPU the network runs in torch.",
                "Choose the device “cpu” or “auto”, or give the weights as safetensors.",
            )
        from .onnx_runtime import OnnxFinder

        return OnnxFinder(chosen, long_side)
    return _in_torch(chosen, device, long_side)


def _in_torch(chosen: Weights, device: str, long_side: int) -> SkyFinder:
    try:
        if chosen.kind == "checkpoint":
            from .castle_checkpoint import CastleFinder

            return CastleFinder(chosen, device)
        from .torch_runtime import TorchFinder

        return TorchFinder(chosen, device, long_side)
    except ImportError as error:
        raise SkyarError(
            ErrorCode.ENGINE_INCOMPLETE,
            f"The network cannot run with these weights: {chosen.path}.",
            f"That needs torch and safetensors in the engine's environment ({error}).",
            f"Run Set Up Engine for your device, or install them. {OFFER}",
        ) from error
