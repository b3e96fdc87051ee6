# SPDX-License-Identifier: GPL-3.0-or-later
"""What the matting method says of each frame, kept until the frames of a shot are compared."""

from __future__ import annotations

import shutil

from ...engine.matte.over_time.prediction import Prediction
from ...engine.media.pictures import encode_matte_png, read_matte_png
from ..shot import Shot

#: Name, in the state folder, of the source frames that other frames contradict, and those that are the same anyway.
CONTRADICTED = "contradicted"


def keep(shot: Shot, source: int, prediction: Prediction) -> None:
    """Write the prediction of a source frame."""
    shot.written.write(shot.folder.prediction(shot.number_of[source]), encode_matte_png(prediction.packed()))


def read(shot: Shot, source: int) -> Prediction | None:
    """That of a source frame, or None where there is none."""
    path = shot.folder.prediction(shot.number_of[source])
    return Prediction.unpacked(read_matte_png(path)) if path.exists() else None


def compared(shot: Shot) -> bool:
    """Whether the frames were compared, so that no prediction is needed any more."""
    return shot.kept(CONTRADICTED) is not None


def lost(shot: Shot) -> set[int]:
    """Source frames whose prediction is gone, though others are there and were not compared yet."""
    folder = shot.folder.prediction(1).parent
    if compared(shot) or not folder.is_dir():
        return set()
    return {
        source
        for source in shot.sources
        if shot.folder.matte(shot.number_of[source]).exists()
        and not shot.survey.fade_of(source).blank
        and shot.survey.dissolve_of(source) is None
        and not shot.folder.prediction(shot.number_of[source]).exists()
    }


def forget(shot: Shot) -> None:
    """Remove all: they were compared."""
    shutil.rmtree(shot.folder.prediction(1).parent, ignore_errors=True)
