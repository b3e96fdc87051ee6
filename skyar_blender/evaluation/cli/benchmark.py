# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar benchmark``: how fast this machine is, and how far from its disk."""

from __future__ import annotations

import json
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import psutil
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ... import __version__
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Device, Quality
from ...engine.media.atomic import write_atomically, write_text_atomically
from ...worker.cli import options
from ...worker.cli.job_options import help_of
from ...worker.cli.progress_bar import progress_bar
from ...worker.cli.running import reported_errors

if TYPE_CHECKING:
    from ..benchmark.timing import Setup

_EPILOG = """Examples:

skyar benchmark --json speed.json --plot speed.png

skyar benchmark --size 1920x1080 --frames 100,1000

skyar benchmark --size 854x480 --cores 1,2,4,8 --clip walk.mp4

Each run is a `skyar replace` in a process of its own, starting it included, on a made clip or on yours at that size.
The floor is what decoding the clip once and writing the very same files takes, with nothing computed. Leave the
machine alone meanwhile."""
_SIZES = "854x480,1920x1080,3840x2160"
_LARGEST = 8192
_COLUMNS = ("fps", "ms", "processor ms", "floor", "first event", "first frame", "memory", "written")


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("benchmark", epilog=_EPILOG)(benchmark)


def benchmark(
    size: Annotated[str, typer.Option(help="Sizes, WIDTHxHEIGHT, with commas between.")] = _SIZES,
    frames: Annotated[str, typer.Option(help="Lengths of the clips in frames, with commas between.")] = "60",
    cores: Annotated[
        str | None, typer.Option(help="So many processors only, with commas between; default: all, once.")
    ] = None,
    clip: Annotated[str | None, typer.Option(help="A clip of your own; default: one is made.")] = None,
    sky: Annotated[str, typer.Option(help="Name of a shipped sky, or a picture's path.")] = "sunset",
    quality: options.QualityOption = "normal",
    device: Annotated[Device, typer.Option(help=help_of("device"))] = "auto",
    previews: Annotated[bool, typer.Option(help="Make preview.mp4 and compare.mp4.")] = True,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures here.", dir_okay=False)] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Write a picture of the stages here (PNG).", dir_okay=False)
    ] = None,
) -> None:
    """Time whole runs at several sizes, and the floor that no program could go below."""
    from ...engine.media.images import encode_png
    from ..benchmark.compared import further_frames, scaling
    from ..benchmark.plot import stages_plot
    from ..benchmark.timing import time_runs

    with reported_errors():
        setups = _setups(size, frames, cores)
        source = None if clip is None else options.clip_from(clip)
        with progress_bar("timing", len(setups)) as step:
            timings = list(time_runs(setups, source, _options(sky, quality, device, previews), step))
        runs = [timing.to_dict() for timing in timings]
        together = {"scaling": scaling(runs), "further_frames": further_frames(runs)}
        figures = {"skyar": __version__, "machine": machine(), "runs": runs, **together}
        if json_file is not None:
            write_text_atomically(json_file, json.dumps(figures, indent=1, allow_nan=False) + "\n")
        if plot is not None:
            write_atomically(plot, encode_png(stages_plot(timings)))
    _print(runs)
    for each in together["scaling"]:
        typer.echo(f"{each['width']}x{each['height']}: {each['cores']} cores are {each['times_as_fast']:.2f} x one")
    for each in together["further_frames"]:
        size, frames = f"{each['width']}x{each['height']}", f"{each['from_frames']} to {each['to_frames']}"
        typer.echo(f"{size}, {each['cores']} cores: {each['ms']:.0f} ms for each frame from {frames}")


def machine() -> dict[str, Any]:
    """What the figures belong to."""
    return {
        "system": platform.platform(terse=True),
        "processor": platform.processor() or platform.machine(),
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
    }


def _options(sky: str, quality: Quality, device: Device, previews: bool) -> list[str]:
    chosen = ["--sky", options.sky_source(sky), "--quality", quality, "--device", device]
    return chosen if previews else [*chosen, "--no-previews"]


def _setups(sizes: str, frames: str, cores: str | None) -> list[Setup]:
    from ..benchmark.timing import Setup

    available = psutil.cpu_count() or 1
    if cores is not None and not hasattr(psutil.Process, "cpu_affinity"):
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            "A run cannot be kept to some processors on this system.",
            "Only Linux and Windows can.",
            "Leave out --cores.",
        )
    return [
        Setup(_size(size), length, count)
        for size in sizes.split(",")
        for length in _numbers("--frames", frames, 2, 100_000)
        for count in ([None] if cores is None else _numbers("--cores", cores, 1, available))
    ]


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text.strip())
    size = (int(found[1]), int(found[2])) if found else (0, 0)
    if not all(64 <= side <= _LARGEST for side in size):
        raise _wrong("--size", text, f"WIDTHxHEIGHT with sides of 64 to {_LARGEST} pixels, such as 1920x1080")
    return size


def _numbers(option: str, text: str, least: int, most: int) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(r"\d{1,6}", part) and least <= int(part) <= most for part in parts):
        raise _wrong(option, text, f"whole numbers from {least} to {most}, with commas between")
    return [int(part) for part in parts]


def _wrong(option: str, text: str, wanted: str) -> SkyarError:
    return SkyarError(ErrorCode.BAD_JOB, f"{option} {text!r} means nothing.", f"Wanted: {wanted}.", "See --help.")


def _print(runs: list[dict[str, Any]]) -> None:
    console = Console(highlight=False)
    table = Table("clip", *_COLUMNS, box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for run in runs:
        first = run["first_frame_seconds"]
        table.add_row(
            f"{run['width']}x{run['height']}, {run['frames']} frames, {run['cores']} cores",
            f"{run['fps']:.2f}",
            f"{run['ms_per_frame']:.0f}",
            f"{run['processor_ms_per_frame']:.0f}",
            f"{run['floor_ratio']:.1f} x",
            f"{run['first_event_seconds']:.1f} s",
            "-" if first is None else f"{first:.1f} s",
            f"{run['peak_memory_mb']:.0f} MB",
            f"{run['written_mb']:.0f} MB",
        )
    console.print(table)
    stages = list(dict.fromkeys(name for run in runs for name in run["stages"]))
    table = Table("ms a frame (processor)", *stages, box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for run in runs:
        cells = (_cell(run["stages"].get(name), run["frames"]) for name in stages)
        table.add_row(f"{run['width']}x{run['height']}, {run['frames']}", *cells)
    console.print(table)


def _cell(times: dict[str, float] | None, frames: int) -> str:
    if times is None:
        return "-"
    return f"{1000 * times['seconds'] / frames:.0f} ({1000 * times['processor_seconds'] / frames:.0f})"
