# SPDX-License-Identifier: GPL-3.0-or-later
"""Clean plates: the old sky as it is behind the foreground, and how far each place sees the sky."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from ...engine.composite.clean_plate import REACH, SkySamples, clean_plate, sky_samples, small_plate
from ...engine.composite.dissolve import moved
from ...engine.composite.plate_size import MOST, to_store
from ...engine.composite.sky_visibility import sky_visibility
from ...engine.media.exr import encode_sky_visibility
from ...engine.sphere.directions import widened
from ...engine.types import FrameRGB, LinearRGB, Matte
from ..job.running_job import RunningJob
from ..stored.dissolves import mixed_frames
from ..stored.images import plate_of

#: Part of an image of all directions that is added to both of its ends.
_BESIDE = 8
#: A clean plate, and how far each place sees the sky, of any size.
Plate = tuple[LinearRGB, Matte]


def missing(running: RunningJob) -> set[int]:
    """Places among the source frames whose file of ``plate/`` is to be made."""
    return {index for index in running.places if not path_of(running, running.sources[index]).exists()}


def path_of(running: RunningJob, source: int) -> Path:
    """File of the plate of a source frame."""
    return running.folder.plate(running.number_of[source])


def seen_by(wanted: set[int], whole: set[int]) -> set[int]:
    """Which frames, by their places, the plates of ``wanted`` look at; ``whole``: those that show one shot."""
    return {near for index in wanted for near in range(index - REACH, index + REACH + 1)} & whole


class PlateWindow:
    """Makes plates while frames pass in ascending order: each is looked at once, with those around it."""

    def __init__(self, running: RunningJob, wanted: set[int]) -> None:
        """``wanted``: places of the frames whose plates are asked for."""
        self._running, self._wanted = running, wanted
        self._most = MOST if running.spherical else running.plate_most
        self._seen: dict[int, SkySamples] = {}
        self._open_to: dict[int, Matte] = {}
        # Of all directions both ends are neighbours.
        self._beside = running.reader.width // _BESIDE if running.spherical else 0

    def look(self, index: int, frame: FrameRGB | LinearRGB, matte: Matte) -> None:
        """Take in the frame at a place among the source frames, its light, and its matte (0..1)."""
        matte = widened(matte, self._beside)
        self._seen[index] = sky_samples(widened(frame, self._beside), matte, self._most)
        if index in self._wanted:
            bars = self._running.survey.bars_of(self._running.sources[index])
            self._open_to[index] = sky_visibility(matte if self._beside else bars.filled(matte))

    def plate(self, index: int) -> Plate:
        """The plate of a frame, once all that it looks at have passed; plates are asked for in ascending order."""
        for old in [other for other in self._seen if other < index - REACH]:
            del self._seen[old]
        around = [self._seen[other] for other in _around(index) if other in self._seen]
        spread = self._open_to.pop(index)
        if not self._beside:
            return small_plate(self._seen[index], around), spread
        width, height = self._running.reader.width, self._running.reader.height
        spread = np.asarray(
            cv2.resize(spread, (width + 2 * self._beside, height), interpolation=cv2.INTER_LINEAR), np.float32
        )
        inner = slice(self._beside, self._beside + width)
        plate = clean_plate(self._seen[index], around)
        return np.ascontiguousarray(plate[:, inner]), np.asarray(spread[:, inner], np.float32)


def mix(running: RunningJob, sources: list[int]) -> Iterator[int]:
    """Write the plates of those ``sources`` that show two shots, from those of both; gives each once it is there."""
    for source, dissolve, mixture in mixed_frames(running, sources):
        ends, motions = (dissolve.before, dissolve.after), dissolve.motions(source)
        plates = [plate_of(running, end) for end in ends]
        before, after = (moved(plate, motion) for (plate, _), motion in zip(plates, motions, strict=True))
        one, other = (moved(open_to, motion) for (_, open_to), motion in zip(plates, motions, strict=True))
        write(running, source, (mixture.mixed(before, after), one + (other - one) * dissolve.fraction(source)))
        yield source


def write(running: RunningJob, source: int, plate: Plate) -> bytes:
    """Write the plate of a source frame; what its file has in it."""
    image, open_to = plate
    if not running.spherical:
        size, most = running.working_size, running.plate_most
        image, open_to = to_store(image, size, most), to_store(open_to, size, most)
    data = encode_sky_visibility(image, open_to)
    running.written.write(path_of(running, source), data)
    return data


def _around(index: int) -> list[int]:
    return [other for other in range(index - REACH, index + REACH + 1) if other != index]
