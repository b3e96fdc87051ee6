# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the camera tracking on clips that were filmed or rendered, with their truth where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from ...engine.matte.interface import MatteMethod, PreviousFrame
from ...engine.matte.samples import SAMPLES, sample_of
from ...engine.track.geometry.rotations import camera_matrix
from ...engine.types import FrameRGB, Matrix3, StoredMatte
from ...worker.job.running_job import evenly_spread
from ...worker.stages.matte import store
from ..metrics.truth import read_truth
from ..tracking.loop_closure import loop_closure_error, loop_closures
from ..tracking.recorded import camera_truth, fitted_truth, recorded_orientation
from ..tracking.track_errors import TrackErrors, Truth, corner_errors
from .footage import Footage
from .tracking import CaseFigures, OtherTracker, TrackerRun, follow_clip, from_start

#: Seconds after which a camera that sees the same again has returned.
_RETURN_SECONDS = 1.0


def evaluate_clip(
    path: Path,
    footage: Footage,
    method: MatteMethod,
    step: Callable[[], None],
    other: Callable[[], OtherTracker] | None,
    limit: int | None = None,
) -> CaseFigures:
    """Follow the camera through the first ``limit`` frames of a clip; ``step`` is called after each.

    Mattes are the exact ones of ``footage``, else those of ``method``.

    Raises:
        SkyarError: a file cannot be read, or what the method or the tracker raises.
    """
    reader = footage.reader
    size = (reader.width, reader.height)
    numbers = list(range(min(reader.count, limit or reader.count)))
    images = _exact(footage, numbers) if footage.alphas is not None else _matted(footage, numbers, method)
    run = follow_clip(images, size, float(reader.rate), None, step, other)
    truths = _truths(path, run)
    return CaseFigures(
        path.name,
        run,
        truths,
        _errors(run.homographies, truths, size, run.track.distortions()),
        None if run.other is None else _errors(run.other, truths, size),
        _returned(footage, run, run.homographies),
        None if run.other is None else _returned(footage, run, run.other),
    )


def _truths(path: Path, run: TrackerRun) -> list[Truth] | None:
    if path.is_dir():
        known = camera_truth(path)
        return None if known is None else known[: len(run.mattes)]
    recorded = recorded_orientation(path)
    if recorded is None:
        return None
    track = run.track
    # The recorded motion has the track's own lens.
    lens = camera_matrix(track.focal(0), track.width, track.height)
    return fitted_truth(recorded, [np.array(frame.rotation) for frame in track.frames], lens, track.distortions())


def _errors(
    homographies: Sequence[Matrix3],
    truths: Sequence[Truth] | None,
    size: tuple[int, int],
    distorted: Sequence[float] = (),
) -> TrackErrors | None:
    return None if truths is None else corner_errors(from_start(homographies, truths), truths, *size, distorted)


def _returned(footage: Footage, run: TrackerRun, homographies: Sequence[Matrix3]) -> list[float]:
    """Errors at returns. Those of each shot are found in our track, so that both trackers are asked the same."""
    reader, track = footage.reader, run.track
    starts = [index for index, frame in enumerate(track.frames) if index == 0 or frame.source == "cut"]
    found: list[float] = []
    for first, last in pairwise([*starts, len(track.frames)]):
        apart = max(2, round(_RETURN_SECONDS * track.fps))
        for pair in loop_closures(run.homographies[first:last], apart, track.width, track.height):
            earlier, later = first + pair.earlier, first + pair.later
            frames = dict(reader.frames([earlier, later]))
            between = homographies[later] @ np.linalg.inv(homographies[earlier])
            error = loop_closure_error(
                (frames[earlier], run.mattes[earlier]), (frames[later], run.mattes[later]), np.asarray(between)
            )
            if error is not None:
                found.append(error)
    return found


def _exact(footage: Footage, numbers: Sequence[int]) -> Iterator[tuple[FrameRGB, StoredMatte]]:
    assert footage.alphas is not None
    for number, frame in footage.reader.frames(numbers):
        yield frame, store(read_truth(footage.alphas[number], frame.shape[:2]))


def _matted(footage: Footage, numbers: Sequence[int], method: MatteMethod) -> Iterator[tuple[FrameRGB, StoredMatte]]:
    chosen = evenly_spread(list(numbers), SAMPLES)
    model = method.fit([sample_of(frame, method.sample_size) for _, frame in footage.reader.frames(chosen)])
    previous: PreviousFrame | None = None
    for _, frame in footage.reader.frames(numbers):
        matte = store(model.matte(frame, previous))
        previous = PreviousFrame(frame, matte)
        yield frame, matte
