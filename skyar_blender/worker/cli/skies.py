# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar skies``: what there is to choose from."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ...common.sky_library import list_skies
from .running import reported_errors


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("skies")(skies)


def skies(as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False) -> None:
    """List the shipped skies."""
    with reported_errors(as_json):
        entries = list_skies()
    if as_json:
        typer.echo(
            json.dumps([{"name": sky.name, "picture": str(sky.image), **sky.metadata} for sky in entries], indent=1)
        )
        return
    table = Table("Name", "Title", "Tags", "Licence")
    for sky in entries:
        table.add_row(sky.name, sky.title, ", ".join(sky.tags), str(sky.metadata.get("licence", "")))
    Console().print(table)
