# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate matting-video``: how steady the mattes of clips are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from ...contract.job import MatteMethodName, Settings
from ...engine.media.atomic import write_text_atomically
from ...worker.cli import options
from ...worker.cli.progress_bar import progress_bar
from ...worker.cli.running import reported_errors

if TYPE_CHECKING:
    from ..runs.clips import FlickerFigures

_EPILOG = """Examples:

skyar evaluate matting-video walk.mp4 drive.mp4 --json steady.json

skyar evaluate matting-video rendered/000012 --method adaptive

A folder of pictures with exact mattes beside them (000001.jpg, 000001_alpha.png), or of a movie and a folder alpha,
is measured against these: dtSSD (times 100), IoU, MAE. Every clip gets the motion-compensated flicker: mean change of
the matte (0 to 1) that the motion of the picture does not explain. “Alone” is each frame without the one before."""
_ROWS = [
    *("n", "dtssd", "dtssd_alone", "dtssd_ratio", "iou", "iou_alone", "mae", "mae_alone"),
    *("flicker", "flicker_alone", "flicker_ratio", "flicker_truth", "ms"),
]


def add_to(group: typer.Typer) -> None:
    """Register the subcommand."""
    group.command("matting-video", epilog=_EPILOG)(matting_video)


def matting_video(
    paths: Annotated[
        list[Path], typer.Argument(metavar="CLIP...", help="Movies, or folders of pictures, with or without truth.")
    ],
    limit: Annotated[int | None, typer.Option(help="Only so many frames of each, from the first.", min=2)] = None,
    method: Annotated[MatteMethodName, typer.Option(help="How the sky is found.")] = Settings.matte_method,
    matting_weights: options.MattingWeightsOption = None,
    quality: options.QualityOption = "normal",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.", dir_okay=False)] = None,
) -> None:
    """Measure how steady mattes are: with what the frame before tells, and each frame alone."""
    with reported_errors():
        from ...engine.analysis_sizes import LOOKS
        from ..runs.clips import evaluate_clip, mean_summary, name_of
        from ..runs.footage import open_footage

        footages = {path: open_footage(path.expanduser()) for path in paths}
        chosen = options.method_from(method, quality, matting_weights)
        found: dict[str, FlickerFigures] = {}
        for path, footage in footages.items():
            frames = min(footage.reader.count, limit or footage.reader.count)
            with progress_bar(path.name, frames) as step:
                found[name_of(path)] = evaluate_clip(chosen, footage, step, limit, LOOKS[quality])
        mean = mean_summary(list(found.values()))
        if json_file is not None:
            figures = {"clips": {name: clip.to_dict() for name, clip in found.items()}, "mean": mean}
            write_text_atomically(json_file, json.dumps(figures, indent=1, allow_nan=False) + "\n")
    shown = {Path(name).name: clip.summary for name, clip in found.items()}
    if len(shown) > 1:
        shown["mean"] = mean
    table = Table("", *shown)  # one clip a column: there are many figures, and few clips
    for row in _ROWS:
        if any(row in summary for summary in shown.values()):
            table.add_row(row.replace("_", " "), *(_shown(summary.get(row)) for summary in shown.values()))
    Console(highlight=False).print(table)


def _shown(value: float | int | None) -> str:
    return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.5g}"
