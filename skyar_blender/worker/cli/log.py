# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar log``: a finished result, logged to Weights & Biases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...contract.errors import ErrorCode, SkyarError
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
) -> None:
    """Log a finished RESULT as a run, with its settings, figures, pictures and movies."""
    with running.told_errors():
        try:
            settings = wandb_options.wandb_from(wandb, wandb_project, wandb_entity, wandb_dir, wandb_clip)
        except ValueError as error:
            raise options.bad_options(error) from error
        if settings is None:
            return
        try:
            logged = log_folder(result.absolute(), settings)
        except NotLoggedError as error:
            raise SkyarError(
                ErrorCode.NOT_LOGGED, "The result was not logged to Weights & Biases.", error.why, error.todo
            ) from error
    typer.echo(logged.url or logged.folder)
