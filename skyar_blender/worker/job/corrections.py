# SPDX-License-Identifier: GPL-3.0-or-later
"""The artist's corrections of a job: checked before the work, read frame by frame during it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...contract.correction import MARKED_FROM, Correction
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...engine.matte.hints import Hints
from ...engine.media.masks import placed, read_mask
from .running_job import RunningJob, evenly_spread

#: Frames with corrections that are looked at for learning, at most, beside those spread over the clip.
_SAMPLES = 12


def images_of(job: Job) -> list[Path]:
    """The images of all corrections, each once, in order."""
    base = Path(job.output)
    found: dict[Path, None] = {}
    for correction in job.settings.corrections:
        if correction.files:
            found.update(dict.fromkeys(base / correction.path / name for name in correction.files))
        else:
            found[base / correction.path] = None
    return list(found)


def check_corrections(job: Job, count: int) -> None:
    """Find what is wrong with the corrections before anything is made; ``count`` is the job's number of frames.

    Raises:
        SkyarError: ``bad_job`` for frames that the job does not have; ``mask_unreadable``.
    """
    for correction in job.settings.corrections:
        frames = correction.frames(count)
        if not frames or frames[-1] >= count:
            raise SkyarError(
                ErrorCode.BAD_JOB,
                f"The mask {correction.path} is for frames that are not in this job.",
                f"It is for {_range(frames)}; the job has {count}, counted from 0 to {count - 1}.",
                "Give it frames of the job; the job's first frame is 0, whatever its number in the clip.",
            )
    images = images_of(job)
    for path in images:
        if not path.is_file():
            raise SkyarError(
                ErrorCode.MASK_UNREADABLE,
                f"There is no mask at {path}.",
                "The file was moved or renamed, or its disk is not there.",
                "Put it back, or leave this correction out.",
            )
    for path in images[:1]:
        read_mask(path)


@dataclass(frozen=True)
class _Use:
    """One image of one correction, as it holds for a source frame."""

    correction: int
    image: Path


class Corrections:
    """What the corrections say of each source frame of a shot.

    A source frame that the job shows several times has the corrections of each time.
    """

    def __init__(self, running: RunningJob) -> None:
        self._running = running
        self._all = running.job.settings.corrections
        self._read: tuple[tuple[_Use, ...], Hints | None] = ((), None)
        self._marking: set[int] = set()
        uses: dict[int, list[_Use]] = {}
        for index, correction in enumerate(self._all):
            for frame in correction.frames(len(running.order)):
                use = _Use(index, correction.image(frame, running.folder.root))
                place = uses.setdefault(running.order[frame], [])
                if use not in place:
                    place.append(use)
        self._uses = {source: tuple(found) for source, found in uses.items()}

    def samples(self) -> list[int]:
        """Source frames to learn from, ascending, some of each correction."""
        if not self._all:
            return []
        each = max(1, _SAMPLES // len(self._all))
        chosen: set[int] = set()
        for index in range(len(self._all)):
            own = sorted(
                source for source, uses in self._uses.items() if any(use.correction == index for use in uses)
            )
            chosen.update(evenly_spread(own, each))
        return sorted(chosen)

    def hints(self, source: int) -> Hints | None:
        """What is known of a source frame, at the clip's size; the very same object while nothing changes.

        Raises:
            SkyarError: ``mask_unreadable``.
        """
        uses = self._uses.get(source, ())
        if uses != self._read[0]:
            self._read = (uses, self._hints(uses))
        return self._read[1]

    def within_bars(self, source: int) -> Hints | None:
        """The same for the image within its bars."""
        hints, bars = self.hints(source), self._running.survey.bars_of(source)
        return None if hints is None else Hints(bars.cut(hints.sky), bars.cut(hints.ground))

    def warn_of_empty(self) -> None:
        """Tell the person of corrections whose images, as far as they were read, mark nothing at all."""
        used = {use.correction for uses in self._uses.values() for use in uses}
        for index in sorted(used - self._marking):
            self._running.warn(
                "empty_mask",
                f"The mask {self._all[index].path} marks nothing.",
                f"No pixel in it is {round(100 * MARKED_FROM)} % white or more.",
                "Paint in white what is to be marked.",
            )

    def _hints(self, uses: tuple[_Use, ...]) -> Hints | None:
        if not uses:
            return None
        size = (self._running.reader.height, self._running.reader.width)
        marks = [(self._all[use.correction], _marked(self._all[use.correction], use.image, size)) for use in uses]
        self._marking |= {use.correction for use, (_, marked) in zip(uses, marks, strict=True) if marked.any()}
        return _together(marks, size)


def corrected_sources(job: Job, order: Sequence[int]) -> dict[int, list[tuple[Correction, Path]]]:
    """By source frame, the corrections that hold for it, and the image of each; ``order``: those of the job."""
    found: dict[int, list[tuple[Correction, Path]]] = {}
    for correction in job.settings.corrections:
        for frame in correction.frames(len(order)):
            if frame < len(order):
                held = found.setdefault(order[frame], [])
                use = correction, correction.image(frame, Path(job.output))
                if use not in held:
                    held.append(use)
    return found


def hints_of(uses: Sequence[tuple[Correction, Path]], size: tuple[int, int]) -> Hints:
    """What corrections with these images say of a frame of ``size`` (height, width).

    Raises:
        SkyarError: ``mask_unreadable``.
    """
    return _together([(each, _marked(each, image, size)) for each, image in uses], size)


def _marked(correction: Correction, image: Path, size: tuple[int, int]) -> NDArray[np.bool_]:
    return np.asarray(placed(read_mask(image), size, correction.placement) >= MARKED_FROM)


def _together(marks: Sequence[tuple[Correction, NDArray[np.bool_]]], size: tuple[int, int]) -> Hints:
    sky, ground = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    for correction, marked in marks:
        here, other = (sky, ground) if correction.truth == "sky" else (ground, sky)
        here |= marked
        other &= ~marked
    return Hints(sky, ground)


def _range(frames: range) -> str:
    return f"frames {frames[0]} to {frames[-1]}" if frames else "no frame of it"
