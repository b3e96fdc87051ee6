# SPDX-License-Identifier: GPL-3.0-or-later
"""After the camera is known: mattes of frames that the other frames of their shot contradict are made once more.

What the method says of each frame was kept (:mod:`.predictions`). A map of directions takes it all in, shot by shot;
where it contradicts a frame in more than single places, the frame's matte is made again with that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np

from ...common.confidence import WEAK
from ...contract.track_file import Track
from ...engine.lens import Lens
from ...engine.matte.hints import Hints
from ...engine.matte.over_time.pieces import Pieces
from ...engine.matte.over_time.prediction import StoredPrediction
from ...engine.matte.over_time.second_look import correction, typical_sky, without
from ...engine.matte.over_time.seen import SeenDirections
from ...engine.matte.over_time.view import ViewDirections
from ...engine.media.images import encode_matte_png, read_matte_png
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.types import Matte, StoredMatte
from ..job.corrections import Corrections
from ..job.gathered import StageReport
from ..job.running_job import RunningJob, evenly_spread
from ..process.progress import StageProgress
from ..stored.images import first_matte, stored_matte
from . import matte, predictions
from .copies import fill_copies
from .matte_records import MatteRecords
from .passing import Passing
from .predictions import CONTRADICTED

#: Frames of a shot that fill the map of directions, and those that tell how sure its sky usually is, at most.
_MOST = 200
_FEW = 40
#: Share of an image that must change sides for a frame to be worth another matte; how many such frames there must
#: be, and how far from one to the next: a piece that comes and goes by itself would flicker more than before.
_WORTH = 0.002
_TOGETHER = 3
_GAP = 2
#: Frames after one that is made again which are so too, as something of the matte before is in each.
_AFTER = 8
#: Levels of the stored areas.
_GROUND = 0
_NEITHER = 32768
_SKY = 65535


def run(running: RunningJob, track: Track) -> StageReport:
    """Compare the frames once, and make what is still to be made; ``track``: motion of each source frame in use."""
    begun = time.monotonic()
    known: dict[str, list[int]] | None = running.load_state(CONTRADICTED)
    if known is None:
        known = {"frames": [] if predictions.compared(running) else _compare(running, track), "unchanged": []}
        running.save_state(CONTRADICTED, known)
        predictions.forget(running)
    contradicted = known["frames"]
    pending = {source for source in contradicted if source not in known["unchanged"] and not _done(running, source)}
    progress = running.progress("second_look", len(contradicted), len(contradicted) - len(pending), begun)
    records = MatteRecords(running)
    if pending:
        _make(running, pending, progress, records)
        mixed = {
            source
            for each in running.survey.dissolves
            if pending & {each.before, each.after}
            for source in each.sources
        }
        records.mixed_anew(matte.mix(running, mixed, Corrections(running)))
        fill_copies(running, running.folder.matte)
        if same := [source for source in sorted(pending) if not _done(running, source)]:
            running.save_state(CONTRADICTED, known | {"unchanged": sorted({*known["unchanged"], *same})})
    return StageReport(progress.finish()) + records.report()


def _make(running: RunningJob, pending: set[int], progress: StageProgress, records: MatteRecords) -> None:
    """Make the pending mattes; where there is only sky to take away it is taken from the first matte."""
    numbers = {running.number_of[source] for source in pending}
    for first, later in running.copies:
        if first in numbers:
            running.folder.matte(later).unlink(missing_ok=True)
    corrections = Corrections(running)
    model, passing = matte.fitted(running, corrections), Passing(running, corrections)
    after = {later for earlier, later in pairwise(running.sources) if earlier in pending}
    needed = matte.with_those_before(running, pending | after)
    carried = matte.carried_from(running)
    before: int | None = None
    with records.kept(), BoundedPool() as pool:
        for (source, frame), alpha in prefetch(zip(running.analysed(needed), running.alphas(needed), strict=True)):
            if running.survey.dissolve_of(source) is not None:
                records.skip(source)
                passing.previous = before = None
                continue
            bars, known = running.survey.bars_of(source), passing.marks(source)
            inner = bars.cut(frame)
            if source in pending:
                contradicted = _contradicted_areas(running, source)
                if known is None and contradicted is not None and not contradicted.sky.any():
                    less = without(_fraction(bars.cut(first_matte(running, source))), contradicted.ground)
                    stored = matte.whole_matte(running, source, less, alpha, None)
                else:
                    earlier = passing.previous if before is not None and carried.get(source) == before else None
                    model.look([inner], None if earlier is None else earlier.frame)
                    found = model.matte(inner, passing.previous, known, contradicted)
                    stored = matte.whole_matte(running, source, found, alpha, known)
                    records.confidence.look(model, source, inner, bars.cut(stored), _surely(known, contradicted))
                pool.submit(partial(matte.write, running, source, stored))
                progress.step()
            else:
                running.token.check()
                stored = stored_matte(running, source)
            records.look(source, frame, stored)
            passing.on(source, inner, stored, True)
            before = source


def _fraction(stored: StoredMatte) -> Matte:
    return np.multiply(stored, np.float32(1 / 65535), dtype=np.float32)


def _surely(known: Hints | None, contradicted: Hints | None) -> Hints | None:
    """What the artist has marked and what other frames tell, at the size of the latter."""
    if known is None or contradicted is None:
        return contradicted if known is None else known
    marks = known.scaled(contradicted.sky.shape)
    return Hints((contradicted.sky & ~marks.ground) | marks.sky, (contradicted.ground & ~marks.sky) | marks.ground)


def _done(running: RunningJob, source: int) -> bool:
    """Whether the matte is no longer the first one."""
    number = running.number_of[source]
    now, first = running.folder.matte(number), running.folder.first_matte(number)
    return first.exists() and now.read_bytes() != first.read_bytes()


def _contradicted_areas(running: RunningJob, source: int) -> Hints | None:
    """The areas of a source frame that other frames contradict."""
    path = running.folder.contradicted(running.number_of[source])
    if not path.exists():
        return None
    levels = read_matte_png(path)
    return Hints(levels == _SKY, levels == _GROUND)


def _compare(running: RunningJob, track: Track) -> list[int]:
    """Write what contradicts and ``first_matte`` of the source frames that are to be made again; these, ascending."""
    found: list[int] = []
    for places in _shots(track):
        contradicted = dict(_contradicted(running, track, places))
        again: set[int] = set()
        for first, last in _runs([place for place, worth in contradicted.items() if worth]):
            for place in range(first - _GAP, last + _GAP + 1):
                if place in contradicted:
                    again.update(range(place, min(place + _AFTER + 1, places.stop)))
        sources = [running.sources[place] for place in sorted(again)]
        found += [
            source
            for source in sources
            if not running.survey.fade_of(source).blank and running.survey.dissolve_of(source) is None
        ]
    for source in found:
        running.token.check()
        number = running.number_of[source]
        running.written.write(running.folder.first_matte(number), running.folder.matte(number).read_bytes())
    return found


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of those that lie close together, where there are enough of them."""
    groups: list[list[int]] = []
    for place in places:
        if groups and place - groups[-1][-1] <= _GAP:
            groups[-1].append(place)
        else:
            groups.append([place])
    for group in groups:
        if len(group) >= _TOGETHER:
            yield group[0], group[-1]


