# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar join``: the parts of a clip together again."""

from __future__ import annotations

from dataclasses import replace

import typer

from ..job.job_file import read_result_job
from . import options, running
from .part import FolderArgument


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("join")(join)


def join(folder: FolderArgument, as_json: options.JsonOption = False) -> None:
    """Compare what all parts of a clip have made, and make the previews: the result is as if made in one."""
    with running.reported_errors(as_json):
        root = folder.expanduser().absolute()
        job = replace(read_result_job(root), output=str(root))
    running.run_all([job], as_json, "joined")
