# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar matte``: only the mattes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...contract.job import Job, Settings
from . import options, running


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("matte", epilog="Example: skyar matte walk.mp4 --output mattes/")(matte)


def matte(
    clip: options.ClipArgument,
    output: Annotated[Path, typer.Option(help="Folder for the result; mattes are in its matte/ folder.")],
    first: options.FirstOption = 0,
    last: options.LastOption = None,
    rate: options.RateOption = None,
    quality: options.QualityOption = "normal",
    device: options.DeviceOption = "auto",
    as_json: options.JsonOption = False,
) -> None:
    """Find the sky of CLIP: 16-bit grey pictures, white is sky."""
    with running.told_errors(as_json):
        job = Job(
            clip=options.clip_from(clip, first, last, rate),
            output=str(output.expanduser().absolute()),
            settings=Settings(quality=quality),
            device=device,
            until="matte",
        )
    running.run(job, as_json)
