# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar evaluate composite``: new skies put into rendered shots, against the same shots under these skies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import MatteMethodName
from ...engine.media.atomic import write_atomically, write_text_atomically
from ...worker.cli import options
from ...worker.cli.progress_bar import progress_bar
from ...worker.cli.running import reported_errors

if TYPE_CHECKING:
    from ...engine.matte.interface import MatteMethod
    from ..runs.composites import CompositeFigures, Figures

MatteName: TypeAlias = Literal["exact", MatteMethodName]

_EPILOG = """Examples:

skyar evaluate composite build/composite_set --json composite.json --sheet composite.png

skyar evaluate composite build/composite_set --against tests/support/reference_composite.py

models/training/scenes/make_scenes.py --composite-set makes such a set: shots under an old and a new sky, with the
exact matte and the new sky alone. Each method gets the first shot, the matte and the new sky; the second shot is the
truth. CIEDE2000 (about 1 is just seen, less is better), PSNR in dB, SSIM: in the edge band (10 pixels on each side
of the matte's edge), in the foreground beyond it, and overall. The sheet has a row for each pair: the old picture,
what each method made of it, and the truth; the numbers are CIEDE2000 in the edge band."""
_COLUMNS = {
    "edge_ciede2000": "edge",
    "foreground_ciede2000": "foreground",
    "ciede2000": "overall",
    "psnr": "PSNR",
    "ssim": "SSIM",
    "edge_psnr": "edge PSNR",
    "edge_ssim": "edge SSIM",
}
_SPLIT = ("edge_ciede2000", "foreground_ciede2000")


def add_to(group: typer.Typer) -> None:
    """Register the subcommand."""
    group.command("composite", epilog=_EPILOG)(composite)


def composite(
    folder: Annotated[Path, typer.Argument(metavar="SET_DIR", help="The set: a folder of pairs.")],
    against: Annotated[
        Path | None,
        typer.Option(help="A Python file with another composite, measured beside it as “reference”.", dir_okay=False),
    ] = None,
    matte: Annotated[MatteName, typer.Option(help="The exact matte, or one found by a method.")] = "exact",
    matting_weights: options.MattingWeightsOption = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.", dir_okay=False)] = None,
    sheet: Annotated[Path | None, typer.Option(help="Write a sheet of all pairs here.", dir_okay=False)] = None,
) -> None:
    """Measure the composite, and plain alpha-over beside it, on shots whose look under the new sky is known."""
    with reported_errors():
        from ...engine.media.images import encode_jpg, encode_png
        from ..runs.composite_methods import CompositeMethod, alpha_over, load_method, skyar
        from ..runs.composites import evaluate_composites
        from ..runs.sky_pairs import find_pairs

        methods: dict[str, CompositeMethod] = {"alpha_over": alpha_over}
        if against is not None:
            methods["reference"] = load_method(against.expanduser())
        methods["skyar"] = skyar
        pairs = find_pairs(folder.expanduser())
        matting = _matting(matte, matting_weights)
        with progress_bar("composite", len(pairs)) as step:
            found = evaluate_composites(pairs, methods, step, matting)
        if json_file is not None:
            write_text_atomically(json_file, json.dumps(found.to_dict(), indent=1, allow_nan=False) + "\n")
        if sheet is not None:
            encode = encode_png if sheet.suffix.lower() == ".png" else encode_jpg
            write_atomically(sheet, encode(found.sheet))
            typer.echo(f"The sheet: {sheet}", err=True)
    console = Console(highlight=False)
    console.print(_of_all(found.means()))
    console.print(_split(found))


def _matting(name: MatteName, weights: str | None) -> MatteMethod | None:
    """The matting method that is asked for; None for the exact matte."""
    if weights is not None and name != "network":
        raise SkyarError(
            ErrorCode.BAD_JOB,
            f"The weights {weights} cannot be used.",
            f"The matte “{name}” comes from no network.",
            "Leave out --matting-weights, or choose --matte network.",
        )
    return None if name == "exact" else options.method_from(name, "normal", weights)


def _of_all(means: dict[str, Figures]) -> Table:
    table = Table("method", *_COLUMNS.values(), box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for method, figures in means.items():
        table.add_row(_words(method), *(_shown(name, figures[name]) for name in _COLUMNS))
    return table


def _split(found: CompositeFigures) -> Table:
    """CIEDE2000 by the skies and by the place: edge, foreground."""
    methods = list(found.means())
    table = Table("edge, foreground", "n", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for method in methods:
        table.add_column(_words(method))
    groups = {pair.skies: "skies" for pair in found.pairs} | {pair.scene: "scene" for pair in found.pairs}
    for group, kind in groups.items():
        means = found.means(lambda pair, kind=kind, group=group: getattr(pair, kind) == group)  # type: ignore[misc]
        count = sum(getattr(pair, kind) == group for pair in found.pairs)
        cells = ["  ".join(_shown(name, means[method][name]) for name in _SPLIT) for method in methods]
        table.add_row(group, str(count), *cells)
    return table


def _words(method: str) -> str:
    return method.replace("_", " ")


def _shown(name: str, value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if name.endswith("ssim") else f"{value:.2f}"
