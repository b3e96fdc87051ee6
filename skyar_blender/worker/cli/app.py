# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line's root: its help, and the list of subcommands."""

from __future__ import annotations

from typing import Annotated

import typer

from ... import __version__
from . import (
    analyse,
    change_sky,
    check,
    draft,
    join,
    log,
    matte,
    measuring,
    part,
    replace,
    skies,
    split,
    track,
    try_skies,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Replace the sky of a shot and follow the camera.",
    epilog=(
        "Exit status: 0 done; 1 failed; 2 wrong usage or job; 3 the clip, 4 the sky, 5 the output folder, "
        "6 the engine's environment, 7 something unsupported is the trouble; 130 stopped."
    ),
)
replace.add_to(app)
change_sky.add_to(app)
matte.add_to(app)
track.add_to(app)
measuring.add_to(app)
skies.add_to(app)
try_skies.add_to(app)
draft.add_to(app)
split.add_to(app)
analyse.add_to(app)
part.add_to(app)
join.add_to(app)
log.add_to(app)
check.add_to(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"skyar {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options that come before the subcommand."""
