# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar check``: is everything there, and does a frame go through?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ...contract.errors import EXIT_STATUS, ErrorCode
from ..self_check import check_engine


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("check")(check)


def check(
    output: Annotated[Path, typer.Option(help="Where results would go, for the free disk.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check the engine: interpreter, packages, torch, device, skies, disk, and one frame."""
    findings = check_engine(output.absolute())
    ok = all(finding.ok for finding in findings)
    if as_json:
        typer.echo(json.dumps({"ok": ok, "checks": [asdict(finding) for finding in findings]}))
    else:
        console = Console(highlight=False)
        for finding in findings:
            mark = "[green]ok  [/]" if finding.ok else "[red]FAIL[/]"
            console.print(f"{mark} {finding.name}: {finding.value}", soft_wrap=True)
            if not finding.ok:
                console.print(f"     {finding.todo}", soft_wrap=True)
    if not ok:
        raise typer.Exit(EXIT_STATUS[ErrorCode.ENGINE_INCOMPLETE])
