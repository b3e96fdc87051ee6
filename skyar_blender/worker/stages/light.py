# SPDX-License-Identifier: GPL-3.0-or-later
"""What the new sky means for the light on the foreground."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from itertools import pairwise
from typing import Any

from ...contract.report import LightFigures, LightOfFrame, LightOfShot
from ...contract.track_file import Track
from ...engine.composite.light import Light
from ...engine.composite.light_statistics import SeenSky, SkyStatistics, light_between
from ...engine.media.prefetch import made_ahead, prefetch
from ...engine.survey.fades import Fade
from ...engine.track.export import shots_of
from ...engine.types import LinearRGB
from ..gathered import StageReport
from ..progress import StageProgress
from ..results import matte_of, sky_of
from ..shot import Shot, evenly_spread
from .exposure import exposures_of

#: Name of what is remembered of the old sky; a run with another new sky takes it over.
OLD_SKY = "old_sky"
#: Name of what is remembered of the new sky.
NEW_SKY = "new_sky"
#: Frames of each shot that the colours of both skies are taken from.
_FRAMES = 12


def run(shot: Shot, track: Track) -> tuple[list[LightOfShot], StageReport]:
    """The light of each shot of the job, in order.

    One for each whole shot: the light on a place does not change as the camera turns, and what does not change cannot
    flicker. ``track`` holds the source frames in use, ascending.
    """
    parts = _parts(shot, track)
    looked_at = [source for sources in parts for source in _looked_at(shot, sources)]
    there = sum(shot.kept(name) is not None for name in (OLD_SKY, NEW_SKY))
    progress = shot.progress("light", 2 * len(looked_at), there * len(looked_at))
    old, new = (_kept(shot, name, parts, progress) for name in (OLD_SKY, NEW_SKY))
    per_part = [
        (light_between(before, after, shot.job.settings.look), before.whole, after.whole)
        for before, after in zip(old, new, strict=True)
    ]
    part_of = {source: number for number, sources in enumerate(parts) for source in sources}
    found: list[LightOfShot] = []
    earlier = None
    for index, source in enumerate(shot.order):
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
    shot.exposures = exposures_of(shot, track)
    if shot.survey.fades or shot.survey.dissolves or any(shot.exposures.values()):
        frames["light"] = [
            LightOfFrame(tint=list(light.tint), stops=light.stops, haze=list(light.haze), exposure=light.exposure)
            for light in lights(shot, found)
        ]
    return found, StageReport(progress.finish(), [LightFigures(light=found)], frames)


def lights(shot: Shot, of_shots: Sequence[LightOfShot]) -> list[Light]:
    """The light of each frame of the job, from what :func:`run` found; it fades with the frame."""
    found: list[Light] = []
    ends = [entry.first_frame for entry in of_shots[1:]] + [len(shot.order)]
    for entry, end in zip(of_shots, ends, strict=True):
        light = Light(_known_colour(entry.tint), entry.stops, _known_colour(entry.haze))
        for index in range(entry.first_frame, end):
            source = shot.order[index]
            fade, here = shot.survey.fade_of(source), replace(light, exposure=shot.exposures.get(source, 0.0))
            found.append(here if fade.whole else _faded(here, fade))
    at = dict(zip(shot.order, found, strict=True))
    for index, source in enumerate(shot.order):
        dissolve = shot.survey.dissolve_of(source)
        if dissolve is not None:
            found[index] = _mixed(at[dissolve.before], at[dissolve.after], dissolve.share(source))
    return found


def _mixed(before: Light, after: Light, share: float) -> Light:
    def mixed(one: Iterable[float], other: Iterable[float]) -> tuple[float, float, float]:
        red, green, blue = (a + share * (b - a) for a, b in zip(one, other, strict=True))
        return red, green, blue

    stops = before.stops + share * (after.stops - before.stops)
    return Light(mixed(before.tint, after.tint), stops, mixed(before.haze, after.haze))


def _faded(light: Light, fade: Fade) -> Light:
    """White stays white under any sky."""
    if not fade.white:
        return replace(light, haze=fade.of_colour(light.haze))
    red, green, blue = (1 + fade.share * (each - 1) for each in light.tint)
    return replace(light, tint=(red, green, blue), stops=fade.share * light.stops, haze=fade.of_colour(light.haze))


def to_look_at(shot: Shot, track: Track) -> set[int]:
    """The source frames whose new sky tells of the light; none where that is known already."""
    if shot.kept(NEW_SKY) is not None:
        return set()
    return {source for sources in _parts(shot, track) for source in _looked_at(shot, sources)}


def look(shot: Shot, source: int, sky: LinearRGB) -> SkyStatistics:
    """What is seen of the new sky of a source frame; ``sky`` as it is stored, or that thinned."""
    statistics = SkyStatistics()
    statistics.add_sky(sky, matte_of(shot, source))
    return statistics


def _parts(shot: Shot, track: Track) -> list[list[int]]:
    """The source frames of each shot of the clip."""
    shots = shots_of(track)
    starts = [index for index, number in enumerate(shots) if index == 0 or number != shots[index - 1]]
    return [shot.sources[first:last] for first, last in pairwise([*starts, len(shots)])]


def _kept(shot: Shot, name: str, parts: list[list[int]], progress: StageProgress) -> list[SeenSky]:
    """One sky in each shot, found by this run or an earlier one; ``parts`` are the shots' source frames."""
    kept: list[dict[str, Any]] | None = shot.kept(name)
    if kept is not None:
        return [SeenSky(_colour(each["whole"]), _colour(each["horizon"])) for each in kept]
    look_at = _old if name == OLD_SKY else _new
    found = [look_at(shot, _looked_at(shot, sources), progress) for sources in parts]
    shot.keep(name, [asdict(each) for each in found])
    return found


def _looked_at(shot: Shot, sources: list[int]) -> list[int]:
    """Of the source frames of a shot, those whose skies are looked at."""
    return evenly_spread(shot.survey.whole(sources), _FRAMES)


def _old(shot: Shot, sources: list[int], progress: StageProgress) -> SeenSky:
    statistics = SkyStatistics()
    for (source, frame), alpha in prefetch(zip(shot.analysed(sources), shot.alphas(sources), strict=True)):
        matte = matte_of(shot, source)
        if alpha is not None:  # of a sky that is not there nothing is known
            matte[alpha < 255] = 0
        statistics.add_frame(frame, matte)
        progress.step()
    return statistics.seen


def _new(shot: Shot, sources: list[int], progress: StageProgress) -> SeenSky:
    statistics = SkyStatistics()

    def looked(source: int) -> SkyStatistics:
        shot.token.check()
        return shot.looks.get(source) or look(shot, source, sky_of(shot, source))

    for each in made_ahead(looked, sources):
        statistics.add_all(each)
        progress.step()
    return statistics.seen


def _colour(stored: list[float] | None) -> tuple[float, float, float] | None:
    return None if stored is None else _known_colour(stored)


def _known_colour(stored: list[float]) -> tuple[float, float, float]:
    red, green, blue = stored
    return red, green, blue
