# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar change-sky``: another sky for a finished result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ...common.changed_sky import with_other_sky
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.layout import OutputFolder
from ..job.job_file import read_result_job
from . import options, running
from .job_options import takes_options_of

_EPILOG = """Examples:

skyar change-sky out/ --sky cloudy --output out-cloudy/

skyar change-sky out/ --sky-rotation 60 --sky-raised 3 --output out-turned/

What is not said stays as it was; auto lets SkyAR find light or horizon again. Matte, motion and clean plate are taken
over, so it takes a fraction of the time; the other result stays as it is."""


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("change-sky", epilog=_EPILOG)(change_sky)


@takes_options_of("change-sky")
def change_sky(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder of a result.", show_default=False)],
    output: Annotated[Path, typer.Option(help="Folder for the new result; new, empty, or of this same job.")],
    sky: Annotated[str | None, typer.Option(help="Name of a shipped sky, or a picture's path.")] = None,
    as_json: options.JsonOption = False,
    **chosen: Any,
) -> None:
    """Give the finished RESULT another sky, or place its sky anew."""
    with running.reported_errors(as_json):
        folder = result.expanduser().absolute()
        before = _job_of(folder)
        target = str(output.expanduser().absolute())
        source = None if sky is None else options.sky_source(sky)
        try:
            # Where it runs is that of now, not that of the result.
            job = with_other_sky(before, str(folder), target, source, {"device": "auto", **chosen})
        except ValueError as error:
            raise options.bad_options(error) from error
    running.run(job, as_json)


def _job_of(folder: Path) -> Job:
    layout = OutputFolder(folder)
    if not layout.job.is_file() and not layout.record.is_file():
        raise SkyarError(
            ErrorCode.BAD_JOB,
            f"There is no result in {folder}.",
            "It has no job.json.",
            "Give the output folder of skyar replace, or of Replace Sky in Blender.",
        )
    job = read_result_job(folder)
    if job.sky is None:
        raise SkyarError(
            ErrorCode.BAD_JOB,
            f"The result in {folder} has no sky that could be changed.",
            "It is a matte or a track only.",
            "Run skyar replace on the clip.",
        )
    return job
