# SPDX-License-Identifier: GPL-3.0-or-later
"""After the camera is known: clean plate, new sky, reflections and previews of each frame, which is decoded once.

Frames pass in ascending order through these, each of which works while the others do::

    decoder, matte -> plates' window -> for several frames at a time: -> movies
                                        plate, sky, mirror, composite

What a frame's files hold goes on in memory as it would be read from them, so that a run that was stopped and goes on
gives the same bytes. At most two frames wait between two of these, and the window holds those within its reach.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial

from ...engine.composite.clean_plate import REACH
from ...engine.media.exr import decode_plate, parallel_encoding
from ...engine.media.prefetch import BoundedPool, parallel_map, prefetch
from ...engine.types import FrameRGB, LinearRGB, StoredMatte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..process.memory import give_back_memory
from ..process.progress import StageProgress
from ..stored.images import area_of, as_fraction, matte_of, plate_as_used, plate_of, sky_of, stored_matte
from . import plate, reflection
from .copies import fill_copies
from .movies import Pair
from .plate import Plate, PlateWindow
from .preview import Images, Previews
from .sky import NewSky, SharedView

#: Frames that wait between two steps, at most.
_WAITING = 1


@dataclass(frozen=True)
class _Passing:
    """A frame on its way; None is what nobody needs of it.

    Attributes:
        index: its place among the source frames.
        frame: as it is displayed.
        matte: 16 bits.
        plate: its clean plate, where that is to be made.
        view: its new sky, where that is to be made.
    """

    index: int
    source: int
    frame: FrameRGB | None
    matte: StoredMatte | None
    plate: Plate | None
    view: SharedView | None


@dataclass
class _Done:
    """Before and after of each frame of the job that shows this one, and what was worked on each step."""

    pairs: list[Pair] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def working(self, step: str) -> Iterator[None]:
        """While something is made for a step."""
        begun = time.monotonic()
        yield
        self.seconds[step] = time.monotonic() - begun


class SecondPass:
    """Makes what is missing of ``plate/``, ``sky/`` and ``reflection/``, and the previews."""

    def __init__(self, running: RunningJob) -> None:
        self._running = running
        self._plates = plate.missing(running)
        self._steps = {"plate": self._begin("plate", self._plates)}
        self._skies: set[int] = set()
        self._mirrors: set[int] = set()
        self._sky: NewSky | None = None
        self._previews: Previews | None = None

    def run(self, sky: NewSky | None, previews: Previews | None) -> StageReport:
        """``sky``: None where plates alone are wanted; ``previews``: None where these are not made on the way."""
        running, self._sky, self._previews = self._running, sky, previews
        if sky is not None:
            self._skies, self._steps["sky"] = sky.missing, sky.progress
        if sky is not None and reflection.are_wanted(running):
            self._mirrors = reflection.missing(running)
            self._steps["reflections"] = self._begin("reflections", self._mirrors)
        if previews is not None:
            self._steps["preview"] = previews.progress
        busy = [name for name, step in self._steps.items() if step.reused < step.total]
        for name, step in self._steps.items():
            step.quiet = name in busy[:-1]
        if busy:
            self._make()
            self._mix()
        for path_of in (running.folder.plate, running.folder.sky, running.folder.reflection):
            if running.part is None and path_of(1).exists():
                fill_copies(running, path_of)
        self._steps.pop("preview", None)  # which ends with the last stage
        return StageReport({name: row for step in self._steps.values() for name, row in step.finish().items()})

    def makes_some(self, sky: NewSky) -> bool:
        """Whether anything but the previews is to be made."""
        mirrors = reflection.missing(self._running) if reflection.are_wanted(self._running) else ()
        return bool(self._plates or sky.missing or mirrors)

    def _begin(self, step: str, missing: set[int]) -> StageProgress:
        count = len(self._running.places)
        return self._running.progress(step, count, count - len(missing), beside=True)  # type: ignore[arg-type]

    def _make(self) -> None:
        """Everything but what belongs to frames that show two shots."""
        size, moves = self._running.reader.width * self._running.reader.height, self._skies and self._moves
        give_back_memory()  # which the sky was read in
        with ExitStack() as stack:
            threads = stack.enter_context(parallel_encoding(_most_at_a_time(size, bool(moves))))
            movies = None if self._previews is None else stack.enter_context(self._previews.movies())
            waiting = stack.enter_context(BoundedPool(1, _WAITING))
            frames = prefetch(self._passing(), _WAITING)
            for done in stack.enter_context(closing(parallel_map(self._files_of, frames, threads))):
                for name, seconds in done.seconds.items():
                    self._steps[name].work(seconds)
                    if name != "preview":  # which counts the frames of the job
                        self._steps[name].step()
                for pair in done.pairs:
                    assert movies is not None
                    waiting.submit(partial(movies.show, pair))
                    self._steps["preview"].step()

    @property
    def _moves(self) -> bool:
        return self._sky is not None and self._sky.loaded.moves

    def _passing(self) -> Iterator[_Passing]:
        """The frames of which something is to be made, ascending."""
        running, sources = self._running, self._running.sources
        whole = {index for index, source in enumerate(sources) if running.survey.dissolve_of(source) is None}
        plates = self._plates & whole
        shown = whole if self._previews is not None else self._mirrors & whole
        around = plate.seen_by(plates, whole)
        window, views = PlateWindow(running, plates), None if self._sky is None else self._sky.views()
        following = sorted(plates | (self._skies & whole) | shown)
        held: dict[int, tuple[FrameRGB, StoredMatte]] = {}
        needed = sorted(around | shown)

        def next_one() -> _Passing:
            index = following.pop(0)
            frame, matte = held.pop(index, (None, None)) if index in shown else (None, None)
            made = window.plate(index) if index in plates else None
            view = views(index) if views is not None and index in self._skies else None
            return _Passing(index, sources[index], frame, matte, made, view)

        for index, frame, linear, matte in prefetch(self._read(needed, bool(shown)), _WAITING):
            if index in around:
                window.look(index, linear, as_fraction(matte))
            if index in shown:
                held[index] = frame, matte
            while following and _has_passed(following[0], index, following[0] in plates, index == needed[-1]):
                yield next_one()
        while following:
            yield next_one()

    def _read(
        self, indices: list[int], both: bool
    ) -> Iterator[tuple[int, FrameRGB, FrameRGB | LinearRGB, StoredMatte]]:
        """Place, image, light and matte of some frames; ``both``: the image is needed beside its light."""
        running = self._running
        sources = [running.sources[index] for index in indices]
        frames: Iterator[tuple[int, tuple[FrameRGB, FrameRGB | LinearRGB]]]
        if running.draft and _is_plain_movie(running):
            # To convert exactly takes three times as long, for plates that are a code brighter.
            frames = ((source, (frame, frame)) for source, frame in running.reader.frames(sources))
        elif both:
            frames = running.reader.both_frames(sources)
        else:
            frames = ((source, (light, light)) for source, light in running.reader.linear_frames(sources))  # type: ignore[misc]
        for index, (source, (frame, linear)) in zip(indices, frames, strict=True):
            running.token.check()
            yield index, frame, linear, stored_matte(running, source)

    def _files_of(self, passing: _Passing) -> _Done:
        """Make and write all of one frame."""
        running, done, index, source = self._running, _Done(), passing.index, passing.source
        shown, mirrored = self._previews is not None, index in self._mirrors
        size = None if self._previews is None else self._previews.size
        if passing.view is not None:  # first, since it takes most memory
            with done.working("sky"):
                passing.view.write(source)
        matte = None if passing.matte is None else as_fraction(passing.matte)
        old: Plate | None = None
        if passing.plate is not None:
            with done.working("plate"):
                data = plate.write(running, source, passing.plate)
                if shown or mirrored:
                    path = plate.path_of(running, source)
                    old = plate_as_used(running, path, *decode_plate(data, path), size)
        elif shown or mirrored:
            old = plate_of(running, source, size)
        mirror = None
        if mirrored:
            assert self._sky is not None and passing.frame is not None and matte is not None and old is not None
            with done.working("reflections"):
                whole = old[0] if old[0].shape[:2] == matte.shape else plate_of(running, source)[0]
                made = reflection.write(running, source, (passing.frame, matte, whole), self._sky, index)
                mirror = made if shown else None
        elif shown:
            mirror = reflection.mirror_of(running, source)
        if self._previews is not None:
            assert passing.frame is not None and matte is not None and old is not None
            seen = sky_of(running, source) if passing.view is None else passing.view.seen(source)
            with done.working("preview"):
                images = Images(matte, seen, *old, mirror, area_of(running, source))
                done.pairs = self._previews.pairs(source, passing.frame, images)
        return done

    def _mix(self) -> None:
        """What belongs to frames that show two shots: made of what there is of both."""
        running = self._running
        mixed = [source for source in running.sources if running.survey.dissolve_of(source) is not None]
        place = {source: index for index, source in enumerate(running.sources)}
        for _ in plate.mix(running, [source for source in mixed if place[source] in self._plates]):
            self._steps["plate"].step()
        if self._sky is None:
            return
        for _ in self._sky.mix([source for source in mixed if place[source] in self._skies]):
            self._steps["sky"].step()
        for source, frame in running.reader.frames([each for each in mixed if place[each] in self._mirrors]):
            images = frame, matte_of(running, source), plate_of(running, source)[0]
            reflection.write(running, source, images, self._sky, place[source])
            self._steps["reflections"].step()


def _is_plain_movie(running: RunningJob) -> bool:
    """Whether the clip's light is what is displayed: nothing of it lies beyond black and white."""
    return running.job.clip.kind == "movie" and running.job.clip.colour is None and running.reader.transfer is None


def _most_at_a_time(pixels: int, moves: bool) -> int:
    """How many frames may be worked on at a time: as many as take some 1.2 GB, and 2 at least.

    ``moves``: the sky does, so that each view has an image of its own to keep.
    """
    return 2 if moves else max(2, round(12.5e6 / pixels))


def _has_passed(index: int, at: int, made: bool, last: bool) -> bool:
    """Whether all that is needed for the frame ``index`` has passed, the frames up to ``at``."""
    return last or at >= (index + REACH if made else index)
