# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar log``: a finished result, logged to Weights & Biases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ...contract.documents import read_object
from ...contract.errors import ErrorCode, SkyarError
from ...contract.render import Render
from ...contract.wandb import DEFAULT_PROJECT, WandbMode
from ..wandb_log.launch import NotLoggedError, log_folder
from . import options, running, wandb_options


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("log")(log)


def log(
    result: Annotated[Path, typer.Argument(help="Output folder of a finished result.", exists=True, file_okay=False)],
    wandb: Annotated[WandbMode, typer.Option("--wandb", help="To the disk, or to the server.")] = "offline",
    wandb_project: wandb_options.ProjectOption = DEFAULT_PROJECT,
    wandb_entity: wandb_options.EntityOption = "",
    wandb_dir: wandb_options.FolderOption = None,
    wandb_clip: wandb_options.ClipOption = False,
    movie: Annotated[
        Path | None, typer.Option(help="Log this movie, rendered from the result in Blender, in place of the result.")
    ] = None,
    inputs: Annotated[
        Path | None, typer.Option(help="JSON with `inputs` and `defaults` of the node group, as Blender writes it.")
    ] = None,
    host: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Log a finished RESULT as a run, with its settings, figures, images and movies."""
    with running.reported_errors():
        try:
            settings = wandb_options.wandb_from(wandb, wandb_project, wandb_entity, wandb_dir, wandb_clip)
            render = None if movie is None else _render(movie, inputs)
        except ValueError as error:
            raise options.bad_options(error) from error
        if settings is None:
            return
        try:
            logged = log_folder(result.absolute(), replace(settings, host=host), render=render)
        except NotLoggedError as error:
            raise SkyarError(
                ErrorCode.NOT_LOGGED, "The result was not logged to Weights & Biases.", error.why, error.todo
            ) from error
    typer.echo(logged.url or logged.folder)


def _render(movie: Path, inputs: Path | None) -> Render:
    """Raises ValueError."""
    path = movie.expanduser().absolute()
    if not path.is_file():
        raise ValueError(f"there is no movie at {path}")
    if inputs is None:
        return Render(movie=str(path))
    try:
        known = read_object(inputs)
        return Render(movie=str(path), inputs=dict(known["inputs"]), defaults=dict(known["defaults"]))
    except (OSError, KeyError, TypeError) as error:
        raise ValueError(f"{inputs} holds no inputs: {error}") from error
