# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar part``: some frames of a clip that was split."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ...contract.part import Part
from ..process.control import CancelToken
from . import options, running

FolderArgument = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Output folder of skyar split.", show_default=False)
]


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("part")(part)


def part(
    folder: FolderArgument,
    frames: Annotated[
        str, typer.Argument(metavar="FIRST-LAST", help="Frames, counted from 1 as the files are.", show_default=False)
    ],
    as_json: options.JsonOption = False,
) -> None:
    """Make plates and skies of some frames of a clip that was split; several parts may be made side by side."""
    with running.reported_errors(as_json):
        try:
            wanted = Part.parse(frames)
        except ValueError as error:
            raise options.bad_options(error) from error

    def do(emit: running.Emit, token: CancelToken, log_to: running.LogTo) -> dict[str, Any]:
        from ..run.run_part import run_part  # takes seconds

        run_part(folder.expanduser().absolute(), wanted, emit, token, log_to)
        return {}

    running.shown(do, as_json)
