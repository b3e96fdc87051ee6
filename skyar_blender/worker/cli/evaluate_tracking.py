# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate tracking``: how well the camera is followed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ...contract.errors import ErrorCode, SkyarError
from ...engine.media.atomic import write_text_atomically
from .progress_bar import progress_bar
from .running import told_errors

if TYPE_CHECKING:
    from ..evaluate.tracking import TrackFigures

_EPILOG = """Examples:

skyar evaluate tracking --json tracking.json

skyar evaluate tracking --cases pan,walk --against tests/support/reference_tracker.py

The clips are made for the purpose, so that the truth is known: a sky, a far landscape and near things, seen by a
camera that pans, rolls, zooms, walks or shakes, with noise, compression and mishaps. The error is the mean distance
in pixels of the frame's corners (where the camera turns far: of the sky still seen) from where they should be."""
_FRAMES = ("10", "30", "60", "last")


def add_to(group: typer.Typer) -> None:
    """Register the subcommand."""
    group.command("tracking", epilog=_EPILOG)(tracking)


def tracking(
    cases: Annotated[str | None, typer.Option(help="Only cases that begin so, with commas between.")] = None,
    limit: Annotated[int | None, typer.Option(help="Only so many frames of each, from the first.", min=2)] = None,
    against: Annotated[
        Path | None, typer.Option(help="A Python file with another tracker, measured beside it.", dir_okay=False)
    ] = None,
    panorama: Annotated[
        Path | None, typer.Option(help="A panorama for the sky with texture; default: a made-up one.", dir_okay=False)
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.", dir_okay=False)] = None,
) -> None:
    """Measure the camera tracking on clips with exact truth."""
    with told_errors():
        from ..evaluate.tracking import chosen_cases, evaluate_case, load_tracker

        wanted = None if cases is None else [name.strip() for name in cases.split(",") if name.strip()]
        chosen = chosen_cases(wanted, panorama)
        if not chosen:
            raise SkyarError(
                ErrorCode.UNSUPPORTED,
                f"No case begins with {cases}.",
                "The names of the cases are shown when all are measured.",
                "Leave --cases out, or try “pan”.",
            )
        other = None if against is None else load_tracker(against.expanduser())
        found: list[TrackFigures] = []
        for case in chosen:
            case = case if limit is None else replace(case, frames=min(limit, case.frames))
            with progress_bar(case.name, case.frames) as step:
                found.append(evaluate_case(case, step, other))
        figures = [each.to_dict() for each in found]
        if json_file is not None:
            write_text_atomically(json_file, json.dumps({"cases": figures}, indent=1, allow_nan=False) + "\n")
    headings = [*_FRAMES, "worst", "jitter", "least sure", "mm", "ms"]
    if other is not None:
        headings.append("other, last")
    table = Table("case", *headings, box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for row in figures:
        error = row["corner_error"]
        values = [error.get(name) for name in _FRAMES] + [row["max_error"], row["jitter"], row["min_confidence"]]
        shown = ["-" if value is None else f"{value:.2f}" for value in values]
        shown += [f"{row['focal_mm']:.1f}", f"{row['ms_per_frame']:.1f}"]
        if other is not None:
            shown.append(f"{row['baseline_error']['last']:.1f}")
        table.add_row(row["name"], *shown)
    Console(highlight=False).print(table)
