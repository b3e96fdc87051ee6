# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar matte``: only the mattes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...contract.job import DEFAULT_MATTE_METHOD, Job
from . import masks, options, running

_EPILOG = """Examples:

skyar matte walk.mp4 --output mattes/

skyar matte walk.mp4 --keep-mask facade.png --sky-mask gap.png:20-45 --output mattes/"""


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("matte", epilog=_EPILOG)(matte)


def matte(
    clip: options.ClipArgument,
    output: Annotated[Path, typer.Option(help="Folder for the result; mattes are in its matte/ folder.")],
    first: options.FirstOption = 0,
    last: options.LastOption = None,
    rate: options.RateOption = None,
    quality: options.QualityOption = "normal",
    matte_method: options.MatteMethodOption = DEFAULT_MATTE_METHOD,
    matting_weights: options.MattingWeightsOption = None,
    sky_mask: masks.SkyMaskOption = None,
    keep_mask: masks.KeepMaskOption = None,
    device: options.DeviceOption = "auto",
    as_json: options.JsonOption = False,
) -> None:
    """Find the sky of CLIP: 16-bit grey pictures, white is sky."""
    with running.told_errors(as_json):
        job = Job(
            clip=options.clip_from(clip, first, last, rate),
            output=str(output.expanduser().absolute()),
            settings=options.settings_from(
                matte_method,
                matting_weights,
                quality=quality,
                corrections=masks.corrections_from(sky_mask, keep_mask),
            ),
            device=device,
            until="matte",
        )
    running.run(job, as_json)
