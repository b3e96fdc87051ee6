# SPDX-License-Identifier: GPL-3.0-or-later
"""From a checked job to its report, stage by stage."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ... import __version__
from ...contract import events
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.report import RunFigures
from ...engine.media.clip import source_frames
from ..clip.clip_watch import ClipWatch
from ..clip.projection import check_projection
from ..clip.working_clip import open_working_clip
from ..job.camera_motion import read_motion
from ..job.clip_damage import long_hold, tell_after, tell_before
from ..job.computing import Computing
from ..job.corrections import check_corrections
from ..job.disk_space import check_disk_space
from ..job.folder import TakenFolder, take_folder
from ..job.foretold import foresee, keep_speed
from ..job.gathered import StageReport
from ..job.loaded import Loaded
from ..job.matting import device_of
from ..job.report import write_report
from ..job.running_job import RunningJob
from ..process.age import begun
from ..process.control import CancelToken
from ..process.heartbeat import told_again
from ..process.job_clock import JobClock
from ..process.memory import give_back_memory
from ..process.progress import Emit
from . import changed_options
from .reuse import bring_inputs, bring_results, result_to_reuse, reused

_log = logging.getLogger("skyar")


@dataclass(frozen=True)
class Listeners:
    """What wants to know of a running job from outside.

    Attributes:
        log: called with the path of the log once the folder is there.
        begun: called before the first stage.
        finished: called with the job at work once its report is written, as long as its folder is held.
    """

    log: Callable[[Path], None] | None = None
    begun: Callable[[RunningJob], None] | None = None
    finished: Callable[[RunningJob], None] | None = None


def run_pipeline(
    job: Job,
    weights: Path | None,
    emit: Emit,
    token: CancelToken,
    listen: Listeners,
    loaded: Loaded,
    findings_alone: bool = False,
) -> dict[str, Any]:
    """Do the job with the network's ``weights`` (None: those that come with SkyAR), telling of it through ``emit``.

    Gives the figures of the report. What is complete in the output folder is used and not made again.
    ``findings_alone`` ends before the plates and skies of single frames, once all is found that these need.

    Raises:
        SkyarError: anything that a person has to know.
    """
    started = time.monotonic()
    device = device_of(job, weights)
    other = result_to_reuse(job)
    if other is not None:
        bring_inputs(other, job)
    watch = ClipWatch(job.clip)
    reader = open_working_clip(job)
    order = source_frames(job.clip, reader)
    long_hold(job, reader, order)  # raises where it is too long
    check_corrections(job, len(order))
    check_projection(job, reader)
    read_motion(job, len(order))
    matting = partial(loaded.matting, job, weights, device)
    if other is None:
        matting()  # so that nothing is begun without a network
    with take_folder(job) as taken:
        folder = taken.folder
        if listen.log is not None:
            listen.log(folder.log)
        _log.info("SkyAR %s, Python %s, %s", __version__, sys.version.split()[0], folder.root)
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
            loaded=loaded,
            computing=Computing(device, job.device == "auto"),
        )
        running.tell_started(taken.resumed)
        taken.verify(token, emit, partial(changed_options.outdated, taken.changed))
        if taken.changed:
            running.warn("options_changed", *changed_options.words(taken.changed))
        if words := taken.words():
            running.warn("files_damaged", *words)
        running.gathered.take(StageReport(figures=[tell_before(running)]))
        check_disk_space(running)
        if listen.begun is not None:
            listen.begun(running)
        try:
            if other is not None:
                bring_results(other, running)
            running.gathered.take(StageReport(figures=[RunFigures(device=device, reused=reused(running))]))
            work = foresee(running)
            with told_again(running.clock, (folder.root, Path(job.clip.path))):
                _run_stages(running, findings_alone)
            watch.check()
        except Exception as error:
            _try_report(running)
            if not (isinstance(error, SkyarError) and error.code is ErrorCode.CANCELLED):
                taken.written.check_there()
                _check_clip(watch, taken)
            raise
        running.gathered.take(StageReport(figures=[tell_after(running)]))
        figures = write_report(running, complete=not findings_alone)
        emit(events.Artifact(name="report", path=folder.report.as_posix()))
        if not findings_alone:
            keep_speed(running, work)
        if listen.finished is not None and not findings_alone:
            listen.finished(running)
        emit(events.Done(output=folder.root.as_posix(), figures=figures))
        return figures


def _run_stages(running: RunningJob, findings_alone: bool) -> None:
    from ..stages import grain, light, matte, preview, rain, second_look, second_pass, sky, track

    folder, emit, wanted, take = running.folder, running.emit, running.job.stages, running.gathered.take
    followed, reported = matte.run(running)
    take(reported)
    emit(events.Artifact(name="matte", path=folder.matte_pattern.as_posix()))
    if "track" not in wanted:
        return
    solved, reported = track.run(running, followed)
    take(reported)
    take(second_look.run(running, solved))
    running.loaded.mattes_are_made()
    emit(events.Artifact(name="track", path=folder.track.as_posix()))
    if "plate" not in wanted:
        return
    files = second_pass.SecondPass(running)
    if "sky" not in wanted:
        take(files.run(None, None))
        emit(events.Artifact(name="plate", path=folder.plate_pattern.as_posix()))
        return
    give_back_memory()  # which mattes and tracks were made in
    new_sky = sky.NewSky(running, solved)
    take(new_sky.report())
    together = findings_alone or ("preview" in wanted and preview.go_along(running))
    if together:
        new_sky.look()
    else:
        take(files.run(new_sky, None))
    lights, reported = light.run(running, solved, new_sky.daylight)
    take(reported)
    noise, reported = grain.run(running, lights)
    take(reported)
    take(rain.run(running, solved))
    if findings_alone:
        return
    previews = preview.Previews(running, lights, noise) if "preview" in wanted else None
    if together:
        # Where all images are there, seconds of earlier movies may be.
        on_the_way = previews is not None and previews.missing and files.makes_some(new_sky)
        take(files.run(new_sky, previews if on_the_way else None))
    emit(events.Artifact(name="plate", path=folder.plate_pattern.as_posix()))
    emit(events.Artifact(name="sky", path=folder.sky_pattern.as_posix()))
    if previews is not None:
        take(preview.run(running, previews))
        if running.job.settings.previews:
            emit(events.Artifact(name="preview", path=folder.preview.as_posix()))
            emit(events.Artifact(name="compare", path=folder.compare.as_posix()))


def _check_clip(watch: ClipWatch, taken: TakenFolder) -> None:
    """After a failure: raise ``clip_changed`` in its place where the clip is no longer what it was."""
    try:
        watch.check()
    except SkyarError:
        if watch.replaced:
            taken.forget_clip()
        raise


def _try_report(running: RunningJob) -> None:
    try:
        write_report(running, complete=False)
    except (SkyarError, ValueError) as error:
        _log.warning("no report: %s", error)
