# SPDX-License-Identifier: GPL-3.0-or-later
"""Which network runs where."""

from __future__ import annotations

from pathlib import Path

from ....contract.errors import ErrorCode, SkyarError
from ...devices import WHOLE
from .interface import MattingSteps, Segmenter
from .on_processor import ProcessorSteps
from .weights import OFFER, Weights, given_weights, shipped_weights


def open_segmenter(weights: Path | None, device: str, long_side: int) -> Segmenter:
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
        from .onnx_runtime import OnnxSegmenter

        return OnnxSegmenter(chosen, long_side)
    return _in_torch(chosen, device, long_side)


def open_steps(weights: Path | None, device: str, long_side: int) -> MattingSteps:
    """The steps of matting on a device: ``cuda`` and ``rocm`` do them in torch, the others on the processor.

    The network itself runs on the device in any case.

    Raises:
        SkyarError: as :func:`open_segmenter`.
    """
    segmenter = open_segmenter(weights, device, long_side)
    if device not in WHOLE:
        return ProcessorSteps(segmenter)
    from .on_device import TorchSteps

    return TorchSteps(segmenter, segmenter.device)  # type: ignore[arg-type, attr-defined]


def _in_torch(chosen: Weights, device: str, long_side: int) -> Segmenter:
    try:
        if chosen.kind == "checkpoint":
            from .castle_checkpoint import CastleSegmenter

            return CastleSegmenter(chosen, device)
        from .torch_runtime import TorchSegmenter

        return TorchSegmenter(chosen, device, long_side)
    except ImportError as error:
        raise SkyarError(
            ErrorCode.ENGINE_INCOMPLETE,
            f"The network cannot run with these weights: {chosen.path}.",
            f"That needs torch and safetensors in the engine's environment ({error}).",
            f"Run Set Up Engine for your device, or install them. {OFFER}",
        ) from error
