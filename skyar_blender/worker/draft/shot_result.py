# SPDX-License-Identifier: GPL-3.0-or-later
"""What a finished result of the shot knows of a frame: its matte, where it may change, and how the camera stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...common.stored_job import stored_data
from ...contract.correction import Correction
from ...contract.job import Job
from ...contract.layout import OutputFolder
from ...contract.track_file import Track
from ...engine.composite.plate_size import inner
from ...engine.lens import Lens
from ...engine.media.images import read_matte_png
from ...engine.media.pixel_aspect import at_size
from ...engine.track.export import shots_of
from ...engine.types import Matrix3, Matte
from ..stored.images import as_fraction


@dataclass(frozen=True)
class ShotResult:
    """The result in ``job.reuse``, which the person who asks vouches for: it is of the same clip and way of matting.

    ``track`` is None where the horizon is to lie elsewhere than in the result, ``corrected`` is whether its mattes
    have the corrections of the job, and no others; ``size`` are width and height of the clip.
    """

    folder: OutputFolder
    track: Track | None
    corrected: bool
    size: tuple[int, int]

    @classmethod
    def of(cls, job: Job, count: int, size: tuple[int, int]) -> ShotResult | None:
        """None where the job names none, or it has gone, or is not of ``count`` frames; ``size`` of the clip."""
        if job.reuse is None:
            return None
        folder = OutputFolder(Path(job.reuse))
        try:
            track = Track.from_json(folder.track.read_text(encoding="utf-8"))
            settings = stored_data(folder).get("settings", {})
            corrections = [Correction(**each) for each in settings.get("corrections", [])]
        except (OSError, ValueError, TypeError):
            return None
        if track.world is None or len(track.frames) != count:
            return None
        same = list(map(_said, corrections)) == list(map(_said, job.settings.corrections))
        return cls(folder, track if settings.get("horizon") == job.settings.horizon else None, same, size)

    def key(self, index: int) -> tuple[object, ...]:
        """Tells the matte of frame ``index`` from another, also from one that was painted over."""
        path = self.folder.matte(index + 1)
        try:
            return str(path), path.stat().st_mtime_ns
        except OSError:
            return str(path), 0

    def matte(self, index: int, size: tuple[int, int]) -> Matte | None:
        """The matte of frame ``index`` at ``size``, 0..1; None where it has gone, or is corrected otherwise."""
        return self._read(self.folder.matte(index + 1), size) if self.corrected else None

    def area(self, index: int, size: tuple[int, int]) -> Matte | None:
        """Where frame ``index`` may change, likewise; None is everywhere."""
        return self._read(self.folder.area(index + 1), size)

    def camera(self, index: int, size: tuple[int, int]) -> tuple[Matrix3, Lens] | None:
        """From world to camera directions in frame ``index``, and the lens at ``size``; None as :attr:`track`."""
        track = self.track
        if track is None or track.world is None:
            return None
        base = np.array(track.world[shots_of(track)[index]], np.float64)
        rotation = np.asarray(np.array(track.frames[index].rotation, np.float64) @ base)
        return rotation, Lens.of(track.focal(index) * size[0] / track.width, track.distortions()[index], *size)

    def _read(self, path: Path, size: tuple[int, int]) -> Matte | None:
        if not path.is_file():
            return None
        return at_size(as_fraction(inner(read_matte_png(path), self.size)), size)


def _said(correction: Correction) -> Correction:
    """The same wherever the folder of its images lies, whose name tells what they show."""
    return replace(correction, path="/".join(Path(correction.path).parts[-2:]))
