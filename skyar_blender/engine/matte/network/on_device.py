# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of matting in torch: a frame goes to the device once, its matte comes back once.

What is judged on the network's small image alone (flat areas, islands, what the clip teaches) is judged on the
processor, for the next frames, while the device works.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from ....contract.errors import ErrorCode, SkyarError
from ...tensors.colours import as_levels, frame_tensor
from ...tensors.device import TorchDevice
from ...types import FrameRGB, Matte
from ..dense_motion import Motion
from ..in_torch.refine import refined, without_foliage
from ..in_torch.temporal_smoothing import smoothed
from ..interface import PreviousFrame
from .interface import EDGE_PIXELS, HeldMatte, Prediction
from .on_processor import ProcessorSteps

#: Frames that the network looks at together, where there is room.
_BATCH = 8
#: What a step is called where memory was short.
_NETWORK = "network"
_EDGES = "matte"


class BatchSegmenter(Protocol):
    """A network in torch."""

    sha256: str
    long_side: int

    def find(self, frame: FrameRGB, again: bool = False) -> Prediction:
        """See :meth:`.interface.Segmenter.find`."""
        ...

    def find_all(self, frames: Sequence[FrameRGB], tensors: Sequence[Tensor]) -> list[Prediction]:
        """Look at ``frames`` together, which are on the device as ``tensors`` (3, height, width), 0..255."""
        ...

    def to_processor(self) -> None:
        """From now on run on the processor."""
        ...


class TorchSteps:
    """See :class:`.interface.MattingSteps`."""

    def __init__(self, segmenter: BatchSegmenter, device: TorchDevice) -> None:
        self.sha256 = segmenter.sha256
        self.batch = _BATCH
        self._segmenter, self._device = segmenter, device
        self._on_processor = ProcessorSteps(segmenter)
        self._frames: dict[int, tuple[FrameRGB, Tensor]] = {}
        self._holding = threading.Lock()

    def segment(self, frames: Sequence[FrameRGB], again: bool = False) -> list[Prediction]:
        """See :meth:`.interface.MattingSteps.segment`."""

        def together(some: Sequence[FrameRGB]) -> list[Prediction]:
            with torch.inference_mode():
                return self._segmenter.find_all(some, [self._tensor(frame) for frame in some])

        try:
            found, self.batch = self._device.in_batches(together, frames, self.batch, _NETWORK)
        except torch.OutOfMemoryError:
            self._device.note(_NETWORK, "on the processor")
        except SkyarError as failure:
            if failure.code is not ErrorCode.DEVICE_UNAVAILABLE or not self._device.replaceable:
                raise
            self._device.give_up(_NETWORK, failure)
        else:
            return found
        self._segmenter.to_processor()
        return [self._segmenter.find(frame) for frame in frames]

    def motion(self, frame: FrameRGB, before: FrameRGB) -> Motion | None:
        """None: a GPU answers sooner than anything could be carried on."""
        return None

    def refine(self, frame: FrameRGB, coarse: Matte, roughness: Matte) -> HeldMatte:
        """See :meth:`.interface.MattingSteps.refine`: a tensor on the device, or an array where it had no room."""

        def on_device() -> HeldMatte:
            with torch.inference_mode():
                image = self._tensor(frame)
                matte = refined(image, self._device.uploaded(coarse), EDGE_PIXELS)
                return without_foliage(image, matte, self._device.uploaded(roughness))

        return self._device.or_else(on_device, lambda: self._on_processor.refine(frame, coarse, roughness), _EDGES)

    def smooth(self, frame: FrameRGB, matte: HeldMatte, previous: PreviousFrame | None) -> Matte:
        """See :meth:`.interface.MattingSteps.smooth`."""

        def on_device() -> Matte:
            with torch.inference_mode():
                held = matte if isinstance(matte, Tensor) else self._device.uploaded(matte)
                if previous is not None and previous.frame.shape == frame.shape:
                    stale = None if previous.stale is None else self._device.uploaded(previous.stale).float()
                    past = self._device.uploaded(previous.matte)
                    held = smoothed(self._tensor(frame), held, self._tensor(previous.frame), past, stale)
                return self._device.downloaded(held)

        def on_processor() -> Matte:
            held = self._device.downloaded(matte) if isinstance(matte, Tensor) else matte
            return self._on_processor.smooth(frame, held, previous)

        return self._device.or_else(on_device, on_processor, _EDGES)

    def _tensor(self, frame: FrameRGB) -> Tensor:
        """The frame on the device; the last ones stay there, as each is looked at, refined and followed."""
        with self._holding:
            held = self._frames.get(id(frame))
            if held is None or held[0] is not frame:
                held = self._frames[id(frame)] = frame, frame_tensor(frame, self._device)
                for old in list(self._frames)[: -2 * self.batch]:
                    del self._frames[old]
        return as_levels(held[1])
