# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of matting on the processor."""

from __future__ import annotations

from collections.abc import Sequence

from ...types import FrameRGB, Matte
from ..foliage import without_foliage
from ..interface import PreviousFrame
from ..refine import refine
from ..temporal_smoothing import temporally_smoothed
from .interface import EDGE_PIXELS, Prediction, Segmenter


class ProcessorSteps:
    """See :class:`.interface.MattingSteps`."""

    batch = 1

    def __init__(self, segmenter: Segmenter) -> None:
        self.sha256 = segmenter.sha256
        self._segmenter = segmenter

    def segment(self, frames: Sequence[FrameRGB], again: bool = False) -> list[Prediction]:
        """See :meth:`.interface.MattingSteps.segment`."""
        return [self._segmenter.find(frame, again) for frame in frames]

    def refine(self, frame: FrameRGB, coarse: Matte, roughness: Matte) -> Matte:
        """See :meth:`.interface.MattingSteps.refine`."""
        return without_foliage(frame, refine(frame, coarse, EDGE_PIXELS), roughness)

    def smooth(self, frame: FrameRGB, matte: Matte, previous: PreviousFrame | None) -> Matte:
        """See :meth:`.interface.MattingSteps.smooth`."""
        return temporally_smoothed(frame, matte, previous)
