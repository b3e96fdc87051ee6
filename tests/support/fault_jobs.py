# SPDX-License-Identifier: GPL-3.0-or-later
"""A tiny job, and jobs in a process that may be killed or limited by the system."""

from __future__ import annotations

import resource
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from skyar_blender.contract.errors import SkyarError
from skyar_blender.contract.job import Clip, Job, Settings, Sky
from skyar_blender.engine.media.images import write_png
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job
from support.clips import landscape, write_movie

#: Frames of the tiny clip.
COUNT = 6


def tiny_job(folder: Path) -> Job:
    """All stages of a tiny clip, which lies in ``folder`` as its sky does."""
    clip = write_movie(folder / "clip.mp4", [landscape(index) for index in range(COUNT)])
    write_png(folder / "sky.png", np.full((32, 64, 3), (200, 120, 90), np.uint8))
    return Job(
        clip=Clip(path=str(clip)),
        sky=Sky(source=str(folder / "sky.png")),
        output=str(folder / "out"),
        settings=Settings(quality="draft", matte_method="adaptive"),
    )


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
