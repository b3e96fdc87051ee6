# SPDX-License-Identifier: GPL-3.0-or-later
"""A job in a process that may be killed, or limited by the system."""

from __future__ import annotations

import resource
from multiprocessing.connection import Connection

from skyar_blender.contract.errors import SkyarError
from skyar_blender.contract.job import Job
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job


def do_jobs(jobs: list[Job], reported: Connection, largest: int | None) -> None:
    """Do ``jobs``, and tell of the end of each; no file may become longer than ``largest`` bytes."""
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    for job in jobs:
        try:
            run_job(job, lambda event: None, CancelToken())
            reported.send(("done", ""))
        except SkyarError as error:
            reported.send((str(error.code), str(error)))
