# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar replace``: a clip with a new sky."""

from __future__ import annotations

import dataclasses
from functools import partial
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import typer

from ...contract.job import Job, Settings, Sky
from ...contract.wandb import DEFAULT_PROJECT
from . import masks, options, running, wandb_options
from .job_options import takes_options_of, with_chosen

_EPILOG = """Examples:

skyar replace walk.mp4 --sky sunset --output out/

skyar replace frames/ --rate 25 --sky ~/skies/dawn.hdr --sky-rotation 40 --output out/

skyar replace walk.mp4 --sky cloudy --first 100 --last 199 --output out/ --json

skyar replace day1/*.mp4 --sky sunset --output out/

The same command run again goes on where it was stopped. Of several clips each gets a folder of its own in the output
folder; one that fails is told, and the others go on."""

SkyOption = Annotated[str, typer.Option(help="Name of a shipped sky (see: skyar skies), or a picture's path.")]
OutputOption = Annotated[Path, typer.Option(help="Folder for the result; new, empty, or of this same job.")]


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("replace", epilog=_EPILOG)(replace)


@takes_options_of("replace")
def replace(
    clips: Annotated[
        list[str],
        typer.Argument(
            metavar="CLIP...",
            help="A movie, a folder of pictures, a pattern for some of them, or one picture; or several of these.",
            show_default=False,
        ),
    ],
    sky: SkyOption,
    output: OutputOption,
    sky_mask: masks.SkyMaskOption = None,
    keep_mask: masks.KeepMaskOption = None,
    wandb: wandb_options.ModeOption = "off",
    wandb_project: wandb_options.ProjectOption = DEFAULT_PROJECT,
    wandb_entity: wandb_options.EntityOption = "",
    wandb_dir: wandb_options.FolderOption = None,
    wandb_clip: wandb_options.ClipOption = False,
    as_json: options.JsonOption = False,
    **chosen: Any,
) -> None:
    """Replace the sky of each CLIP: mattes, tracked sky and previews in the output folder."""

    def job_of(clip: str, folder: Path) -> Job:
        job = job_from(clip, sky, folder, sky_mask, keep_mask, chosen)
        try:
            logged = wandb_options.wandb_from(wandb, wandb_project, wandb_entity, wandb_dir, wandb_clip)
        except ValueError as error:
            raise options.bad_options(error) from error
        return dataclasses.replace(job, wandb=logged)

    if len(clips) > 1:
        places = _folders(clips, output)
        running.run_each({clip: partial(job_of, clip, place) for clip, place in places.items()}, as_json)
        return
    with running.reported_errors(as_json):
        job = job_of(clips[0], output)
    running.run(job, as_json)


def _folders(clips: list[str], root: Path) -> dict[str, Path]:
    """For each clip its folder in ``root``, named after it; names that come twice get a number."""
    found: dict[str, Path] = {}
    for clip in dict.fromkeys(clips):
        path = Path(clip).expanduser()
        name = path.name if path.is_dir() else path.stem.replace("*", "") or "clip"
        for number in count(1):
            folder = root / (name if number == 1 else f"{name}-{number}")
            if folder not in found.values():
                found[clip] = folder
                break
    return found


def job_from(
    clip: str, sky: str, output: Path, sky_mask: list[str] | None, keep_mask: list[str] | None, chosen: dict[str, Any]
) -> Job:
    """The job that these options mean.

    Raises:
        SkyarError: ``bad_job``; those of :func:`.options.clip_from` and :func:`.masks.corrections_from`.
    """
    try:
        job = Job(
            clip=options.clip_from(clip),
            sky=Sky(source=options.sky_source(sky)),
            output=str(output.expanduser().absolute()),
            settings=Settings(corrections=masks.corrections_from(sky_mask, keep_mask)),
        )
        job = with_chosen("replace", job, chosen)
        return dataclasses.replace(job, until="preview" if job.settings.previews else "sky")
    except ValueError as error:
        raise options.bad_options(error) from error
