# SPDX-License-Identifier: GPL-3.0-or-later
"""How much the finished mattes flicker, for the report."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ...contract.report import MatteFigures
from ...engine.flicker import SmallFrame, flicker, small_frame
from ...engine.types import FrameRGB, StoredMatte
from ..gathered import StageReport
from ..shot import Shot

FLICKER = "matte_flicker"


class FlickerRecord:
    """Looks at frames and mattes as they pass, and remembers what was found for a rerun.

    The figure of a source frame is its :func:`~skyar_blender.engine.flicker.flicker` against the source frame
    in use before it: None for the first one and across cuts.
    """

    def __init__(self, shot: Shot) -> None:
        self._shot = shot
        self._known: dict[str, float | None] = shot.kept(FLICKER) or {}
        self._before = {later: earlier for earlier, later in pairwise(shot.sources)}
        self._last: tuple[int, SmallFrame] | None = None

    @property
    def unknown(self) -> set[int]:
        """Source frames that must be looked at, each after the one before it in use, whose matte may be made anew."""
        path_of, number_of = self._shot.folder.matte, self._shot.number_of
        return {
            source
            for source, before in self._before.items()
            if str(source) not in self._known or not path_of(number_of[before]).exists()
        }

    def look(self, source: int, frame: FrameRGB, matte: StoredMatte) -> None:
        """Take in a frame and its matte, in ascending order."""
        small = small_frame(frame, matte)
        if self._last is not None and self._last[0] == self._before.get(source):
            found = flicker(self._last[1], small)
            self._known[str(source)] = None if found is None else round(found, 6)
        self._last = (source, small)

    def skip(self, source: int) -> None:
        """This frame shows two shots, so that it has no figure, nor has the one after it."""
        after = next((later for later, earlier in self._before.items() if earlier == source), None)
        self._known |= {str(each): None for each in (source, after) if each is not None}
        self._last = None

    def keep(self) -> None:
        """Remember all that was found so far."""
        self._shot.keep(FLICKER, self._known)

    def report(self) -> StageReport:
        """``matte_flicker``: per frame, and the mean of those that have a figure."""
        per_frame = [self._known.get(str(source)) for source in self._shot.order]
        found = [value for value in per_frame if value is not None]
        figures = MatteFigures(matte_flicker=round(float(np.mean(found)), 6) if found else None)
        return StageReport(figures=[figures], frames={FLICKER: per_frame})
