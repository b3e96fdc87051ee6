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
from ...engine.sky_image import SkyImage
from ...engine.types import FrameRGB, LinearRGB, Matrix3, Matte
from ..job.gathered import StageReport
from ..job.running_job import RunningJob
from ..stored.images import matte_of, plate_of
from .copies import fill_copies
from .sky import rotations_of, seconds_of


def run(running: RunningJob, track: Track) -> StageReport:
    """Make what is missing of ``reflection/``; ``track`` holds the source frames in use, ascending."""
    wanted = running.job.sky
    if running.job.settings.look.reflections == 0 or wanted is None:
        return StageReport()
    index_of = {source: index for index, source in enumerate(running.sources)}
    missing = [each for each in running.sources if not running.folder.reflection(running.number_of[each]).exists()]
    progress = running.progress("reflections", len(running.sources), len(running.sources) - len(missing))
    if missing:
        sky = load_sky(wanted, matting=running.matting)
        rotations, distorted = rotations_of(running, track), track.distortions()
        with BoundedPool() as pool:
            for source, frame in prefetch(running.reader.frames(missing)):
                index = index_of[source]
                lens = (
                    None if running.spherical else Lens.of(track.focal(index), distorted[index], *running.shown_size)
                )
                seen = sky.at(seconds_of(running, track, index))
                pool.submit(partial(_make, running, source, frame, seen, (rotations[index], lens)))
                progress.step()
    fill_copies(running, running.folder.reflection)
    return StageReport(progress.finish())


def mirror_of(running: RunningJob, source: int) -> tuple[LinearRGB, Matte] | None:
    """Gain and share of a source frame; None where reflections are not wanted."""
    if running.job.settings.look.reflections == 0:
        return None
    return read_plate(running.folder.reflection(running.number_of[source]))


def _make(
    running: RunningJob, source: int, frame: FrameRGB, sky: SkyImage, camera: tuple[Matrix3, Lens | None]
) -> None:
    size = running.shown_size
    matte, plate = at_size(matte_of(running, source), size), at_size(plate_of(running, source)[0], size)
    gain, fraction = reflection(at_size(frame, size), matte, plate, sky, camera)
    data = encode_plate(at_size(gain, running.stored_size), at_size(fraction, running.stored_size))
    running.written.write(running.folder.reflection(running.number_of[source]), data)
