# SPDX-License-Identifier: GPL-3.0-or-later
"""Options for logging runs to Weights & Biases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ...contract.wandb import DEFAULT_PROJECT, Wandb, WandbMode

_PANEL = "Weights & Biases"

ModeOption = Annotated[
    WandbMode,
    typer.Option("--wandb", help="Log the run: offline to the disk, online to the server.", rich_help_panel=_PANEL),
]
ProjectOption = Annotated[str, typer.Option(help="Project that runs are logged to.", rich_help_panel=_PANEL)]
EntityOption = Annotated[
    str, typer.Option(help="Person or team that it belongs to; that of the login.", rich_help_panel=_PANEL)
]
FolderOption = Annotated[
    Path | None,
    typer.Option(help="Folder in which the folder “wandb” is made; that of the output.", rich_help_panel=_PANEL),
]
ClipOption = Annotated[
    bool, typer.Option("--wandb-clip", help="Log the clip itself too, not only its hash.", rich_help_panel=_PANEL)
]


def wandb_from(
    mode: WandbMode, project: str = DEFAULT_PROJECT, entity: str = "", folder: Path | None = None, clip: bool = False
) -> Wandb | None:
    """What a job says of logging; None where nothing is logged. Raises ValueError."""
    if mode == "off":
        return None
    directory = "" if folder is None else str(folder.expanduser().absolute())
    return Wandb(mode=mode, project=project, entity=entity, directory=directory, keep_clip=clip)
