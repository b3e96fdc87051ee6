# SPDX-License-Identifier: GPL-3.0-or-later
"""What all stages of a running job share."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import Any

from ... import __version__
from ...common.stored_sizes import PLATE, WHOLE, WORKING
from ...contract import events
from ...contract.documents import parse_json
from ...contract.job import Job, Step
from ...contract.layout import OutputFolder
from ...contract.part import Part
from ...engine.analysis_sizes import LOOKS
from ...engine.composite.light_statistics import SkyStatistics
from ...engine.matte.interface import MatteMethod
from ...engine.matte.samples import SAMPLES
from ...engine.matte.see_through import over_plain_sky
from ...engine.matte.spherical import SphericalMatte
from ...engine.media.alpha import Alpha
from ...engine.media.clip import ClipReader
from ...engine.media.pixel_aspect import shown_size
from ...engine.types import FrameRGB
from ..clip.projection import is_spherical
from ..clip.survey import Survey
from ..files.written import WrittenFiles
from ..process.control import CancelToken
from ..process.job_clock import JobClock
from ..process.progress import Emit, StageProgress
from .computing import Computing
from .gathered import Gathered
from .loaded import Loaded
from .seen_frames import SeenFrames


@dataclass
class RunningJob:
    """A job at work.

    Attributes:
        written: what every file in ``folder`` is written through.
        order: the source frame that each frame of the job shows.
        matting: gives how the sky is found, ready to work; made when first asked for.
        gathered: what the stages told, for the report and the last event.
        warnings: what the person was told, for the report.
        survey: bars and fades of the clip, once they are found.
        exposures: by how many stops each source frame is exposed above those around it, once that is found.
        looks: what was seen of the new sky in some source frames as it was made, so that it need not be read again.
        seen: what later stages need of source frames that have passed with their mattes.
        started: when the run began, by the monotonic clock.
        loaded: gives the new sky, and keeps it for the next job.
        computing: on which device its steps are computed.
        part: the part of the clip that this run works on once the camera is known; None is all of it.
    """

    job: Job
    folder: OutputFolder
    written: WrittenFiles
    reader: ClipReader
    order: list[int]
    emit: Emit
    token: CancelToken
    clock: JobClock
    matting: Callable[[], MatteMethod]
    gathered: Gathered = field(default_factory=Gathered)
    warnings: list[events.Warning] = field(default_factory=list)
    survey: Survey = field(default_factory=Survey)
    exposures: dict[int, float] = field(default_factory=dict)
    looks: dict[int, SkyStatistics] = field(default_factory=dict)
    seen: SeenFrames = field(default_factory=SeenFrames)
    started: float = field(default_factory=time.monotonic)
    loaded: Loaded = field(default_factory=Loaded)
    computing: Computing = field(default_factory=Computing)
    part: Part | None = None

    @property
    def draft(self) -> bool:
        """Whether a quick look is enough: fewer frames are looked at for what holds for all."""
        return self.job.settings.quality == "draft"

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height, as they are worked on, of frames in square pixels: the camera's image."""
        return shown_size(self.reader.width, self.reader.height, self.reader.pixel_aspect)

    @property
    def clip_size(self) -> tuple[int, int]:
        """Width and height of the clip."""
        return self.reader.own_size

    @property
    def working_size(self) -> tuple[int, int]:
        """Width and height of frames and of all that is made of them: those of the clip, or smaller in a draft."""
        return self.reader.width, self.reader.height

    @property
    def most(self) -> int:
        """The same as pixels of the long side, at most; see :mod:`.engine.composite.plate_size`."""
        return WHOLE if self.spherical else WORKING[self.job.settings.quality]

    @property
    def plate_most(self) -> int:
        """Likewise of the files of clean plates."""
        return PLATE[self.job.settings.quality]

    @property
    def spherical(self) -> bool:
        """Whether the clip shows all directions (equirectangular): as the job says, or else as its file does."""
        return is_spherical(self.job.clip, self.reader)

    @property
    def method(self) -> MatteMethod:
        """How the sky is found in images as this clip has them."""
        return SphericalMatte(self.matting()) if self.spherical else self.matting()

    @property
    def model_path(self) -> Path:
        """File of the method as it is fitted to this clip."""
        return self.folder.state / "matte_model.npz"

    @cached_property
    def sources(self) -> list[int]:
        """The source frames in use, ascending, each once. The work is done once for each."""
        return sorted(set(self.order))

    @property
    def places(self) -> set[int]:
        """Places among the source frames that this run works on once the camera is known.

        Frames that show two shots are made of the files of both, which belong to no part.
        """
        if self.part is None:
            return set(range(len(self.sources)))
        return {
            place
            for place, source in enumerate(self.sources)
            if self.number_of[source] in self.part and self.survey.dissolve_of(source) is None
        }

    def sampled(self, sources: list[int]) -> list[int]:
        """Those of some source frames, ascending, that the method is fitted to, spread evenly over them.

        Where there are enough of them, only those that the network will look at anyway.
        """
        place_of = {each: place for place, each in enumerate(self.sources)}
        most = SAMPLES // 3 if self.draft else SAMPLES
        looked_at = [source for source in sources if place_of[source] % LOOKS[self.job.settings.quality] == 0]
        return evenly_spread(looked_at if len(looked_at) >= most else sources, most)

    @cached_property
    def number_of(self) -> dict[int, int]:
        """For each source frame the first number (from 1) that shows it: its files carry that number."""
        numbers: dict[int, int] = {}
        for number, source in enumerate(self.order, start=1):
            numbers.setdefault(source, number)
        return numbers

    @cached_property
    def copies(self) -> list[tuple[int, int]]:
        """(first number, later number) for frames that show a source frame again."""
        return [
            (self.number_of[source], number)
            for number, source in enumerate(self.order, start=1)
            if self.number_of[source] != number
        ]

    def analysed(self, sources: Sequence[int]) -> Iterator[tuple[int, FrameRGB]]:
        """Source frames, ascending, as they are to be looked at: see :meth:`.survey.Survey.analysed`.

        What is see-through looks like a plain sky.
        """
        alphas = self.alphas(sources)
        for (source, frame), alpha in zip(self.reader.frames(sources), alphas, strict=True):
            yield source, self.survey.analysed(source, frame if alpha is None else over_plain_sky(frame, alpha))

    def alphas(self, sources: Sequence[int]) -> Iterator[Alpha | None]:
        """What of the source frames, ascending, is there; None for each where the clip has no alpha."""
        if not self.reader.has_alpha:
            return repeat(None, len(sources))
        return (alpha for _, alpha in self.reader.alphas(sources))

    def progress(
        self, stage: Step, total: int, reused: int, begun: float | None = None, beside: bool = False
    ) -> StageProgress:
        """Begin a step, or go on with one that has ``begun`` before (by the monotonic clock).

        ``beside``: it goes on together with another step.
        """
        self.token.check()
        return StageProgress(stage, total, reused, self.clock, self.emit, self.token, begun, beside)

    def tell_started(self, resumed: bool) -> None:
        """Say that work begins; ``resumed``: what an earlier run has made is there."""
        self.emit(
            events.Started(
                version=self.job.version,
                output=self.folder.root.as_posix(),
                pid=os.getpid(),
                frames=len(self.order) if self.part is None else self.part.last - self.part.first + 1,
                resumed=resumed,
                engine=__version__,
            )
        )

    def warn(self, code: str, what: str, why: str = "", todo: str = "") -> None:
        """Tell the person something, and keep it for the report."""
        warning = events.Warning(code=code, what=what, why=why, todo=todo)
        self.warnings.append(warning)
        self.emit(warning)

    def tell_of_device(self) -> None:
        """Tell the person where the device's memory was too small since this was last asked, and where it failed."""
        if words := self.computing.short_of_memory():
            self.warn("device_memory", *words)
        known = any(warning.code == "device_failed" for warning in self.warnings)
        if not known and (words := self.computing.failed()):
            self.warn("device_failed", *words)

    def save_state(self, name: str, value: Any) -> None:
        """Remember ``value`` (plain data) in the state folder for a rerun."""
        self.written.write_text(self._kept(name), json.dumps(value, allow_nan=False))

    def load_state(self, name: str) -> Any:
        """What :meth:`keep` remembered, or None."""
        try:
            return parse_json(self._kept(name).read_bytes())
        except (OSError, ValueError):
            return None

    def _kept(self, name: str) -> Path:
        return self.folder.state / f"{name}.json"


def evenly_spread(items: list[int], count: int) -> list[int]:
    """At most ``count`` of ``items``, spread evenly, with the first and the last."""
    if len(items) <= count:
        return list(items)
    step = (len(items) - 1) / (count - 1) if count > 1 else 0
    return [items[round(index * step)] for index in range(count)]
