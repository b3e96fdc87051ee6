# SPDX-License-Identifier: GPL-3.0-or-later
"""What the new sky means for the light on the foreground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from ...contract.report import LightFigures, LightOfFrame, LightOfShot
from ...contract.track_file import Track
from ...engine.composite.light import Light, between
from ...engine.composite.light_statistics import SeenSky, SkyStatistics, light_between, thinned
from ...engine.media.prefetch import parallel_map, prefetch
from ...engine.survey.fades import Fade
from ...engine.track.export import shots_of
from ...engine.types import LinearRGB
from ..job.gathered import StageReport
from ..job.running_job import RunningJob, evenly_spread
from ..process.progress import StageProgress
from ..stored.images import matte_of, sky_of
from .exposure import exposures_of

#: Name of what is remembered of the old sky; a run with another new sky takes it over.
OLD_SKY = "old_sky"
#: Name of what is remembered of the new sky.
NEW_SKY = "new_sky"
#: Frames of each shot that the colours of both skies are taken from.
_FRAMES = 12


def run(running: RunningJob, track: Track, daylight: float) -> tuple[list[LightOfShot], StageReport]:
    """The light of each shot of the job, in order.

    One for each whole shot: the light on a place does not change as the camera turns, and what does not change cannot
    flicker. ``track`` holds the source frames in use, ascending; ``daylight`` is how far (0..1) the new sky's sun is
    known to light the ground.
    """
    parts = _parts(running, track)
    chosen = [source for sources in parts for source in looked_at(running, sources)]
    there = sum(running.load_state(name) is not None for name in (OLD_SKY, NEW_SKY))
    progress = running.progress("light", 2 * len(chosen), there * len(chosen))
    old, new = (_kept(running, name, parts, progress) for name in (OLD_SKY, NEW_SKY))
    new = [replace(each, daylight=daylight) for each in new]
    per_part = [
        (light_between(before, after, running.job.settings.look), before.whole, after.whole)
        for before, after in zip(old, new, strict=True)
    ]
    part_of = {source: number for number, sources in enumerate(parts) for source in sources}
    found: list[LightOfShot] = []
    earlier = None
    for index, source in enumerate(running.order):
        number = part_of[source]
        if number != earlier:
            light, old_sky, new_sky = per_part[number]
            found.append(
                LightOfShot(
                    first_frame=index,
                    tint=list(light.tint),
                    stops=light.stops,
                    haze=list(light.haze),
                    old_sky=None if old_sky is None else list(old_sky),
                    new_sky=None if new_sky is None else list(new_sky),
                )
            )
        earlier = number
    frames = {}
    running.exposures = exposures_of(running, track)
    if running.survey.fades or running.survey.dissolves or any(running.exposures.values()):
        frames["light"] = [
            LightOfFrame(tint=list(light.tint), stops=light.stops, haze=list(light.haze), exposure=light.exposure)
            for light in lights(running, found)
        ]
    return found, StageReport(progress.finish(), [LightFigures(light=found)], frames)


def lights(running: RunningJob, of_shots: Sequence[LightOfShot]) -> list[Light]:
    """The light of each frame of the job, from what :func:`run` found; it fades with the frame."""
    found: list[Light] = []
    ends = [entry.first_frame for entry in of_shots[1:]] + [len(running.order)]
    for entry, end in zip(of_shots, ends, strict=True):
        light = Light(_known_colour(entry.tint), entry.stops, _known_colour(entry.haze))
        for index in range(entry.first_frame, end):
            source = running.order[index]
            fade, here = running.survey.fade_of(source), replace(light, exposure=running.exposures.get(source, 0.0))
            found.append(here if fade.whole else _faded(here, fade))
    at = dict(zip(running.order, found, strict=True))
    for index, source in enumerate(running.order):
        dissolve = running.survey.dissolve_of(source)
        if dissolve is not None:
            found[index] = between(at[dissolve.before], at[dissolve.after], dissolve.fraction(source))
    return found


def _faded(light: Light, fade: Fade) -> Light:
    """White stays white under any sky."""
    if not fade.white:
        return replace(light, haze=fade.of_colour(light.haze))
    red, green, blue = (1 + fade.fraction * (each - 1) for each in light.tint)
    return replace(light, tint=(red, green, blue), stops=fade.fraction * light.stops, haze=fade.of_colour(light.haze))


def to_look_at(running: RunningJob, track: Track) -> set[int]:
    """The source frames whose new sky tells of the light; none where that is known already."""
    if running.load_state(NEW_SKY) is not None:
        return set()
    return {source for sources in _parts(running, track) for source in looked_at(running, sources)}


def look(running: RunningJob, source: int, sky: LinearRGB) -> SkyStatistics:
    """What is seen of the new sky of a source frame; ``sky`` as it is stored, or that thinned."""
    statistics = SkyStatistics()
    seen = running.seen.thin_mattes.get(source)
    statistics.add_sky(thinned(sky), thinned(matte_of(running, source)) if seen is None else seen)
    return statistics


def _parts(running: RunningJob, track: Track) -> list[list[int]]:
    """The source frames of each shot of the clip."""
    shots = shots_of(track)
    starts = [index for index, number in enumerate(shots) if index == 0 or number != shots[index - 1]]
    return [running.sources[first:last] for first, last in pairwise([*starts, len(shots)])]


def _kept(running: RunningJob, name: str, parts: list[list[int]], progress: StageProgress) -> list[SeenSky]:
    """One sky in each shot, found by this run or an earlier one; ``parts`` are the shots' source frames."""
    kept: list[dict[str, Any]] | None = running.load_state(name)
    if kept is not None:
        return [SeenSky(_colour(each["whole"]), _colour(each["horizon"])) for each in kept]
    look_at = _old if name == OLD_SKY else _new
    found = [look_at(running, looked_at(running, sources), progress) for sources in parts]
    running.save_state(name, [{"whole": each.whole, "horizon": each.horizon} for each in found])
    return found


def looked_at(running: RunningJob, sources: list[int]) -> list[int]:
    """Of the source frames of a shot, those whose skies are looked at."""
    return evenly_spread(running.survey.whole(sources), _FRAMES // 2 if running.draft else _FRAMES)


def _old(running: RunningJob, sources: list[int], progress: StageProgress) -> SeenSky:
    found = {source: running.seen.old_sky.pop(source) for source in sources if source in running.seen.old_sky}
    unseen = [source for source in sources if source not in found]
    for (source, frame), alpha in prefetch(zip(running.analysed(unseen), running.alphas(unseen), strict=True)):
        matte = matte_of(running, source)
        if alpha is not None:  # of a sky that is not there nothing is known
            matte[alpha < 255] = 0
        found[source] = SkyStatistics()
        found[source].add_frame(frame, matte)
        progress.step()
    statistics = SkyStatistics()
    for source in sources:
        if source not in unseen:
            progress.step()
        statistics.add_all(found[source])
    return statistics.seen


def _new(running: RunningJob, sources: list[int], progress: StageProgress) -> SeenSky:
    statistics = SkyStatistics()

    def looked(source: int) -> SkyStatistics:
        running.token.check()
        return running.looks.get(source) or look(running, source, sky_of(running, source))

    for each in parallel_map(looked, sources):
        statistics.add_all(each)
        progress.step()
    return statistics.seen


def _colour(stored: list[float] | None) -> tuple[float, float, float] | None:
    return None if stored is None else _known_colour(stored)


def _known_colour(stored: list[float]) -> tuple[float, float, float]:
    red, green, blue = stored
    return red, green, blue
