# SPDX-License-Identifier: GPL-3.0-or-later
"""The footage of a tracked job under a grid of the sky, as a movie."""

from __future__ import annotations

from pathlib import Path

from ..contract.job import Job
from ..contract.layout import OutputFolder
from ..contract.track_file import Track
from ..engine.composite.plate_size import inner
from ..engine.lens import Lens
from ..engine.media.atomic import begin_partial, explained, finish_partial
from ..engine.media.clip import open_clip, source_frames
from ..engine.media.images import read_matte_png
from ..engine.media.in_order import frames_in_order
from ..engine.media.movie_writer import MovieWriter
from ..engine.media.pixel_aspect import at_size, shown_size
from ..engine.media.prefetch import prefetch
from ..engine.sky.placement import place
from ..engine.track.overlay.draw import GridOverlay, Note
from .stored.horizon_mattes import horizon_mattes


def write_grid(job: Job, target: Path) -> None:
    """Write ``target`` (MP4) for a job that has been tracked; what was there is replaced when it is whole.

    Raises:
        SkyarError: the clip cannot be read or ``target`` not be written.
    """
    folder = OutputFolder(Path(job.output))
    track = Track.from_json(folder.track.read_text(encoding="utf-8"))
    reader = open_clip(job.clip)
    spherical = track.projection == "equirectangular"
    order = source_frames(job.clip, reader)
    mattes = horizon_mattes(len(order), lambda index: folder.matte(index + 1), reader.own_size)
    placement = place(track, () if spherical else mattes, job.settings)
    size = shown_size(reader.width, reader.height, reader.pixel_aspect)
    lenses = [Lens.of(track.focal(index), distorted, *size) for index, distorted in enumerate(track.distortions())]
    grid = GridOverlay(*size, min(lens.focal for lens in lenses))
    partial = begin_partial(target)
    with explained(target):
        with MovieWriter(partial, *size, reader.rate, None, spherical=spherical) as movie:
            for index, (_, image) in enumerate(prefetch(frames_in_order(reader, order))):
                frame = track.frames[index]
                note = Note(index + 1, frame.confidence, frame.source)
                matte = at_size(inner(read_matte_png(folder.matte(index + 1)), reader.own_size), size)
                lens = None if spherical else lenses[index]
                movie.write(grid.over(at_size(image, size), matte, placement.rotation(index), lens, note))
        finish_partial(target)
