# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the shot's light comes from, and how the new sky's sun stands to it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ...contract.errors import SkyarError
from ...contract.job import Sky
from ...contract.report import StageRow, SunFigures
from ...contract.track_file import Track
from ...engine.lens import Lens
from ...engine.media.pixel_aspect import at_size
from ...engine.media.prefetch import prefetch
from ...engine.sphere.directions import focal_of
from ...engine.sphere.views import AROUND, Views
from ...engine.sun.estimate import Sun, find_sun
from ...engine.sun.view import heading
from ...engine.track.export import shots_of
from ...engine.types import FrameRGB, Matrix3, Matte
from ..job.running_job import RunningJob, evenly_spread
from ..process.progress import StageProgress
from ..stored.images import as_fraction, stored_matte

#: Name of what is remembered of the shot's light; a run with another new sky takes it over.
SUN = "sun"
#: Frames that are looked at, and those of each further place.
FRAMES = 8
_FRAMES_LATER = 4
#: Degrees between the new sun and the shot's light from which the person is told.
APART = 45.0


@dataclass(frozen=True)
class SkyRotation:
    """Degrees to the right that the new sky is to be turned; the suns of shot and sky for the report, if they are
    known."""

    degrees: float = 0.0
    figures: SunFigures | None = None


def turn_of(running: RunningJob, lights: Lights, rotations: list[Matrix3], metadata: dict[str, Any]) -> SkyRotation:
    """How the new sky is to be turned: not at all unless the job wants its sun aimed.

    ``rotations`` per source frame in use, world to camera; ``metadata`` of the new sky. Tells the person where its
    sun and the shot's light do not go together, or where it cannot be aimed.

    Raises:
        SkyarError: ``weights_missing``, ``weights_unreadable`` where the sun is to be aimed at light that is to be
            found; otherwise the person is warned.
    """
    sky = running.job.sky
    assert sky is not None  # the job's own check
    view = math.degrees(heading(rotations[0]))
    light = _given_light(running, rotations)
    if light is None:
        try:
            found = lights.seen_by(rotations).get(0)
        except SkyarError as error:
            if sky.aim_sun:
                raise
            running.warn("light_unknown", error.what, error.why, error.todo)
            return SkyRotation()
        if found is None:
            return SkyRotation()
        light = found
    new = sun_azimuth(sky, metadata)
    turn = 0.0 if new is None or not sky.aim_sun else _wrapped(light.azimuth + sky.rotation - new)
    apart = None if new is None else abs(_wrapped(new + turn - light.azimuth))
    figures = SunFigures(
        light_from=round(_wrapped(light.azimuth - view), 1),
        confidence=round(light.confidence, 3),
        sure=light.sure,
        given=sky.light_from is not None,
        new_sun_at=None if new is None else round(_wrapped(new + turn - view), 1),
        turned=round(turn, 1),
    )
    _tell(running, sky, light, apart)
    return SkyRotation(turn, figures)


def sun_azimuth(sky: Sky, metadata: dict[str, Any]) -> float | None:
    """Degrees to the right of the world's forward at which a job's sky has its sun; None where it has none."""
    direction = metadata.get("sun_direction")
    if direction is None:
        return None
    return _wrapped((-1 if sky.mirror else 1) * float(direction[0]) + sky.rotation)


class Lights:
    """Where the light of each place of a clip comes from, found once for whoever asks.

    Attributes:
        rows: the step's row for the report, once somebody has asked.
    """

    def __init__(self, running: RunningJob, track: Track) -> None:
        self.rows: dict[str, StageRow] = {}
        self._running, self._track = running, track
        self._found: dict[int, Sun] | None = None

    def seen_by(self, rotations: list[Matrix3]) -> dict[int, Sun]:
        """By the first shot of each place; found by this run, or by an earlier one.

        ``rotations`` per source frame in use, world to camera, where each place has a world of its own.

        Raises:
            SkyarError: ``weights_missing``, ``weights_unreadable``.
        """
        if self._found is None:
            self._found = self._find(rotations)
        return self._found

    def _find(self, rotations: list[Matrix3]) -> dict[int, Sun]:
        running = self._running
        kept, chosen = _kept(running), _chosen(running, self._track)
        total = sum(map(len, chosen.values()))
        progress = running.progress("sun", total, 0 if kept is None else total)
        suns = kept or {}
        if kept is None:
            for place, sources in chosen.items():
                sun = find_sun(_frames(running, self._track, rotations, sources, progress))
                if sun is not None:
                    suns[place] = sun
            running.seen.sun.clear()
            if suns:
                running.save_state(SUN, {"places": {str(place): asdict(sun) for place, sun in suns.items()}})
        self.rows = progress.finish()
        return suns


