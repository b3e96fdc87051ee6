# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of rain, where it is to rain."""

from __future__ import annotations

from functools import partial

import numpy as np

from ...contract.track_file import Track
from ...engine.composite.rain import PICTURES, rain_picture
from ...engine.media.pictures import encode_matte_png, read_matte_png
from ...engine.media.prefetch import BoundedPool
from ...engine.types import Matte
from ..gathered import StageReport
from ..shot import Shot


def run(shot: Shot, track: Track) -> StageReport:
    """Make what is missing of ``rain/``; the lens is that of the first frame of ``track``."""
    if shot.job.settings.look.rain == 0:
        return StageReport()
    missing = [number for number in range(PICTURES) if not shot.folder.rain(number + 1).exists()]
    progress = shot.progress("rain", PICTURES, PICTURES - len(missing))
    with BoundedPool() as pool:
        for number in missing:
            pool.submit(partial(_write, shot, number, track.focal(0)))
            progress.step()
    return StageReport(progress.finish())


def rain_at(shot: Shot, index: int) -> Matte | None:
    """The picture of rain that frame ``index`` of the job shows, 0..1; None where it does not rain."""
    if shot.job.settings.look.rain == 0:
        return None
    stored = read_matte_png(shot.folder.rain(1 + index % PICTURES))
    return np.asarray(stored.astype(np.float32) / np.float32(65535))


def _write(shot: Shot, number: int, focal: float) -> None:
    picture = rain_picture(shot.reader.width, shot.reader.height, focal, float(shot.reader.rate), number)
    # 256 levels of 16 bits: finer ones would only make the file large.
    levels = np.rint(picture * 255).astype(np.uint16) * 257
    shot.written.write(shot.folder.rain(number + 1), encode_matte_png(levels))
