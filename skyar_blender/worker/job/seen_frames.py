# SPDX-License-Identifier: GPL-3.0-or-later
"""What later stages need of single frames, taken while these pass with their mattes: none is read again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...engine.composite.exposure import Sight
from ...engine.composite.grain import GrainStatistics
from ...engine.composite.light_statistics import SkyStatistics
from ...engine.types import FrameRGB, Matte, StoredMatte

#: Bytes of :attr:`SeenFrames.exposures`, and of :attr:`SeenFrames.sun`, at most; what does not fit is read again.
_MOST = 128 << 20


@dataclass
class SeenFrames:
    """By source frame. What is not here was made by an earlier run, or found no room: it is read from the files.

    Attributes:
        samples: the small frames that the method is fitted to; good where the survey finds that the clip is plain.
        exposures: what tells how the exposure changes.
        old_sky: colours of the old sky.
        grain: noise of the old sky.
        mattes: small mattes, which the horizon is found from.
        thin_mattes: thinned mattes (0..1), under which the new sky is looked at.
        sun: whole frames, as they are analysed, and their mattes, which tell where the light comes from.
    """

    samples: dict[int, FrameRGB] = field(default_factory=dict)
    exposures: dict[int, Sight] = field(default_factory=dict)
    old_sky: dict[int, SkyStatistics] = field(default_factory=dict)
    grain: dict[int, GrainStatistics] = field(default_factory=dict)
    mattes: dict[int, StoredMatte] = field(default_factory=dict)
    thin_mattes: dict[int, Matte] = field(default_factory=dict)
    sun: dict[int, tuple[FrameRGB, StoredMatte]] = field(default_factory=dict)
    _held: int = 0

    def keep_exposure(self, source: int, sight: Sight) -> None:
        """Keep the ``sight`` of a frame in place of an earlier one, as long as there is room."""
        if source in self.exposures or self._held + sight.bytes <= _MOST:
            self._held += 0 if source in self.exposures else sight.bytes
            self.exposures[source] = sight

    def keep_for_sun(self, source: int, frame: FrameRGB, matte: StoredMatte, frames: int) -> None:
        """Keep a frame and its matte where there is room for so many ``frames``."""
        if frames * (frame.nbytes + matte.nbytes) <= _MOST:
            self.sun[source] = frame, matte

    def forget(self, source: int) -> None:
        """The matte of this frame is made anew, and nobody looks at it here."""
        held: list[dict[int, Any]] = [
            self.exposures, self.old_sky, self.grain, self.mattes, self.thin_mattes, self.sun
        ]  # fmt: skip
        for each in held:
            each.pop(source, None)
