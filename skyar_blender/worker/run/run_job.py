# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a job from beginning to end: the pipeline, with what stands around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from ...common.sky_library import find_sky
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.layout import OutputFolder
from ..fetched_weights import file_of, weights_of
from ..job.loaded import Loaded
from ..job.running_job import RunningJob
from ..job.weights_note import NOTE, FetchedWeights
from ..process.control import CancelToken
from ..process.progress import Emit
from ..trial import show_together
from ..wandb_log.of_shot import log_run
from .failures import told_failures
from .joined import check_parts
from .pipeline import Listeners, run_pipeline

#: What is done of a job: all of it; what has to see the whole clip, before others work on parts of it; or the rest,
#: once all parts are there.
Extent = Literal["whole", "findings", "joined"]


def run_job(
    job: Job,
    emit: Emit,
    token: CancelToken,
    log_to: Callable[[Path], None] | None = None,
    extent: Extent = "whole",
    loaded: Loaded | None = None,
) -> dict[str, Any]:
    """Do the job, telling of it through ``emit``; the figures of the report.

    What is complete in the output folder is used and not made again. ``log_to`` is called with the path of the
    log once the folder is there. ``loaded``: what earlier jobs have left loaded.

    Raises:
        SkyarError: anything that a person has to know; never emitted here, so that each caller tells it once.
    """
    output = Path(job.output)
    with told_failures(output, OutputFolder(output).log):
        return _run(job, emit, token, log_to, extent, loaded or Loaded(alone=True))


def _run(
    job: Job,
    emit: Emit,
    token: CancelToken,
    log_to: Callable[[Path], None] | None,
    extent: Extent,
    loaded: Loaded,
) -> dict[str, Any]:
    _check_sky(job)
    fetched = weights_of(job.settings.matting_weights, Path(job.output), token)

    def begin(running: RunningJob) -> None:
        if extent == "joined":
            check_parts(running)
        if isinstance(fetched, FetchedWeights):
            running.save_state(NOTE, fetched.to_dict())

    def show_and_log(running: RunningJob) -> None:
        if job.trial is not None:
            show_together(running, job.trial)
        if job.wandb is not None and job.wandb.mode != "off":
            log_run(running, job.wandb)

    listen = Listeners(log_to, begin, show_and_log)
    return run_pipeline(job, file_of(fetched), emit, token, listen, loaded, extent == "findings")


def _check_sky(job: Job) -> None:
    """Find a wrong name of a sky before anything is made."""
    if job.sky is None:
        return
    source = job.sky.source
    if Path(source).is_absolute():
        if not Path(source).is_file():
            raise SkyarError(
                ErrorCode.SKY_UNREADABLE,
                f"There is no sky picture at {source}.",
                "The file was moved or renamed, or its disk is not there.",
                "Give the path of an existing picture, or the name of a shipped sky.",
            )
    else:
        find_sky(source)
