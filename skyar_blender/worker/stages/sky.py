# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage four: the new sky as the camera sees it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from ...contract.track_file import Track
from ...engine.media.atomic import write_atomically
from ...engine.media.exr import write_exr
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.sky.load import load_sky
from ...engine.sky.placement import Placement, drifted, place
from ...engine.types import LinearRGB
from ..horizon_mattes import horizon_mattes
from ..shot import Shot
from . import track as track_stage
from .copies import fill_copies


def run(shot: Shot, track: Track) -> None:
    """Make what is missing of ``sky/``; ``track`` holds the source frames in use, ascending."""
    sources = shot.sources
    sky = shot.job.sky
    assert sky is not None  # the job's own check
    missing = [index for index, source in enumerate(sources) if not _path(shot, source).exists()]
    progress = shot.progress("sky", len(sources), len(sources) - len(missing))
    placement = _placement(shot, track) if missing or _exported(shot).world is None else None
    if placement is not None:
        track_stage.export(shot, replace(track, world=[world.tolist() for world in placement.world]))
    if missing and placement is not None:
        loaded = load_sky(sky)
        width, height = shot.reader.width, shot.reader.height
        with BoundedPool() as pool:
            bent = track.distortions()
            last: tuple[tuple[bytes, float, float], LinearRGB] | None = None
            for index in missing:
                seconds = (sources[index] - sources[0]) / track.fps
                rotation = drifted(placement.rotations[index], shot.job.settings.wind * seconds)
                focal = track.focal(index)
                key = (rotation.tobytes(), focal, bent[index])
                if last is None or last[0] != key:  # a locked-off camera sees one picture
                    last = (key, loaded.picture.view(rotation, focal, width, height, bent[index]))
                pool.submit(partial(_write, shot, sources[index], last[1]))
                progress.step()
        facts = {**loaded.facts, "name": loaded.name, "normalised_stops": loaded.normalised_stops}
        shot.keep("sky", {"facts": facts, "placement": placement.figures})
    fill_copies(shot, shot.folder.sky)
    shot.stage_figures["sky"] = progress.finish()
    kept = shot.kept("sky") or {}
    shot.figures["sky"] = kept.get("facts", {})
    shot.figures["placement"] = kept.get("placement", {})


def _path(shot: Shot, source: int) -> Path:
    return shot.folder.sky(shot.number_of[source])


def _write(shot: Shot, source: int, picture: LinearRGB) -> None:
    write_atomically(_path(shot, source), lambda path: write_exr(path, picture))


def _exported(shot: Shot) -> Track:
    return Track.from_json(shot.folder.track.read_text(encoding="utf-8"))


def _placement(shot: Shot, track: Track) -> Placement:
    if track.world is not None:
        return place(track, (), shot.job.settings)

    def path_of(index: int) -> Path:
        shot.token.check()
        return shot.folder.matte(shot.number_of[shot.sources[index]])

    return place(track, prefetch(horizon_mattes(len(shot.sources), path_of)), shot.job.settings)
