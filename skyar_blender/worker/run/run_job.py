# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a job from beginning to end: the pipeline, with what stands around it."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...common.sky_library import find_sky
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.layout import OutputFolder
from ...engine.media.atomic import explained
from ..fetched_weights import file_of, weights_of
from ..job.running_job import RunningJob
from ..job.weights_note import NOTE, FetchedWeights
from ..process.control import CancelToken
from ..process.progress import Emit
from ..trial import show_together
from ..wandb_log.of_shot import log_run
from .pipeline import Listeners, run_pipeline


def run_job(job: Job, emit: Emit, token: CancelToken, log_to: Callable[[Path], None] | None = None) -> dict[str, Any]:
    """Do the job, telling of it through ``emit``; the figures of the report.

    What is complete in the output folder is used and not made again. ``log_to`` is called with the path of the
    log once the folder is there.

    Raises:
        SkyarError: anything that a person has to know; never emitted here, so that each caller tells it once.
    """
    try:
        return _run(job, emit, token, log_to)
    except SkyarError:
        raise
    except OSError as error:  # the disk's, or the system's: no mistake of SkyAR
        traceback.print_exc()
        with explained(Path(error.filename or job.output)):
            raise
        raise AssertionError("explained() raises") from error
    except Exception as error:
        traceback.print_exc()
        raise SkyarError(
            ErrorCode.INTERNAL,
            "SkyAR stopped because of a mistake of its own.",
            f"{type(error).__name__}: {error}",
            f"Please report it with the log {OutputFolder(Path(job.output)).log}. What is complete is kept.",
        ) from error


def _run(job: Job, emit: Emit, token: CancelToken, log_to: Callable[[Path], None] | None) -> dict[str, Any]:
    _check_sky(job)
    fetched = weights_of(job.settings.matting_weights, Path(job.output), token)

    def note_weights(running: RunningJob) -> None:
        if isinstance(fetched, FetchedWeights):
            running.save_state(NOTE, fetched.to_dict())

    def show_and_log(running: RunningJob) -> None:
        if job.trial is not None:
            show_together(running, job.trial)
        if job.wandb is not None and job.wandb.mode != "off":
            log_run(running, job.wandb)

    return run_pipeline(job, file_of(fetched), emit, token, Listeners(log_to, note_weights, show_and_log))


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
