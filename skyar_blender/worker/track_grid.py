# SPDX-License-Identifier: GPL-3.0-or-later
"""The footage of a tracked job under a grid of the sky, as a movie."""

from __future__ import annotations

from pathlib import Path

from ..contract.job import Job
from ..contract.layout import OutputFolder
from ..contract.track_file import Track
from ..engine.lens import Lens
from ..engine.media.atomic import explained, partial_path
from ..engine.media.clip import open_clip, source_frames
from ..engine.media.in_order import frames_in_order
from ..engine.media.movie_writer import MovieWriter
from ..engine.media.pictures import read_matte_png
from ..engine.media.prefetch import prefetch
from ..engine.sky.placement import place
from ..engine.track.overlay.draw import GridOverlay, Note
from .horizon_mattes import horizon_mattes


def write_grid(job: Job, target: Path) -> None:
    """Write ``target`` (MP4) for a job that has been tracked; what was there is replaced when it is whole.

    Raises:
        SkyarError: the clip cannot be read or ``target`` not be written.
    """
    folder = OutputFolder(Path(job.output))
    track = Track.from_json(folder.track.read_text(encoding="utf-8"))
    reader = open_clip(job.clip)
    order = source_frames(job.clip, reader)
    mattes = horizon_mattes(len(order), lambda index: folder.matte(index + 1))
    placement = place(track, mattes, job.settings)
    lenses = [
        Lens.of(track.focal(index), bent, reader.width, reader.height)
        for index, bent in enumerate(track.distortions())
    ]
    grid = GridOverlay(reader.width, reader.height, min(lens.focal for lens in lenses))
    with explained(target):
        with MovieWriter(partial_path(target), reader.width, reader.height, reader.rate, None) as movie:
            for index, (_, picture) in enumerate(prefetch(frames_in_order(reader, order))):
                frame = track.frames[index]
                note = Note(index + 1, frame.confidence, frame.source)
                matte = read_matte_png(folder.matte(index + 1))
                movie.write(grid.over(picture, matte, placement.rotation(index), lenses[index], note))
        partial_path(target).replace(target)
