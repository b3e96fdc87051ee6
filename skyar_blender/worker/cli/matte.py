# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar matte``: only the mattes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ...contract.job import Job, Settings
from . import masks, options, running
from .job_options import takes_options_of, with_chosen

_EPILOG = """Examples:

skyar matte walk.mp4 --output mattes/

skyar matte walk.mp4 --keep-mask facade.png --sky-mask gap.png:20-45 --output mattes/"""


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("matte", epilog=_EPILOG)(matte)


@takes_options_of("matte")
def matte(
    clip: options.ClipArgument,
    output: Annotated[Path, typer.Option(help="Folder for the result; mattes are in its matte/ folder.")],
    sky_mask: masks.SkyMaskOption = None,
    keep_mask: masks.KeepMaskOption = None,
    as_json: options.JsonOption = False,
    **chosen: Any,
) -> None:
    """Find the sky of CLIP: 16-bit grey images, white is sky."""
    with running.reported_errors(as_json):
        try:
            job = Job(
                clip=options.clip_from(clip),
                output=str(output.expanduser().absolute()),
                settings=Settings(corrections=masks.corrections_from(sky_mask, keep_mask)),
                until="matte",
            )
            job = with_chosen("matte", job, chosen)
        except ValueError as error:
            raise options.bad_options(error) from error
    running.run(job, as_json)
