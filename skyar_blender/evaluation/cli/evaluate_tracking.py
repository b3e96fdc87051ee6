# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate tracking``: how well the camera is followed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import MatteMethodName, Settings
from ...engine.media.atomic import write_text_atomically
from ...worker.cli import options
from ...worker.cli.progress_bar import progress_bar
from ...worker.cli.running import reported_errors

if TYPE_CHECKING:
    from ..runs.tracking import CaseFigures, OtherTracker

_EPILOG = """Examples:

skyar evaluate tracking --json tracking.json

skyar evaluate tracking --cases pan,walk --against tests/support/reference_tracker.py

skyar evaluate tracking walk.mp4 rendered/000012

Without clips of your own they are made for the purpose, so that the truth is known: a sky, a far landscape and near
things, seen by a camera that pans, rolls, zooms, walks, shakes or travels, with noise, compression and mishaps. The
error is the mean distance in pixels of the frame's corners (where the camera turns far: of the sky still seen) from
where they should be. A clip of your own has truth when it is a folder with camera.json (models/training/scenes), or a
movie with NAME.orientation.json beside it, the orientation that its camera recorded. Where a camera sees again what
it saw more than a second before, both pictures are matched directly: “return” is how far the track is off there.
“over 10” is the worst error of any ten frames by themselves, “jump” that of any one; “cuts” counts false (+) and
missed (-) ones."""
_FRAMES = ("10", "30", "60", "last")


def add_to(group: typer.Typer) -> None:
    """Register the subcommand."""
    group.command("tracking", epilog=_EPILOG)(tracking)


def tracking(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[CLIP...]", help="Clips to measure; default: the made cases.")
    ] = None,
    cases: Annotated[str | None, typer.Option(help="Only cases that begin so, with commas between.")] = None,
    limit: Annotated[int | None, typer.Option(help="Only so many frames of each, from the first.", min=2)] = None,
    against: Annotated[
        Path | None, typer.Option(help="A Python file with another tracker, measured beside it.", dir_okay=False)
    ] = None,
    panorama: Annotated[
        Path | None,
        typer.Option(help="A panorama for the sky with texture; default: that of “Sunset”.", dir_okay=False),
    ] = None,
    method: Annotated[MatteMethodName, typer.Option(help="How the sky of clips is found.")] = Settings.matte_method,
    matting_weights: options.MattingWeightsOption = None,
    processes: Annotated[
        int | None, typer.Option(help="Made clips that are measured at a time; default: one a processor.", min=1)
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.", dir_okay=False)] = None,
) -> None:
    """Measure the camera tracking on clips with exact truth, or on clips of your own."""
    with reported_errors():
        from ..runs.tracking import load_tracker

        against = None if against is None else against.expanduser()
        other = None if against is None else load_tracker(against)
        if paths:
            figures = [each.to_dict() for each in _clips(paths, method, matting_weights, limit, other)]
        else:
            figures = _cases(cases, panorama, limit, against, processes)
        if json_file is not None:
            write_text_atomically(json_file, json.dumps({"cases": figures}, indent=1, allow_nan=False) + "\n")
    console = Console(highlight=False)
    console.print(_table(figures, other is not None))
    for line in _by_confidence(figures):
        console.print(line)


def _cases(
    cases: str | None, panorama: Path | None, limit: int | None, against: Path | None, processes: int | None
) -> list[dict[str, Any]]:
    from ..runs.tracking import CaseRun, chosen_cases, evaluate_cases

    wanted = None if cases is None else [name.strip() for name in cases.split(",") if name.strip()]
    chosen = chosen_cases(wanted, panorama)
    if not chosen:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"No case begins with {cases}.",
            "The names of the cases are shown when all are measured.",
            "Leave --cases out, or try “pan”.",
        )
    runs = [CaseRun(case.name, panorama, limit, against) for case in chosen]
    with progress_bar("made clips", len(runs)) as step:
        return evaluate_cases(runs, processes or os.cpu_count() or 1, step)


def _clips(
    paths: list[Path],
    method: MatteMethodName,
    weights: str | None,
    limit: int | None,
    other: Callable[[], OtherTracker] | None,
) -> list[CaseFigures]:
    from ..runs.footage import open_footage
    from ..runs.tracked_clips import evaluate_clip

    footages = {path.expanduser(): open_footage(path.expanduser()) for path in paths}
    chosen = options.method_from(method, "normal", weights)
    found = []
    for path, footage in footages.items():
        with progress_bar(path.name, min(footage.reader.count, limit or footage.reader.count)) as step:
            found.append(evaluate_clip(path, footage, chosen, step, other, limit))
    return found


def _table(figures: list[dict[str, Any]], compared: bool) -> Table:
    closes = any("return_error" in row for row in figures)
    headings = [*_FRAMES, "worst", "over 10", "jump", "cuts", "jitter", "least sure", "mm", "ms"]
    headings += (["return"] if closes else []) + (["other, last"] if compared else [])
    table = Table(Column("case", overflow="fold"), *headings, box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for row in figures:
        error = row["corner_error"] or {}
        values = [error.get(name) for name in _FRAMES]
        values += [row["max_error"], row.get("over_ten_frames"), row.get("largest_jump")]
        shown = [_number(value, 2) for value in values]
        shown.append(f"+{row['false_cuts']} -{row['missed_cuts']}" if "false_cuts" in row else "-")
        shown += [_number(row[name], 2) for name in ("jitter", "min_confidence")]
        shown += [_number(row["focal_mm"], 1), _number(row["ms_per_frame"], 1)]
        if closes:
            shown.append(_number(row["return_error"]["median"], 2))
        if compared:
            shown.append(_number((row.get("baseline_error") or {}).get("last"), 1))
        table.add_row(row["name"], *shown)
    return table


def _by_confidence(figures: list[dict[str, Any]]) -> list[str]:
    """What a confidence was worth in all clips of known truth together."""
    reported = [row["over_ten_frames_by_confidence"] for row in figures if "over_ten_frames_by_confidence" in row]
    lines = []
    for name, limits in (("sure", "above .7"), ("fair", ".3 to .7"), ("weak", "below .3")):
        frames = sum(each[name]["frames"] for each in reported)
        worst = max((each[name]["worst"] for each in reported if each[name]["frames"]), default=None)
        if frames:
            lines.append(f"confidence {limits}: {frames} frames, at most {worst:.2f} px off over ten frames")
    return lines


def _number(value: float | None, places: int) -> str:
    return "-" if value is None else f"{value:.{places}f}"
