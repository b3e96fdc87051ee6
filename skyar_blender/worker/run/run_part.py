# SPDX-License-Identifier: GPL-3.0-or-later
"""A part of a clip: the clean plates, skies and reflections of its frames, from what was found of the whole clip."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ...contract import events
from ...contract.errors import ErrorCode, SkyarError
from ...contract.layout import OutputFolder
from ...contract.part import Part
from ...contract.track_file import Track
from ...engine.composite.clean_plate import REACH
from ...engine.matte.interface import MatteMethod
from ...engine.media.clip import source_frames
from ..clip.clip_watch import ClipWatch
from ..clip.survey import Survey
from ..clip.working_clip import open_working_clip
from ..fetched_weights import file_of, weights_of
from ..files.verification import words_of_damaged
from ..job.computing import Computing
from ..job.foretold import foresee
from ..job.matting import device_of, matting_of
from ..job.parts import TakenPart, check_finding, take_part
from ..job.running_job import RunningJob
from ..process.age import begun
from ..process.control import CancelToken
from ..process.heartbeat import told_again
from ..process.job_clock import JobClock
from ..process.progress import Emit
from ..stages.grain import MEASURED
from ..stages.light import NEW_SKY
from ..stages.second_pass import SecondPass
from ..stages.sky import PLACEMENT, SKY, NewSky
from ..stages.survey import SURVEY
from ..stages.track import SOLVED
from .failures import told_failures

#: What must have been found of the whole clip, in the state folder.
_FOUND = (*(f"{name}.json" for name in (SURVEY, PLACEMENT, SKY, NEW_SKY, MEASURED)), SOLVED)


def run_part(
    root: Path, part: Part, emit: Emit, token: CancelToken, log_to: Callable[[Path], None] | None = None
) -> None:
    """Make what is missing of ``part`` in ``root``, the output folder of a job that was split.

    Raises:
        SkyarError: anything that a person has to know.
    """
    log = OutputFolder(root).part_log(part)
    with told_failures(root, log), take_part(root, part) as taken:
        if log_to is not None:
            log_to(log)
        watch = ClipWatch(taken.job.clip)
        running = _running(taken, part, emit, token)
        try:
            _make(running, taken)
        finally:
            running.tell_of_device()
            watch.check()
        emit(events.Done(output=root.as_posix(), figures={}))


def _running(taken: TakenPart, part: Part, emit: Emit, token: CancelToken) -> RunningJob:
    job, folder, started = taken.job, taken.folder, time.monotonic()
    reader = open_working_clip(job)
    order = source_frames(job.clip, reader)
    if part.last > len(order):
        raise SkyarError(
            ErrorCode.BAD_JOB,
            f"There is no part {part}.",
            f"The job in {folder.root} has {len(order)} frames, counted from 1.",
            "Give a part within it.",
        )

    @cache
    def matting() -> MatteMethod:
        """Only for the ground in a picture of the user's own."""
        weights = file_of(weights_of(job.settings.matting_weights, folder.root, token))
        return matting_of(job, weights, device_of(job, weights))

    given = job.settings.matting_weights
    computing = Computing(device_of(job, None if given is None else Path(given)), job.device == "auto")
    running = RunningJob(
        job,
        folder,
        taken.written,
        reader,
        order,
        emit,
        token,
        JobClock(begun()),
        matting,
        started=started,
        computing=computing,
        part=part,
    )
    running.tell_started(resumed=bool(taken.written.known))
    if words := words_of_damaged(taken.damaged, taken.folder):
        running.warn("files_damaged", *words)
    return running


def _make(running: RunningJob, taken: TakenPart) -> None:
    for name in _FOUND:
        check_finding(taken, running.folder.state / name)
    running.survey = Survey.from_dict(running.load_state(SURVEY))
    for place in sorted({near for each in running.places for near in range(each - REACH, each + REACH + 1)}):
        if 0 <= place < len(running.sources):
            running.token.check()
            check_finding(taken, running.folder.matte(running.number_of[running.sources[place]]))
    track = Track.from_json((running.folder.state / SOLVED).read_text(encoding="utf-8"))
    foresee(running)
    with told_again(running.clock, (running.folder.root,)):
        SecondPass(running).run(NewSky(running, track), None)
