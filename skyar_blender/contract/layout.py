# SPDX-License-Identifier: GPL-3.0-or-later
"""The output folder of a job: a contract that other programs read.

====================  ==========================================================================
``job.json``          the job (:mod:`.job`)
``matte/%06d.png``    16-bit grey, 0 = foreground, 65535 = sky
``area/%06d.png``     16-bit grey: 65535 where the result may differ from the clip, 0 where the clip stays as it is
                      (black bars, burnt-in graphics, blank frames); only where anything stays
``sky/%06d.exr``      half float RGB, scene-linear Rec. 709: the new sky as the camera sees it
``plate/%06d.exr``    half float RGB, scene-linear Rec. 709: the old sky as it is behind the foreground; A = how far
                      each place sees the sky; of frames over 960 pixels smaller by a whole number (rounded up to
                      even), so that the long side is 960 at most, and with one more pixel on each side (of 360-degree
                      clips of the clip's size)
``grain/%06d.png``    16-bit grey, mean 0.5, deviation 0.1: the old sky's grain, shown in turn; only where it has any
``rain/%06d.png``     16-bit grey: how far streaks of rain cover each place, shown in turn; only where it rains
``reflection/%06d.exr``  half float RGB: how much brighter the mirrored sky gets; A = how far each place is a mirror;
                      only where reflections are wanted
``track.json``        camera motion per frame (:mod:`.track_file`)
``confidence.png``    how sure the motion of each frame is, as a curve
``report.json``       figures per stage and per frame
``preview.mp4``       the result at the source's rate, with its sound
``compare.mp4``       before | after
``worker.lock``        there while a run works in the folder, so that no second one does
``worker.log``        the log of the worker and its libraries
``state/``            what a rerun needs to resume; where it is deleted, a rerun makes everything again
``state/record.txt``  size and hash of every file that was written (:mod:`.file_record`)
``state/masks/``      masks of the job's corrections, put there by who made the job, before it runs
``state/motion/``     the motion of a given camera (:mod:`.motion_file`), likewise
``state/prediction/`` what the matting method says of each frame, small, until the frames are compared
``state/told/``       areas of frames that other frames of their shot contradict
``state/first_matte/``  mattes of these frames as they were before
``state/preview/``    ``preview.mp4`` as it was under other settings, and ``state/compare/`` likewise (hard links)
``state/preview_piece/``  seconds of ``preview.mp4`` until it is whole, and ``state/compare_piece/`` likewise
``state/parts/``      records and logs of parts of the clip that other machines work on, until they are joined
``set_aside/``        files that were not as the run had written them, under their old paths; nothing reads them
====================  ==========================================================================

Numbers start at 1: number ``n`` is the n-th frame of the job, whatever its number in the source.

A draft works on frames that are smaller by a whole number (rounded up to even), 640 at most, and so are all its
images, with one more pixel on each side; its plates are 240 at most. ``track.json`` and ``report.json`` are of the
clip's size.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .part import Part

#: Folders with an image for each number. A rerun compares what is in them with what was written.
NUMBERED = (
    *("matte", "plate", "sky", "grain", "rain", "reflection", "area"),
    *("state/prediction", "state/told", "state/first_matte", "state/preview", "state/compare"),
    *("state/preview_piece", "state/compare_piece"),
)
#: Pixels on each side of an image that is smaller than its frame.
PLATE_BORDER = 1


@dataclass(frozen=True)
class OutputFolder:
    """Paths inside the output folder ``root``; makes nothing on disk by itself."""

    root: Path

    @property
    def job(self) -> Path:
        return self.root / "job.json"

    def prediction(self, number: int) -> Path:
        """What the matting method says of frame ``number`` (from 1)."""
        return self.state / "prediction" / f"{number:06d}.png"

    def contradicted(self, number: int) -> Path:
        """Areas of frame ``number`` (from 1) that other frames contradict."""
        return self.state / "told" / f"{number:06d}.png"

    def first_matte(self, number: int) -> Path:
        """Matte of frame ``number`` (from 1) as it was before other frames were asked."""
        return self.state / "first_matte" / f"{number:06d}.png"

    @property
    def track(self) -> Path:
        return self.root / "track.json"

    @property
    def confidence(self) -> Path:
        return self.root / "confidence.png"

    @property
    def report(self) -> Path:
        return self.root / "report.json"

    @property
    def preview(self) -> Path:
        return self.root / "preview.mp4"

    @property
    def compare(self) -> Path:
        return self.root / "compare.mp4"

    def kept_preview(self, number: int) -> Path:
        """The kept ``preview.mp4`` number ``number`` (from 1)."""
        return self.state / "preview" / f"{number:06d}.mp4"

    def kept_compare(self, number: int) -> Path:
        """The kept ``compare.mp4`` number ``number`` (from 1)."""
        return self.state / "compare" / f"{number:06d}.mp4"

    def preview_piece(self, number: int) -> Path:
        """Piece ``number`` (from 1) of a ``preview.mp4`` that is not whole."""
        return self.state / "preview_piece" / f"{number:06d}.mp4"

    def compare_piece(self, number: int) -> Path:
        """Piece ``number`` (from 1) of a ``compare.mp4`` that is not whole."""
        return self.state / "compare_piece" / f"{number:06d}.mp4"

    @property
    def log(self) -> Path:
        return self.root / "worker.log"

    @property
    def lock(self) -> Path:
        return self.root / "worker.lock"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def record(self) -> Path:
        return self.state / "record.txt"

    @property
    def set_aside(self) -> Path:
        return self.root / "set_aside"

    @property
    def parts(self) -> Path:
        return self.state / "parts"

    def part_record(self, part: Part) -> Path:
        """Size and hash of what was made of a part."""
        return self.parts / f"{part.name}.txt"

    def part_log(self, part: Part) -> Path:
        return self.parts / f"{part.name}.log"

    def part_lock(self, part: Part) -> Path:
        return self.parts / f"{part.name}.lock"

    @property
    def masks(self) -> Path:
        return self.state / "masks"

    @property
    def motion(self) -> Path:
        return self.state / "motion"

    @property
    def matte_pattern(self) -> Path:
        return self.root / "matte" / "%06d.png"

    @property
    def sky_pattern(self) -> Path:
        return self.root / "sky" / "%06d.exr"

    @property
    def plate_pattern(self) -> Path:
        return self.root / "plate" / "%06d.exr"

    def matte(self, number: int) -> Path:
        """Matte of frame ``number`` (from 1)."""
        return self.root / "matte" / f"{number:06d}.png"

    def area(self, number: int) -> Path:
        """Where frame ``number`` (from 1) may change."""
        return self.root / "area" / f"{number:06d}.png"

    def sky(self, number: int) -> Path:
        """New sky of frame ``number`` (from 1)."""
        return self.root / "sky" / f"{number:06d}.exr"

    def plate(self, number: int) -> Path:
        """Clean plate of the old sky of frame ``number`` (from 1)."""
        return self.root / "plate" / f"{number:06d}.exr"

    def grain(self, number: int) -> Path:
        """Grain image ``number`` (from 1)."""
        return self.root / "grain" / f"{number:06d}.png"

    def reflection(self, number: int) -> Path:
        """What frame ``number`` (from 1) mirrors."""
        return self.root / "reflection" / f"{number:06d}.exr"

    def rain(self, number: int) -> Path:
        """Rain image ``number`` (from 1)."""
        return self.root / "rain" / f"{number:06d}.png"
