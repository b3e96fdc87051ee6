# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate matting``: mattes of labelled images."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ...contract.job import MatteMethodName, Settings
from ...engine.media.atomic import write_atomically, write_text_atomically
from ...worker.cli import options
from ...worker.cli.progress_bar import progress_bar
from ...worker.cli.running import reported_errors

if TYPE_CHECKING:
    from ...engine.types import FrameRGB

_EPILOG = """Examples:

skyar evaluate matting labelled.jsonl --part evaluate --json out.json

skyar evaluate matting photos.jsonl --method adaptive --limit 50 --sheet worst.jpg

Each row of the list is a JSON object with “image”, “mask” (white is sky; or "sky": "no"), and if wanted “ignore”,
“set”, “part” and “kinds” (["leaves", "facade"]); paths are relative to the list. Of a set, IoU and errors are means
over the pictures with sky, false sky over those without; of a kind, false and missed sky are shares of its sky."""
_COLUMNS = ("n", "iou", "mae", "mse", "edge_mae", "grad", "false_sky", "ms")
_KIND_COLUMNS = ("n", "iou", "mae", "false_sky", "missed_sky")


def add_to(group: typer.Typer) -> None:
    """Register the subcommand."""
    group.command("matting", epilog=_EPILOG)(matting)


def matting(
    labelled: Annotated[Path, typer.Argument(metavar="LABELLED.jsonl", help="The list of labelled pictures.")],
    part: Annotated[str | None, typer.Option(help="Only rows of this part, such as evaluate.")] = None,
    sets: Annotated[str | None, typer.Option(help="Only these sets, with commas between.")] = None,
    limit: Annotated[int | None, typer.Option(help="So many of each set at most, spread evenly.", min=1)] = None,
    method: Annotated[MatteMethodName, typer.Option(help="How the sky is found.")] = Settings.matte_method,
    matting_weights: options.MattingWeightsOption = None,
    quality: options.QualityOption = "normal",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.", dir_okay=False)] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            help="Write a sheet of the 24 worst here, and one per kind beside it; default: beside the figures.",
            dir_okay=False,
        ),
    ] = None,
) -> None:
    """Measure mattes against labelled images, each taken for a clip of one frame."""
    with reported_errors():
        from ..runs.images import evaluate_images
        from ..runs.labelled import read_labelled

        names = None if sets is None else [name.strip() for name in sets.split(",") if name.strip()]
        selection = read_labelled(labelled, part, names, limit)
        if selection.unlabelled:
            typer.echo(f"Left out: {selection.unlabelled} pictures that have sky but no mask.", err=True)
        chosen = options.method_from(method, quality, matting_weights)
        with progress_bar("matting", len(selection.images)) as step:
            found = evaluate_images(chosen, selection.images, step)
        figures = found.to_dict()
        if json_file is not None:
            write_text_atomically(json_file, json.dumps(figures, indent=1, allow_nan=False) + "\n")
            sheet = sheet or json_file.with_suffix(".jpg")
        if sheet is not None:
            _write_sheet(sheet, found.sheet)
            typer.echo(f"The worst: {sheet}", err=True)
            for kind, image in found.kind_sheets.items():
                word = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in kind)
                _write_sheet(sheet.with_stem(f"{sheet.stem}_{word}"), image)
    console = Console(highlight=False)
    console.print(_table("set", figures["sets"], _COLUMNS))
    if figures["kinds"]:
        console.print(_table("kind", figures["kinds"], _KIND_COLUMNS))


def _write_sheet(path: Path, image: FrameRGB) -> None:
    from ...engine.media.images import encode_jpg, encode_png

    encode = encode_png if path.suffix.lower() == ".png" else encode_jpg
    write_atomically(path, encode(image))


def _table(what: str, rows: dict[str, dict[str, float | int | None]], columns: Sequence[str]) -> Table:
    table = Table(
        what, *(name.replace("_", " ") for name in columns), box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False
    )
    for name, row in rows.items():
        table.add_row(name, *(_shown(column, row[column]) for column in columns))
    return table


def _shown(column: str, value: float | int | None) -> str:
    if value is None:
        return "-"
    return str(value) if column == "n" else f"{value:.1f}" if column == "ms" else f"{value:.4f}"
