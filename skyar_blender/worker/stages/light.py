# SPDX-License-Identifier: GPL-3.0-or-later
"""What the new sky means for the light on the foreground; part of the sky stage."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np

from ...contract.track_file import Track
from ...engine.composite.light import Light
from ...engine.composite.light_statistics import LightStatistics
from ...engine.media.exr import read_exr
from ...engine.media.pictures import read_matte_png
from ...engine.media.prefetch import prefetch
from ...engine.track.export import shots_of
from ..shot import Shot, evenly_spread

#: Frames of each shot that the colours of both skies are taken from.
_FRAMES = 12


def run(shot: Shot, track: Track) -> None:
    """Set the figure ``light``: per shot its first frame in the job, tint, stops and haze colour.

    One for each whole shot: the light on a place does not change as the camera turns, and what does not change cannot
    flicker. ``track`` holds the source frames in use, ascending.
    """
    kept: list[dict[str, Any]] | None = shot.kept("light")
    shots = shots_of(track)
    if kept is None:
        starts = [index for index, number in enumerate(shots) if index == 0 or number != shots[index - 1]]
        ranges = pairwise([*starts, len(shots)])
        kept = [_seen(shot, shot.sources[first:last]) for first, last in ranges]
        shot.keep("light", kept)
    place = {source: index for index, source in enumerate(shot.sources)}
    figures: list[dict[str, Any]] = []
    before = None
    for index, source in enumerate(shot.order):
        number = shots[place[source]]
        if number != before:
            figures.append({"first_frame": index, **kept[number]})
        before = number
    shot.figures["light"] = figures


def lights(shot: Shot) -> list[Light]:
    """The light of each frame of the job, after :func:`run`."""
    found: list[Light] = []
    figures = shot.figures["light"]
    ends = [entry["first_frame"] for entry in figures[1:]] + [len(shot.order)]
    for entry, end in zip(figures, ends, strict=True):
        light = Light(tuple(entry["tint"]), entry["stops"], tuple(entry["haze"]))
        found += [light] * (end - entry["first_frame"])
    return found


def _seen(shot: Shot, sources: list[int]) -> dict[str, Any]:
    statistics = LightStatistics()
    for source, frame in prefetch(shot.reader.frames(evenly_spread(sources, _FRAMES))):
        shot.token.check()
        number = shot.number_of[source]
        matte = read_matte_png(shot.folder.matte(number)).astype(np.float32) / np.float32(65535)
        statistics.add(frame, matte, read_exr(shot.folder.sky(number)))
    light = statistics.light(shot.job.settings.look.light)
    return {**asdict(light), "old_sky": statistics.old.mean, "new_sky": statistics.new.mean}
