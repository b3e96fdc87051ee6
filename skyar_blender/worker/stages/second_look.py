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

from ...contract.confidence import WEAK
from ...contract.track_file import Track
from ...engine.lens import Lens
from ...engine.matte.hints import Hints
from ...engine.matte.over_time.prediction import Prediction
from ...engine.matte.over_time.second_look import correction, typical_sky, without
from ...engine.matte.over_time.seen import SeenDirections
from ...engine.matte.over_time.view import View
from ...engine.media.pictures import encode_matte_png, read_matte_png
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.types import Matte, StoredMatte
from ..corrections import Corrections
from ..gathered import StageReport
from ..progress import StageProgress
from ..results import first_matte, stored_matte
from ..shot import Shot, evenly_spread
from . import matte, predictions
from .copies import fill_copies
from .matte_records import MatteRecords
from .passing import Passing
from .predictions import CONTRADICTED

#: Frames of a shot that fill the map of directions, and those that tell how sure its sky usually is, at most.
_MOST, _FEW = 200, 40
#: Share of a picture that must change sides for a frame to be worth another matte; how many such frames there must
#: be, and how far from one to the next: a piece that comes and goes by itself would flicker more than before.
_WORTH, _TOGETHER, _GAP = 0.002, 3, 2
#: Frames after one that is made again which are so too, as something of the matte before is in each.
_AFTER = 8
#: Levels of the stored areas.
_GROUND, _NEITHER, _SKY = 0, 32768, 65535


def run(shot: Shot, track: Track) -> StageReport:
    """Compare the frames once, and make what is still to be made; ``track``: motion of each source frame in use."""
    begun = time.monotonic()
    known: dict[str, list[int]] | None = shot.kept(CONTRADICTED)
    if known is None:
        known = {"frames": _compare(shot, track), "unchanged": []}
        shot.keep(CONTRADICTED, known)
        predictions.forget(shot)
    contradicted = known["frames"]
    pending = {source for source in contradicted if source not in known["unchanged"] and not _done(shot, source)}
    progress = shot.progress("second_look", len(contradicted), len(contradicted) - len(pending), begun)
    records = MatteRecords(shot)
    if pending:
        _make(shot, pending, progress, records)
        mixed = {
            source for each in shot.survey.dissolves if pending & {each.before, each.after} for source in each.sources
        }
        matte.mix(shot, mixed, Corrections(shot))
        fill_copies(shot, shot.folder.matte)
        if same := [source for source in sorted(pending) if not _done(shot, source)]:
            shot.keep(CONTRADICTED, known | {"unchanged": sorted({*known["unchanged"], *same})})
    return StageReport(progress.finish()) + records.report()


def _make(shot: Shot, pending: set[int], progress: StageProgress, records: MatteRecords) -> None:
    """Make the pending mattes; where there is only sky to take away it is taken from the first matte."""
    numbers = {shot.number_of[source] for source in pending}
    for first, later in shot.copies:
        if first in numbers:
            shot.folder.matte(later).unlink(missing_ok=True)
    corrections = Corrections(shot)
    model, passing = matte.fitted(shot, corrections), Passing(shot, corrections)
    after = {later for earlier, later in pairwise(shot.sources) if earlier in pending}
    needed = matte.with_those_before(shot, pending | after)
    with records.kept(), BoundedPool() as pool:
        for (source, frame), alpha in prefetch(zip(shot.analysed(needed), shot.alphas(needed), strict=True)):
            if shot.survey.dissolve_of(source) is not None:
                records.skip(source)
                passing.previous = None
                continue
            bars, known = shot.survey.bars_of(source), passing.marks(source)
            inner = bars.cut(frame)
            if source in pending:
                told = _told(shot, source)
                if known is None and told is not None and not told.sky.any():
                    less = without(_share(bars.cut(first_matte(shot, source))), told.ground)
                    stored = matte.whole_matte(shot, source, less, alpha, None)
                else:
                    found = model.matte(inner, passing.previous, known, told)
                    stored = matte.whole_matte(shot, source, found, alpha, known)
                    records.confidence.look(model, source, inner, bars.cut(stored), _surely(known, told))
                pool.submit(partial(matte.write, shot, source, stored))
                progress.step()
            else:
                shot.token.check()
                stored = stored_matte(shot, source)
            records.look(source, frame, stored)
            passing.on(source, inner, stored, True)


