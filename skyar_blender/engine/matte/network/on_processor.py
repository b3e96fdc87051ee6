# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of matting on the processor."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from ...types import FrameRGB, Matte
from ..dense_motion import Motion, grey, motion_between
from ..foliage import without_foliage
from ..interface import PreviousFrame
from ..refine import refine
from ..temporal_smoothing import temporally_smoothed
from .interface import EDGE_PIXELS, Prediction, Segmenter


class ProcessorSteps:
    """See :class:`.interface.MattingSteps`."""

    batch = 1
    #: Motions that are kept until the frame is smoothed: of as many frames as are looked at ahead, and some.
    _KEPT = 8

    def __init__(self, segmenter: Segmenter) -> None:
        self.sha256 = segmenter.sha256
        self._segmenter = segmenter
        self._motions: dict[tuple[int, int], tuple[FrameRGB, FrameRGB, Motion]] = {}
        self._holding = threading.Lock()

    def segment(self, frames: Sequence[FrameRGB], again: bool = False) -> list[Prediction]:
        """See :meth:`.interface.MattingSteps.segment`."""
        return [self._segmenter.find(frame, again) for frame in frames]

    def motion(self, frame: FrameRGB, before: FrameRGB) -> Motion:
        """See :meth:`.interface.MattingSteps.motion`."""
        known = self._known(frame, before)
        if known is None:
            known = motion_between(grey(frame), grey(before))
            with self._holding:
                # The frames are held, so that no other array can have their identity meanwhile.
                self._motions[id(frame), id(before)] = frame, before, known
                for old in list(self._motions)[: -self._KEPT]:
                    del self._motions[old]
        return known

    def _known(self, frame: FrameRGB, before: FrameRGB) -> Motion | None:
        with self._holding:
            held = self._motions.get((id(frame), id(before)))
        return held[2] if held is not None and held[0] is frame and held[1] is before else None

    def refine(self, frame: FrameRGB, coarse: Matte, roughness: Matte) -> Matte:
        """See :meth:`.interface.MattingSteps.refine`."""
        return without_foliage(frame, refine(frame, coarse, EDGE_PIXELS), roughness)

    def smooth(self, frame: FrameRGB, matte: Matte, previous: PreviousFrame | None) -> Matte:
        """See :meth:`.interface.MattingSteps.smooth`."""
        motion = None if previous is None else self._known(frame, previous.frame)
        return temporally_smoothed(frame, matte, previous, motion)