def _contradicted(running: RunningJob, track: Track, places: range) -> Iterator[tuple[int, bool]]:
    """Places in one shot where other frames tell something else, and whether that is worth another matte."""
    steady = [place for place in places if track.frames[place].confidence >= WEAK]
    usual = [found for place in evenly_spread(steady, _FEW) if (found := _predicted(running, place)) is not None]
    typical = typical_sky(usual)
    if typical <= 0:
        return
    seen, pieces, distortions = SeenDirections(), Pieces(), track.distortions()
    in_map = set(evenly_spread(steady, _MOST))
    for place in steady:
        running.token.check()
        if (found := _predicted(running, place)) is not None:
            view = _view(running, track, place, found, distortions[place])
            pieces.add(place, found, view, typical)
            if place in in_map:
                seen.add(found, view, typical)
    for place in steady:
        running.token.check()
        if (found := _predicted(running, place)) is None:
            continue
        fractions = seen.fractions(_view(running, track, place, found, distortions[place]))
        contradicted = correction(found, fractions, typical, pieces.areas(place))
        if contradicted is not None:
            levels = np.select([contradicted.areas.sky, contradicted.areas.ground], [_SKY, _GROUND], _NEITHER).astype(
                np.uint16
            )
            running.written.write(
                running.folder.contradicted(running.number_of[running.sources[place]]), encode_matte_png(levels)
            )
            yield place, contradicted.flickers or contradicted.fraction >= _WORTH


def _shots(track: Track) -> Iterator[range]:
    starts = [frame.index for frame in track.frames if frame.index == 0 or frame.source == "cut"]
    for start, end in pairwise([*starts, len(track.frames)]):
        yield range(start, end)


def _predicted(running: RunningJob, place: int) -> StoredPrediction | None:
    return predictions.read(running, running.sources[place])


def _view(
    running: RunningJob, track: Track, place: int, found: StoredPrediction, distortion: float
) -> ViewDirections:
    """The camera of a frame, and where the pixels of its prediction, which shows no bars, lie in its image."""
    top, bottom, left, right = running.survey.bars_of(running.sources[place]).sides
    width, height = running.working_size
    across, down = track.width / width, track.height / height
    rows, columns = found.logits.shape
    step = ((width - left - right) * across / columns, (height - top - bottom) * down / rows)
    start = (left * across + step[0] / 2 - track.width / 2, top * down + step[1] / 2 - track.height / 2)
    lens = Lens.of(track.focal(place), distortion, track.width, track.height)
    return ViewDirections(found.logits.shape, start, step, lens, np.array(track.frames[place].rotation))