def _kept(running: RunningJob) -> dict[int, Sun] | None:
    """What an earlier run found; one of before places were told apart has the first alone."""
    kept = running.load_state(SUN)
    if kept is None:
        return None
    places = kept.get("places", {"0": kept})
    return {int(place): Sun(**sun) for place, sun in places.items()}


def _chosen(running: RunningJob, track: Track) -> dict[int, list[int]]:
    """Source frames that are looked at, by the first shot of their place; each place has a heading of its own."""
    place_of = track.places()
    sources: dict[int, list[int]] = {place: [] for place in sorted(set(place_of))}
    for source, shot in zip(running.sources, shots_of(track), strict=True):
        sources[place_of[shot]].append(source)
    return {
        place: looked_at(running, each) if place == 0 else evenly_spread(running.survey.whole(each), _FRAMES_LATER)
        for place, each in sources.items()
    }


def headings(running: RunningJob, track: Track, rotations: list[Matrix3], lights: Lights) -> dict[int, float]:
    """By the first shot of a place, degrees to the right that its world is turned for its light to be the first's.

    Only places whose light is sure are there; none where that of the first is not.
    """
    try:
        suns = lights.seen_by(rotations)
    except SkyarError:
        return {}  # whoever aims the sun tells of it
    first = _given_light(running, rotations) or suns.get(0)
    if first is None or not first.sure:
        return {}
    return {place: _wrapped(sun.azimuth - first.azimuth) for place, sun in suns.items() if place > 0 and sun.sure}


def _given_light(running: RunningJob, rotations: list[Matrix3]) -> Sun | None:
    sky = running.job.sky
    if sky is None or sky.light_from is None:
        return None
    return Sun(_wrapped(math.degrees(heading(rotations[0])) + sky.light_from), 1.0, True)


def looked_at(running: RunningJob, sources: list[int]) -> list[int]:
    """Of the source frames of the first place, those that are looked at."""
    return evenly_spread(running.survey.whole(sources), FRAMES // 2 if running.draft else FRAMES)


def is_wanted(running: RunningJob) -> bool:
    """Whether the shot's light is still to be found."""
    sky = running.job.sky
    return sky is not None and sky.light_from is None and running.load_state(SUN) is None


def _frames(
    running: RunningJob, track: Track, rotations: list[Matrix3], chosen: list[int], progress: StageProgress
) -> Iterator[tuple[FrameRGB, Matte, Matrix3, Lens]]:
    index_of = {source: index for index, source in enumerate(running.sources)}
    distorted = track.distortions()
    seen: list[int] = []
    held = running.seen.sun
    read = prefetch(running.analysed([source for source in chosen if source not in held]))
    for source in chosen:
        index = index_of[source]
        lens = Lens.of(track.focal(index), distorted[index], *running.shown_size)
        frame, stored = held.pop(source) if source in held else (next(read)[1], stored_matte(running, source))
        matte = running.survey.bars_of(source).filled(as_fraction(stored))
        if running.spherical:
            yield _view(frame, matte, rotations[index], len(seen))
            seen.append(index)
            progress.step()
            continue
        yield at_size(frame, running.shown_size), at_size(matte, running.shown_size), rotations[index], lens
        progress.step()


def _view(frame: FrameRGB, matte: Matte, rotation: Matrix3, number: int) -> tuple[FrameRGB, Matte, Matrix3, Lens]:
    """Of all directions one ordinary view, each time the next one around."""
    views = Views(frame.shape[1], frame.shape[0])
    image = np.asarray(views.view(frame, number % AROUND), np.uint8)
    lens = Lens.of(focal_of(frame.shape[1]), 0.0, image.shape[1], image.shape[0])
    return image, views.view(matte, number % AROUND), np.asarray(views.camera(number % AROUND) @ rotation), lens


def _tell(running: RunningJob, sky: Sky, light: Sun, apart: float | None) -> None:
    if sky.aim_sun and apart is None:
        running.warn(
            "no_sun_to_aim",
            "The sun of this sky could not be aimed.",
            "No sun was found in it.",
            "Turn the sky by hand, or choose one with a sun.",
        )
    elif sky.aim_sun and not light.sure:
        running.warn(
            "light_not_sure",
            "The sky was turned to where the shot's light seems to come from.",
            "The shot does not tell it for sure: dull light, or too little of sky and ground in view.",
            "Look at the result; say where the light comes from if it is wrong (Light From, --light-from).",
        )
    elif not sky.aim_sun and apart is not None and light.sure and apart > APART:
        running.warn(
            "sun_apart",
            f"The new sky's sun stands {apart:.0f} degrees from where the shot's light comes from.",
            "Shadows and bright sides of what is in the shot will not go with it.",
            "Aim the Sun turns the sky for you (--aim-sun).",
        )


def _wrapped(degrees: float) -> float:
    return (degrees + 180.0) % 360.0 - 180.0
