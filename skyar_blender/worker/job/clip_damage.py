# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling what is wrong with the frames of a clip: what is known before the work, and what came out on the way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ...common.frame_ranges import ranges_of
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.report import FrameRange, RunFigures
from ...engine.media.clip import ClipReader, requested_frames
from .running_job import RunningJob

#: Name of what is remembered of damaged source frames.
DAMAGED = "damaged"
#: Seconds for which one image may be on screen before the person is told, and before nothing is begun.
_LONG = 10
_TOO_LONG = 600
#: Ranges of frames that are named in a sentence.
_NAMED = 8


def long_hold(job: Job, reader: ClipReader, order: Sequence[int]) -> tuple[int, int] | None:
    """First and last frame of the job, from 0, of the longest stretch with one image, where it is long; else None.

    Raises:
        SkyarError: ``clip_range`` where the time stamps jump so far that hardly anything else would be made.
    """
    requested = requested_frames(job.clip, reader.count)
    first, last, start = 0, 0, 0
    for place, (before, now) in enumerate(pairwise(requested), start=1):
        if now == before or order[place] != order[place - 1]:  # a strip that stands still is meant to
            start = place
        elif place - start > last - first:
            first, last = start, place
    seconds = float((last - first + 1) / reader.rate)
    if seconds >= _TOO_LONG:
        raise SkyarError(
            ErrorCode.CLIP_RANGE,
            f"The time stamps of {job.clip.path} jump: one picture would be held from frame {first + 1} to frame "
            f"{last + 1}, {_words(seconds)} long.",
            "Parts were joined whose clocks do not go on, or the recording stood still.",
            f"Use only the frames up to {first + 1}, or those from {last + 2} on: trim the strip, or in a shell say "
            f"--last {requested[first]} or --first {requested[last] + 1}. Or convert the clip to a steady rate.",
        )
    return (first, last) if seconds >= _LONG else None


def tell_before(running: RunningJob) -> RunFigures:
    """Say what is known of the clip before anything is made; for the report, what of it is damaged."""
    for warning in running.reader.warnings:
        running.warn(warning.code, warning.what, warning.why, warning.todo)
    held = long_hold(running.job, running.reader, running.order)
    if held is not None:
        seconds = float((held[1] - held[0] + 1) / running.reader.rate)
        running.warn(
            "clip_holds",
            f"The clip holds one picture from frame {held[0] + 1} to frame {held[1] + 1}, {_words(seconds)} long.",
            "Its time stamps say so.",
            "If that is wrong, convert the clip to a steady rate.",
        )
    return _tell(running)


def tell_after(running: RunningJob) -> RunFigures:
    """Say what the decoder could not read, where it is more than was said before; for the report.

    It is remembered, since a rerun does not look at the images again.
    """
    if _frames(running, running.reader.damaged | _kept(running)) != _frames(running, _kept(running)):
        return _tell(running)
    return RunFigures()


def _tell(running: RunningJob) -> RunFigures:
    """Keep what is damaged for a rerun, and say it."""
    damaged = running.reader.damaged | _kept(running)
    running.save_state(DAMAGED, sorted(damaged))
    frames = _frames(running, damaged)
    figures = RunFigures(damaged_frames=[FrameRange(first=first, last=last) for first, last in ranges_of(frames)])
    if not frames:
        return figures
    ranges = [f"{first + 1}" if first == last else f"{first + 1} to {last + 1}" for first, last in ranges_of(frames)]
    more = f" and {len(ranges) - _NAMED} more places" if len(ranges) > _NAMED else ""
    running.warn(
        "clip_damaged",
        f"The clip is damaged at {'frame' if len(frames) == 1 else 'frames'} {', '.join(ranges[:_NAMED])}{more}.",
        "The decoder filled these pictures in, they build on such ones, or are missing and a neighbour stands in "
        "for them.",
        "Look at the result there; copy the clip again from the camera if it should be whole.",
    )
    return figures


def _frames(running: RunningJob, damaged: set[int]) -> list[int]:
    """Frames of the job, from 0, that show one of the ``damaged`` source frames."""
    requested = requested_frames(running.job.clip, running.reader.count)
    pairs = zip(requested, running.order, strict=True)
    return [place for place, each in enumerate(pairs) if not damaged.isdisjoint(each)]


def _kept(running: RunningJob) -> set[int]:
    return set(running.load_state(DAMAGED) or ())


def _words(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
