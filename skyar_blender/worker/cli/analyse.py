# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar analyse``: the first step of a farm's job, from a job file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ..job.job_file import read_job
from . import options, running


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("analyse")(analyse)


def analyse(
    job: Annotated[Path, typer.Argument(metavar="JOB", help="A job file.", show_default=False)],
    output: Annotated[Path | None, typer.Option(help="Folder for the result; the job's, if not given.")] = None,
    as_json: options.JsonOption = False,
) -> None:
    """Do of the job in JOB what skyar split does: all that has to see the whole clip."""
    with running.reported_errors(as_json):
        read = read_job(job)
        if output is not None:
            read = replace(read, output=str(output.expanduser().absolute()))
    running.run_all([read], as_json, "findings")
