# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage three: the new sky as the camera sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from ...contract.track_file import Track
from ...engine.media.atomic import write_atomically
from ...engine.media.exr import write_exr
from ...engine.media.pictures import read_matte_png
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.sky.load import load_sky
from ...engine.sky.placement import Placement, place
from ...engine.types import LinearRGB, StoredMatte
from ..shot import Shot, evenly_spread
from . import track as track_stage
from .copies import fill_copies

#: How many mattes the horizon is found from, and their long side in pixels.
_HORIZON_FRAMES, _HORIZON_SIZE = 60, 320


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
            last: tuple[tuple[bytes, float], LinearRGB] | None = None
            for index in missing:
                rotation, focal = placement.rotations[index], track.focal(index)
                key = (rotation.tobytes(), focal)
                if last is None or last[0] != key:  # a locked-off camera sees one picture
                    last = (key, loaded.picture.view(rotation, focal, width, height))
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
    chosen = evenly_spread(list(range(len(shot.sources))), _HORIZON_FRAMES)

    def mattes() -> Iterator[tuple[int, StoredMatte]]:
        for index in chosen:
            shot.token.check()
            yield index, _reduced(read_matte_png(shot.folder.matte(shot.number_of[shot.sources[index]])))

    return place(track, prefetch(mattes()), shot.job.settings)


def _reduced(matte: StoredMatte) -> StoredMatte:
    scale = min(1.0, _HORIZON_SIZE / max(matte.shape))
    size = (max(1, round(matte.shape[1] * scale)), max(1, round(matte.shape[0] * scale)))
    return cv2.resize(matte, size, interpolation=cv2.INTER_AREA).astype(np.uint16, copy=False)
