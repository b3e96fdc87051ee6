# SPDX-License-Identifier: GPL-3.0-or-later
"""What the matting method says of each frame, kept until the frames of a shot are compared."""

from __future__ import annotations

import shutil

from ...engine.matte.over_time.prediction import StoredPrediction
from ...engine.media.images import encode_matte_png, read_matte_png
from ..job.running_job import RunningJob

#: Name, in the state folder, of the source frames that other frames contradict, and those that are the same anyway.
CONTRADICTED = "contradicted"


def keep(running: RunningJob, source: int, prediction: StoredPrediction) -> None:
    """Write the prediction of a source frame."""
    running.written.write(running.folder.prediction(running.number_of[source]), encode_matte_png(prediction.packed()))


def read(running: RunningJob, source: int) -> StoredPrediction | None:
    """That of a source frame, or None where there is none."""
    path = running.folder.prediction(running.number_of[source])
    return StoredPrediction.unpacked(read_matte_png(path)) if path.exists() else None


def compared(running: RunningJob) -> bool:
    """Whether the frames were compared, so that no prediction is needed any more; those of a draft never are."""
    return running.draft or running.load_state(CONTRADICTED) is not None


def lost(running: RunningJob) -> set[int]:
    """Source frames whose prediction is gone, though others are there and were not compared yet."""
    folder = running.folder.prediction(1).parent
    if compared(running) or not folder.is_dir():
        return set()
    return {
        source
        for source in running.sources
        if running.folder.matte(running.number_of[source]).exists()
        and not running.survey.fade_of(source).blank
        and running.survey.dissolve_of(source) is None
        and not running.folder.prediction(running.number_of[source]).exists()
    }


def forget(running: RunningJob) -> None:
    """Remove all: they were compared."""
    shutil.rmtree(running.folder.prediction(1).parent, ignore_errors=True)