def _share(stored: StoredMatte) -> Matte:
    return np.multiply(stored, np.float32(1 / 65535), dtype=np.float32)


def _surely(known: Hints | None, told: Hints | None) -> Hints | None:
    """What the artist has marked and what other frames tell, at the size of the latter."""
    if known is None or told is None:
        return told if known is None else known
    marks = known.scaled(told.sky.shape)
    return Hints((told.sky & ~marks.ground) | marks.sky, (told.ground & ~marks.sky) | marks.ground)


def _done(shot: Shot, source: int) -> bool:
    """Whether the matte is no longer the first one."""
    number = shot.number_of[source]
    now, first = shot.folder.matte(number), shot.folder.first_matte(number)
    return first.exists() and now.read_bytes() != first.read_bytes()


def _told(shot: Shot, source: int) -> Hints | None:
    """The areas of a source frame that other frames contradict."""
    path = shot.folder.told(shot.number_of[source])
    if not path.exists():
        return None
    levels = read_matte_png(path)
    return Hints(levels == _SKY, levels == _GROUND)


def _compare(shot: Shot, track: Track) -> list[int]:
    """Write ``told`` and ``first_matte`` of the source frames that are to be made again; these frames, ascending."""
    found: list[int] = []
    for places in _shots(track):
        shares = dict(_contradicted(shot, track, places))
        again: set[int] = set()
        for first, last in _runs([place for place, share in shares.items() if share >= _WORTH]):
            for place in range(first - _GAP, last + _GAP + 1):
                if place in shares:
                    again.update(range(place, min(place + _AFTER + 1, places.stop)))
        sources = [shot.sources[place] for place in sorted(again)]
        found += [
            source
            for source in sources
            if not shot.survey.fade_of(source).blank and shot.survey.dissolve_of(source) is None
        ]
    for source in found:
        shot.token.check()
        number = shot.number_of[source]
        shot.written.write(shot.folder.first_matte(number), shot.folder.matte(number).read_bytes())
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


def _contradicted(shot: Shot, track: Track, places: range) -> Iterator[tuple[int, float]]:
    """Places in one shot where other frames tell something else, and the share of the picture that it changes."""
    steady = [place for place in places if track.frames[place].confidence >= WEAK]
    usual = [found for place in evenly_spread(steady, _FEW) if (found := _predicted(shot, place)) is not None]
    typical = typical_sky(usual)
    if typical <= 0:
        return
    seen, distortions = SeenDirections(), track.distortions()
    for place in evenly_spread(steady, _MOST):
        shot.token.check()
        if (found := _predicted(shot, place)) is not None:
            seen.add(found, _view(shot, track, place, found, distortions[place]), typical)
    for place in steady:
        shot.token.check()
        if (found := _predicted(shot, place)) is None:
            continue
        told = correction(found, seen.shares(_view(shot, track, place, found, distortions[place])), typical)
        if told is not None:
            levels = np.select([told.areas.sky, told.areas.ground], [_SKY, _GROUND], _NEITHER).astype(np.uint16)
            shot.written.write(shot.folder.told(shot.number_of[shot.sources[place]]), encode_matte_png(levels))
            yield place, told.share


def _shots(track: Track) -> Iterator[range]:
    starts = [frame.index for frame in track.frames if frame.index == 0 or frame.source == "cut"]
    for start, end in pairwise([*starts, len(track.frames)]):
        yield range(start, end)


def _predicted(shot: Shot, place: int) -> Prediction | None:
    return predictions.read(shot, shot.sources[place])


def _view(shot: Shot, track: Track, place: int, found: Prediction, distortion: float) -> View:
    """The camera of a frame, and where the pixels of its prediction, which shows no bars, lie in its picture."""
    top, bottom, left, right = shot.survey.bars_of(shot.sources[place]).sides
    width, height = shot.stored_size
    across, down = track.width / width, track.height / height
    rows, columns = found.logits.shape
    step = ((width - left - right) * across / columns, (height - top - bottom) * down / rows)
    start = (left * across + step[0] / 2 - track.width / 2, top * down + step[1] / 2 - track.height / 2)
    lens = Lens.of(track.focal(place), distortion, track.width, track.height)
    return View(found.logits.shape, start, step, lens, np.array(track.frames[place].rotation))
