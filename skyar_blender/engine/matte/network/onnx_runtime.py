# SPDX-License-Identifier: GPL-3.0-or-later
"""The network on the processor, by ONNX Runtime."""

from __future__ import annotations

import hashlib
import os
from typing import Any

import numpy as np

from ....contract.errors import ErrorCode, SkyarError
from ...types import Float32Array, FrameRGB
from .interface import Prediction
from .letterbox import letterboxed
from .weights import OFFER, Weights, unreadable

#: More threads than this do not help with images this small.
_MOST_THREADS = 4
#: More answers than the frames that a method is fitted to; .3 MB each.
_MOST_KEPT = 40


class OnnxSegmenter:
    """See :class:`.interface.Segmenter`."""

    def __init__(self, weights: Weights, long_side: int) -> None:
        self.sha256 = weights.sha256
        self.long_side = long_side
        self._session = _session(weights)
        # Answers by the hash of the image as the network sees it, until they are asked for again.
        self._kept: dict[bytes, Float32Array] = {}

    def find(self, frame: FrameRGB, again: bool = False) -> Prediction:
        """See :meth:`.interface.Segmenter.find`."""
        box = letterboxed(frame, self.long_side)
        seen = hashlib.sha256(box.small.data).digest() if again or self._kept else b""
        answer = self._kept.pop(seen, None)
        if answer is None:
            answer = np.asarray(self._session.run(["logits"], {"picture": box.tensor})[0][0], np.float32)
        if again:
            self._kept[seen] = answer
            for old in list(self._kept)[:-_MOST_KEPT]:
                del self._kept[old]
        return box.unboxed(answer)


def _session(weights: Weights) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise SkyarError(
            ErrorCode.ENGINE_INCOMPLETE,
            "The matting network cannot run.",
            f"ONNX Runtime is not in the engine's environment ({error}).",
            f"Run Set Up Engine again, or install the package onnxruntime. {OFFER}",
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, min(_MOST_THREADS, _processors()))
    options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 4  # what goes wrong is told by the error
    # Decoding, refining and writing need the cores while the network waits for its next frame.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(weights.content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its many kinds of error share no base of their own
        raise unreadable(weights.path, f"The file is damaged, or no ONNX model: {_first_line(error)}") from error
    _check(session, weights)
    return session


def _check(session: Any, weights: Weights) -> None:
    """Raise ``weights_unreadable`` unless the model is of our seam and its numbers are numbers."""
    takes = [(each.name, each.type, len(each.shape)) for each in session.get_inputs()]
    gives = [(each.name, each.type, len(each.shape)) for each in session.get_outputs()]
    if takes != [("picture", "tensor(float)", 4)] or gives != [("logits", "tensor(float)", 4)]:
        raise unreadable(weights.path, "It is a network of another architecture: its input or output differs.")
    probe: Float32Array = np.linspace(0, 1, 4 * 64 * 96, dtype=np.float32).reshape(1, 4, 64, 96)
    try:
        logits = session.run(["logits"], {"picture": probe})[0]
    except Exception as error:
        raise unreadable(weights.path, f"It does not run on a picture: {_first_line(error)}") from error
    if logits.shape not in ((1, 1, 32, 48), (1, 2, 32, 48)):
        raise unreadable(weights.path, f"It is a network of another architecture: {logits.shape} for 64x96 pixels.")
    if not np.isfinite(logits).all():
        raise unreadable(weights.path, "Some of its numbers are not finite: what it answers is none.")


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
