# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar split``: a long clip for several machines."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from ...common.farm_bundle import TEMPLATE, FarmBundle
from ...contract.job import Job
from ...contract.part import PART_FRAMES, parts_of
from . import masks, options, running
from .job_options import takes_options_of
from .replace import OutputOption, SkyOption, job_from

_EPILOG = """Examples:

skyar split long.mp4 --sky sunset --output out/

skyar split long.mp4 --sky sunset --output out/ --bundle farm/

The first looks the whole clip over and prints the commands for the parts, which may run side by side, on any machine
that has the clip and the folder. The second does no work but writes a job for a render farm."""

PartFramesOption = Annotated[int, typer.Option(min=1, max=1_000_000, help="Frames of a part.")]


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("split", epilog=_EPILOG)(split)


@takes_options_of("replace")
def split(
    clip: options.ClipArgument,
    sky: SkyOption,
    output: OutputOption,
    part_frames: PartFramesOption = PART_FRAMES,
    bundle: Annotated[
        Path | None, typer.Option(help="Folder for a job for a render farm (Open Job Description), instead of work.")
    ] = None,
    sky_mask: masks.SkyMaskOption = None,
    keep_mask: masks.KeepMaskOption = None,
    as_json: options.JsonOption = False,
    **chosen: Any,
) -> None:
    """Look CLIP over, find mattes and motion, and leave the rest to skyar part and skyar join."""
    with running.reported_errors(as_json):
        job = job_from(clip, sky, output, sky_mask, keep_mask, chosen)
        frames = _frames(job)
        if bundle is not None:
            _write(FarmBundle(job, frames, part_frames), bundle.expanduser().absolute())
            return
    running.run_all([job], as_json, "findings")
    if not as_json:
        folder = shlex.quote(job.output)
        typer.echo("Then, side by side and on any machine:")
        for part in parts_of(frames, part_frames):
            typer.echo(f"skyar part {folder} {part}")
        typer.echo(f"Then once, when all are done:\nskyar join {folder}")


def _write(bundle: FarmBundle, folder: Path) -> None:
    from ...engine.media.atomic import explained

    with explained(folder):
        bundle.write(folder)
    typer.echo(f"{len(bundle.parts)} parts of {bundle.frames} frames: {folder}")
    typer.echo(f"For a farm: {shlex.join(['deadline', 'bundle', 'submit', str(folder)])}")
    here = ["openjd", "run", str(folder / TEMPLATE), "--step", "Join", "--run-dependencies"]
    typer.echo(f"Here: {shlex.join([*here, '-p', f'Output={bundle.job.output}'])}")


def _frames(job: Job) -> int:
    from ...engine.media.clip import open_clip, source_frames

    return len(source_frames(job.clip, open_clip(job.clip)))
