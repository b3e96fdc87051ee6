# SPDX-License-Identifier: GPL-3.0-or-later
"""The job of a result, read where no package is there to check it: in Blender's Python.

A worker reads jobs strictly (:mod:`skyar_blender.worker.job.job_file`); this takes what a worker once wrote.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..contract.correction import Correction
from ..contract.documents import read_object
from ..contract.file_record import read_record
from ..contract.job import JOB_VERSION, Clip, Job, Look, Settings, Sky
from ..contract.layout import OutputFolder
from ..contract.trial import Trial
from ..contract.wandb import Wandb


def stored_data(folder: OutputFolder) -> dict[str, Any]:
    """The job of a result as plain data, from the record of its files where its job.json is damaged.

    Raises:
        OSError: there is none.
        ValueError: neither can be read, or they do not agree.
    """
    recorded = read_record(folder).job
    try:
        stored = read_object(folder.job)
    except (OSError, ValueError) as error:
        if recorded is not None:
            return recorded
        if isinstance(error, OSError):
            raise
        raise ValueError(f"its job.json is damaged: {error}") from error
    if recorded is not None and recorded != stored:
        raise ValueError("its job.json is damaged or changed: it is not what the result was made by")
    return stored


def stored_job(folder: Path) -> Job:
    """The job of the result in ``folder``; what the version that wrote it did not know has its default.

    Raises:
        OSError: there is none.
        ValueError: it cannot be read, or another version of SkyAR wrote it.
    """
    try:
        data = stored_data(OutputFolder(folder))
        if data["version"] != JOB_VERSION:
            raise ValueError(f"version {data['version']!r}")
        settings = dict(data.get("settings", {}))
        settings["look"] = Look(**settings.get("look", {}))
        settings["corrections"] = [Correction(**each) for each in settings.get("corrections", ())]
        sky, wandb, trial = data.get("sky"), data.get("wandb"), data.get("trial")
        parts = {
            "clip": Clip(**data["clip"]),
            "sky": None if sky is None else Sky(**sky),
            "settings": Settings(**settings),
            "wandb": None if wandb is None else Wandb(**wandb),
            "trial": None if trial is None else Trial(**trial),
        }
        return Job(**{**data, **parts})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is no job of this version ({error})") from error
