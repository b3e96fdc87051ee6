# SPDX-License-Identifier: GPL-3.0-or-later
"""Before the first stage: one look over the whole clip."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...common.confidence import frames_in_words
from ...contract.report import BarFigures, FrameRange, SurveyFigures
from ...engine.matte.samples import sample_of
from ...engine.media.hdr import COLOUR_SPACES, LINEAR, ORDINARY
from ...engine.media.prefetch import prefetch
from ...engine.survey.bars import Bars, find_bars, lit_lines
from ...engine.survey.blurred_sides import Detail
from ...engine.survey.dissolves import find_dissolves, sketch
from ...engine.survey.fades import cut_fades, find_fades, glance, inside
from ...engine.survey.graphics import FRAMES, StillEdges, coverage
from ...engine.types import FrameRGB
from ..clip.survey import Survey
from ..job.gathered import StageReport
from ..job.running_job import RunningJob, evenly_spread
from ..process.progress import StageProgress
from ..stored.dissolves import frames_of_dissolve
from ..stored.images import encode_levels
from .copies import fill_copies

#: Name of what is remembered of it; a run with another new sky takes it over.
SURVEY = "survey"
#: No fade and no dissolve takes longer.
_FADE_SECONDS = 4


def run(running: RunningJob, progress: StageProgress) -> StageReport:
    """Set ``running.survey``, and make what is missing of ``area/`` where anything is to stay as it is."""
    kept = running.load_state(SURVEY)
    if kept is None:
        kept = _looked(running, progress).to_dict()
        running.save_state(SURVEY, kept)
    running.survey = Survey.from_dict(kept)
    if running.survey.keeps_some:
        _write_areas(running)
    return _report(running)


def _plain_area(running: RunningJob, source: int) -> NDArray[np.bool_]:
    """Where a source frame may change but for graphics, (height, width): not on bars, nowhere in a blank frame."""
    bars, size = running.survey.bars_of(source), running.working_size[::-1]
    within = bars.cut(np.empty(size, np.bool_)).shape
    return bars.framed(np.full(within, not running.survey.fade_of(source).blank, np.bool_))


def _looked(running: RunningJob, progress: StageProgress) -> Survey:
    lines, glances, sketches = [], [], []
    # Most clips are plain, so that what only single frames are looked at for is found on the way too.
    edges, detail = StillEdges(), Detail()
    still, sampled = set(evenly_spread(running.sources, FRAMES)), _to_sample(running)
    for source, frame in prefetch(running.reader.frames(running.sources)):
        progress.waiting()
        lines.append(lit_lines(frame))
        glances.append(glance(frame))
        sketches.append(sketch(frame))
        if source in still:
            edges.add(frame)
            detail.add(frame)
        if source in sampled:
            running.seen.samples[source] = sample_of(frame, running.method.sample_size)
    bars, size = find_bars(lines), running.working_size
    glances = [inside(each, around, size) for each, around in zip(glances, bars, strict=True)]
    longest = max(2, round(_FADE_SECONDS * running.reader.rate))
    fades, cut = find_fades(glances, longest), cut_fades(glances, longest)
    sketches = [inside(each, around, size) for each, around in zip(sketches, bars, strict=True)]
    dissolves = [
        frames_of_dissolve(running, each.first, each.last, each.fractions)
        for each in find_dissolves(sketches, longest)
    ]
    found = Survey(
        {source: each for source, each in zip(running.sources, bars, strict=True) if each.any},
        {source: each for source, each in zip(running.sources, fades, strict=True) if not each.whole},
        dissolves=tuple(dissolves),
        cut_fades=(cut[0] * fades[0].whole, cut[1] * fades[-1].whole),
    )
    if not found.plain:
        edges, detail = StillEdges(), Detail()
        # The edge of a bar stands still too, and nothing does while it fades.
        for source, frame in prefetch(running.reader.frames(evenly_spread(found.whole(running.sources), FRAMES))):
            progress.waiting()
            image = found.analysed(source, frame)
            edges.add(image)
            detail.add(image)
    sides = detail.sides
    if sides.any:
        wider = {source: found.bars_of(source).and_those(sides) for source in running.sources}
        return replace(found, bars=wider, blurred_sides=True)
    widest = Bars()
    for each in set(found.bars.values()):
        widest = widest.and_those(each)
    return replace(found, graphics=tuple(edges.graphics(widest)))


def _to_sample(running: RunningJob) -> set[int]:
    """The frames that the method is fitted to, if the clip turns out to be plain."""
    if running.model_path.exists() or running.reader.has_alpha:
        return set()
    return set(running.sampled(running.sources))


def _write_areas(running: RunningJob) -> None:
    missing = [source for source in running.sources if not running.folder.area(running.number_of[source]).exists()]
    made: dict[tuple[Bars, bool], bytes] = {}
    for source, frame in _frames(running, missing):
        running.token.check()
        kind = running.survey.bars_of(source), running.survey.fade_of(source).blank  # many are alike
        if frame is not None or kind not in made:
            area = _plain_area(running, source).astype(np.float32)
            if frame is not None:
                area *= 1 - coverage(running.survey.fade_of(source).undone(frame), running.survey.graphics)
            made[kind] = encode_levels(running, np.rint(area * 65535).astype(np.uint16))
        running.written.write(running.folder.area(running.number_of[source]), made[kind])
    fill_copies(running, running.folder.area)


def _frames(running: RunningJob, sources: list[int]) -> Iterator[tuple[int, FrameRGB | None]]:
    """The frames that must be seen to tell where their graphics are; None for each where there are none."""
    if running.survey.graphics and sources:
        return prefetch(running.reader.frames(sources))
    return ((source, None) for source in sources)


def _report(running: RunningJob) -> StageReport:
    """For the report: the bars of each range of frames, the boxes of graphics, and how far each frame is faded."""
    across, down = (of_clip / seen for of_clip, seen in zip(running.clip_size, running.working_size, strict=True))
    scales = down, down, across, across
    per_frame = [_scaled(running.survey.bars_of(source).sides, scales) for source in running.order]
    starts = [index for index, each in enumerate(per_frame) if index == 0 or each != per_frame[index - 1]]
    bars = [
        BarFigures(first_frame=index, **dict(zip(("top", "bottom", "left", "right"), per_frame[index], strict=True)))
        for index in starts
        if running.survey.bars
    ]
    transfer = running.reader.tagged_transfer
    if transfer is not None and running.reader.transfer is None:
        running.warn(
            "hdr_as_sdr",
            f"The clip is in high dynamic range ({transfer.upper()}), but not shown so: it is pale.",
            "This version of Blender knows no such movies, or the colour space of the strip is another.",
            "Use Blender 5.0 or later and the colour space of the file, or convert the clip to Rec. 709 first.",
        )
    shown_in = running.job.clip.colour_space
    if (
        shown_in is not None
        and running.job.clip.colour is None
        and shown_in not in (*COLOUR_SPACES, *ORDINARY, *LINEAR)
    ):
        running.warn(
            "colour_space",
            f"The clip is shown in the colour space “{shown_in}”, which SkyAR does not know.",
            "The old sky behind edges, and its light, are measured as if it were sRGB.",
            "Set Clean Edges to 0 where a rim shows, Tint and Light Change by hand; or convert the clip to Rec. 709.",
        )
    if any(running.survey.cut_fades):
        begins, ends = running.survey.cut_fades
        count = len(running.sources)
        parts = [frames_in_words(0, begins - 1)] if begins else []
        parts += [frames_in_words(count - ends, count - 1)] if ends else []
        running.warn(
            "fade_cut",
            f"The clip seems to be cut in the middle of a fade ({' and '.join(parts)}).",
            "Its picture grows or fades evenly there, but the black or white end is missing, so that it may as well "
            "be the light; the new sky follows by Exposure Match alone.",
            "Look at these frames. Give the whole fade, or none of it, where the new sky does not go along.",
        )
    if running.survey.blurred_sides:
        running.warn(
            "blurred_sides",
            "The sides of the clip are left as they are.",
            "They are a blurred copy of the picture in the middle, which alone gets the new sky.",
            "Crop the clip to its middle first, replace the sky, and make the sides anew from the result.",
        )
    faded = [running.survey.fade_of(source).fraction for source in running.order]
    dissolves = [
        FrameRange(first=running.order.index(each.sources[0]), last=running.order.index(each.sources[-1]))
        for each in running.survey.dissolves
    ]
    graphics: list[list[float]] = [list(_scaled(each.box, scales)) for each in running.survey.graphics]
    figures = SurveyFigures(bars=bars, graphics=graphics, dissolves=dissolves)
    frames = {"fade": [round(fraction, 4) for fraction in faded]} if running.survey.fades else {}
    return StageReport(figures=[figures], frames=frames)


def _scaled(sides: tuple[int, ...], scales: tuple[float, ...]) -> tuple[int, ...]:
    """Rows and columns of the frames that are worked on as those of the clip."""
    return tuple(round(each * scale) for each, scale in zip(sides, scales, strict=True))
