# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the camera's motion is in doubt, why, and what helps there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from ...common.confidence import weak_groups
from ...contract.track_file import Track, TrackFrame

#: Points below which it is their number that is too small.
_FEW = 15

Reason = Literal[
    "nothing to follow",
    "nothing to follow and nothing to bridge from",
    "only the sky to follow",
    "few points",
    "points that disagree",
]
_HELP: dict[Reason, str] = {
    "nothing to follow": "It was bridged from both sides; cut the shot there if it slides",
    "nothing to follow and nothing to bridge from": "The picture does not tell how the camera moves there: choose "
    "STATIC if it stood, or give a camera of your own",
    "only the sky to follow": "Clouds move by themselves: if the camera stood, choose STATIC",
    "few points": "Try quality “high”, or give a camera of your own",
    "points that disagree": "Give the focal length if you know it; mark what moves as not sky",
}


@dataclass(frozen=True)
class WeakRange:
    """Frames ``first`` to ``last`` (both included, from 0), the least confidence, the reason and what to do."""

    first: int
    last: int
    confidence: float
    reason: Reason
    suggestion: str


def weak_ranges(track: Track) -> list[WeakRange]:
    """All ranges of ``track`` whose confidence is weak, in order."""
    ranges = []
    for group in weak_groups([frame.confidence for frame in track.frames]):
        frames = [track.frames[index] for index in group]
        reason = Counter(_reason(frame) for frame in frames).most_common(1)[0][0]
        least = min(frame.confidence for frame in frames)
        ranges.append(WeakRange(group[0], group[-1], round(least, 4), reason, _HELP[reason]))
    return ranges


def _reason(frame: TrackFrame) -> Reason:
    if frame.source == "interpolated" or frame.points == 0:
        # What was bridged from both sides has the little confidence that these leave it.
        bridged = frame.source == "interpolated" and frame.confidence > 0
        return "nothing to follow" if bridged else "nothing to follow and nothing to bridge from"
    if frame.source == "sky":
        return "only the sky to follow"
    return "few points" if frame.points < _FEW else "points that disagree"
