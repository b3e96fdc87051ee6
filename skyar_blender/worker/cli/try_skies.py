# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar try``: several skies on one clip, side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from ...common.changed_sky import with_other_sky
from ...common.own_sky import own_name
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job, Sky
from ...contract.trial import Trial
from ...contract.wandb import DEFAULT_PROJECT
from . import options, running, wandb_options
from .job_options import takes_options_of, with_chosen

_EPILOG = """Example:

skyar try walk.mp4 --skies sunset,galaxy,supermoon --output out/

Each sky has its own folder in out/, as skyar replace makes them; out/skies.jpg and out/skies.mp4 show all."""


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("try", epilog=_EPILOG)(try_skies)


@takes_options_of("try")
def try_skies(
    clip: options.ClipArgument,
    skies: Annotated[str, typer.Option(help="Names of shipped skies, or pictures' paths, with commas between.")],
    output: Annotated[Path, typer.Option(help="Folder for the results, one in it for each sky.")],
    wandb: wandb_options.ModeOption = "off",
    wandb_project: wandb_options.ProjectOption = DEFAULT_PROJECT,
    wandb_entity: wandb_options.EntityOption = "",
    wandb_dir: wandb_options.FolderOption = None,
    as_json: options.JsonOption = False,
    **chosen: Any,
) -> None:
    """Try several skies on CLIP: mattes and the camera's motion are found once."""
    with running.reported_errors(as_json):
        root = output.expanduser().absolute()
        sources = [options.sky_source(each.strip()) for each in skies.split(",") if each.strip()]
        folders = _folders(root, sources)
        try:
            start = Job(
                clip=options.clip_from(clip),
                sky=Sky(source=sources[0]),
                output=str(folders[0]),
                wandb=wandb_options.wandb_from(wandb, wandb_project, wandb_entity, wandb_dir or root),
            )
            start = with_chosen("try", start, chosen)
        except ValueError as error:
            raise options.bad_options(error) from error
        jobs = [start]
        for source, folder in zip(sources[1:], folders[1:], strict=True):
            jobs.append(with_other_sky(start, str(folders[0]), str(folder), source, {"previews": True}))
        shown = Trial(
            results=[str(folder) for folder in folders[:-1]],
            sheet=str(root / "skies.jpg"),
            movie=str(root / "skies.mp4"),
        )
        jobs[-1] = replace(jobs[-1], trial=shown)
    running.run_all(jobs, as_json)


def _folders(root: Path, sources: list[str]) -> list[Path]:
    names = [own_name(Path(source)) if Path(source).is_absolute() else source for source in sources]
    if len(sources) < 2 or len(set(names)) < len(names):
        raise SkyarError(
            ErrorCode.BAD_JOB,
            "The skies cannot be tried.",
            "There are fewer than two of them, or two have one name.",
            "Name at least two different skies: --skies sunset,galaxy,supermoon",
        )
    return [root / name for name in names]
