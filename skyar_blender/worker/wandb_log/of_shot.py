# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs the run that has just ended; what goes wrong is told, and the result stays as it is."""

from __future__ import annotations

import logging

from ...contract import events
from ...contract.wandb import Wandb, WandbMode, sync_command
from ..job.running_job import RunningJob
from .finished import LOGGED
from .launch import Logged, NotLoggedError, log_folder, new_id, offline

_log = logging.getLogger("skyar")


def log_run(running: RunningJob, settings: Wandb) -> None:
    """Log the complete result of ``running``, once: a rerun that makes nothing new is no new run.

    Where the server cannot be reached the run is written to the disk, and the person is told how to send it.
    """
    computed = any(row.computed for row in running.gathered.rows.values())
    before = running.load_state(LOGGED)
    place = {"project": settings.project, "entity": settings.entity}
    if not computed and isinstance(before, dict) and _is_as(before, {**place, "mode": settings.mode}):
        return
    found = _logged(running, settings)
    if found is None:
        return
    logged, mode = found
    about = {"id": logged.id, "folder": logged.folder.as_posix(), "url": logged.url, "video": logged.video}
    running.save_state(LOGGED, {**place, "mode": mode, **about})
    running.emit(events.Artifact(name="wandb", path=logged.url or logged.folder.as_posix()))


def _is_as(note: dict[str, str], place: dict[str, str]) -> bool:
    return all(note.get(key) == value for key, value in place.items())


def _logged(running: RunningJob, settings: Wandb) -> tuple[Logged, WandbMode] | None:
    """The run and how it was logged in the end; None where it was not."""
    lost = "The run was not logged to Weights & Biases; the result itself is complete."
    name = new_id()  # the same run, should it have to be sent later
    try:
        return log_folder(running.folder.root, settings, running.token, name=name), settings.mode
    except NotLoggedError as error:
        failure = error
    _log.warning("not logged: %s", failure.why)
    if settings.mode == "online" and not running.token.cancelled:
        try:
            logged = log_folder(running.folder.root, offline(settings), running.token, name=name)
        except NotLoggedError as error:
            _log.warning("nor to the disk: %s", error.why)
        else:
            kept = "The run was not sent to Weights & Biases but written to the disk; the result itself is complete."
            todo = f"{failure.todo} To send the run then: {sync_command(logged.folder)}"
            _tell(running, kept, NotLoggedError(failure.why, todo))
            return logged, "offline"
    _tell(running, lost, failure)
    return None


def _tell(running: RunningJob, what: str, error: NotLoggedError) -> None:
    """Not a figure of the report, which is written: logging leaves the files of a render as they are without it."""
    running.emit(events.Warning(code="not_logged", what=what, why=error.why, todo=error.todo))
