# SPDX-License-Identifier: GPL-3.0-or-later
"""How sure each finished matte is, for the report, and a warning that names the frames in doubt."""

from __future__ import annotations

import numpy as np

from ...common.confidence import frames_in_words, weak_groups
from ...contract.report import MatteFigures, WeakFrames
from ...engine.matte.hints import Hints
from ...engine.matte.interface import MatteModel
from ...engine.types import FrameRGB, StoredMatte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob

CONFIDENCE = "matte_confidence"
#: Name, among what is remembered, of whether the clip's own colours could be learnt.
_ADAPTED = "adapted"
#: Ranges that a warning lists.
_LISTED = 5
_DOUBT = "parts of it could be sky or not"
_REFUSED = "little of it is surely sky, or sky and land have the same colours"
_HELP = "Where the new sky is missing or too much, draw on a frame and use Sky Corrections (--sky-mask, --keep-mask)"


class ConfidenceRecord:
    """Asks the model about each matte as it is made, and remembers the answers for a rerun."""

    def __init__(self, running: RunningJob) -> None:
        self._running = running
        self._known: dict[str, float | bool | None] = running.load_state(CONFIDENCE) or {}

    @property
    def unknown(self) -> set[int]:
        """Source frames that were not looked at; of those whose matte a run before this version made, all."""
        return {source for source in self._running.sources if str(source) not in self._known}

    def look(self, model: MatteModel, source: int, frame: FrameRGB, stored: StoredMatte, hints: Hints | None) -> None:
        """Take in a frame and its matte."""
        matte = np.multiply(stored, np.float32(1 / 65535), dtype=np.float32)
        found = model.confidence(frame, matte, hints)
        self._known[str(source)] = None if found is None else round(found, 4)
        self._known[_ADAPTED] = model.adapted

    def skip(self, source: int) -> None:
        """Nothing is seen in this frame."""
        self._known[str(source)] = None

    def keep(self) -> None:
        """Remember all that was found so far."""
        self._running.save_state(CONFIDENCE, self._known)

    def report(self) -> StageReport:
        """``matte_confidence``: per frame, the least and the mean, and the ranges in doubt."""
        running = self._running
        per_frame: list[float | None] = [self._known.get(str(source)) for source in running.order]
        found = [value for value in per_frame if value is not None]
        groups = weak_groups(per_frame)
        refused = self._known.get(_ADAPTED) is False
        ranges = [
            WeakFrames(
                first=group[0],
                last=group[-1],
                confidence=min(value for index in group if (value := per_frame[index]) is not None),
                reason=_REFUSED if refused else _DOUBT,
                suggestion=_HELP,
            )
            for group in groups
        ]
        if groups:
            self._warn(groups, len(per_frame), refused)
        figures = MatteFigures(
            matte_confidence_mean=round(float(np.mean(found)), 4) if found else None,
            matte_confidence_min=round(float(np.min(found)), 4) if found else None,
            matte_weak_ranges=ranges,
        )
        return StageReport(figures=[figures], frames={CONFIDENCE: per_frame})

    def _warn(self, groups: list[list[int]], count: int, refused: bool) -> None:
        words = [frames_in_words(group[0], group[-1]) for group in groups[:_LISTED]]
        more = len(groups) - _LISTED
        words += [f"{more} more ranges in report.json"] if more > 0 else []
        better = "" if self._running.job.settings.quality == "high" else " Or try quality “high”."
        self._running.warn(
            "weak_matte",
            f"The sky is uncertain in {sum(map(len, groups))} of {count} frames.",
            f"{', '.join(words)}: {_REFUSED if refused else _DOUBT}.".capitalize(),
            f"Look at these frames. {_HELP}, then run again.{better}",
        )
