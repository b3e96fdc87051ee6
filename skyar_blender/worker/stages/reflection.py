# SPDX-License-Identifier: GPL-3.0-or-later
"""What mirrors the sky, where that is wanted."""

from __future__ import annotations

from functools import partial

from ...contract.track_file import Track
from ...engine.composite.reflections import reflection
from ...engine.lens import Lens
from ...engine.media.exr import encode_plate, read_plate
from ...engine.media.pixel_aspect import at_size
from ...engine.media.prefetch import BoundedPool, prefetch
from ...engine.sky.load import load_sky
from ...engine.sky_picture import SkyPicture
from ...engine.types import FrameRGB, LinearRGB, Matrix3, Matte
from ..gathered import StageReport
from ..results import matte_of, plate_of
from ..shot import Shot
from .copies import fill_copies
from .sky import rotations_of, seconds_of


def run(shot: Shot, track: Track) -> StageReport:
    """Make what is missing of ``reflection/``; ``track`` holds the source frames in use, ascending."""
    wanted = shot.job.sky
    if shot.job.settings.look.reflections == 0 or wanted is None:
        return StageReport()
    index_of = {source: index for index, source in enumerate(shot.sources)}
    missing = [each for each in shot.sources if not shot.folder.reflection(shot.number_of[each]).exists()]
    progress = shot.progress("reflections", len(shot.sources), len(shot.sources) - len(missing))
    if missing:
        sky = load_sky(wanted, matting=shot.matting)
        rotations, bent = rotations_of(shot, track), track.distortions()
        with BoundedPool() as pool:
            for source, frame in prefetch(shot.reader.frames(missing)):
                index = index_of[source]
                lens = Lens.of(track.focal(index), bent[index], *shot.shown_size)
                seen = sky.at(seconds_of(shot, track, index))
                pool.submit(partial(_make, shot, source, frame, seen, (rotations[index], lens)))
                progress.step()
    fill_copies(shot, shot.folder.reflection)
    return StageReport(progress.finish())


def mirror_of(shot: Shot, source: int) -> tuple[LinearRGB, Matte] | None:
    """Gain and share of a source frame; None where reflections are not wanted."""
    if shot.job.settings.look.reflections == 0:
        return None
    return read_plate(shot.folder.reflection(shot.number_of[source]))


def _make(shot: Shot, source: int, frame: FrameRGB, sky: SkyPicture, camera: tuple[Matrix3, Lens]) -> None:
    size = shot.shown_size
    matte, plate = at_size(matte_of(shot, source), size), at_size(plate_of(shot, source)[0], size)
    gain, share = reflection(at_size(frame, size), matte, plate, sky, camera)
    data = encode_plate(at_size(gain, shot.stored_size), at_size(share, shot.stored_size))
    shot.written.write(shot.folder.reflection(shot.number_of[source]), data)
