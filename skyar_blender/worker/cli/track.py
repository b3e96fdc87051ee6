# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar track``: only the camera's motion."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from ...contract.job import Job
from ...contract.layout import OutputFolder
from ...engine.media.atomic import begin_partial, write_atomically, write_text_atomically
from . import options, running
from .job_options import takes_options_of, with_chosen


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("track", epilog="Example: skyar track walk.mp4 --output track.json")(track)


@takes_options_of("track")
def track(
    clip: options.ClipArgument,
    output: Annotated[Path, typer.Option(help="The file to write.", dir_okay=False)],
    preview: Annotated[
        Path | None,
        typer.Option(
            help="A movie (MP4) to write: CLIP under a grid of the sky, to see whether it sticks.", dir_okay=False
        ),
    ] = None,
    graph: Annotated[
        Path | None, typer.Option(help="A picture (PNG) to write: how sure each frame is.", dir_okay=False)
    ] = None,
    as_json: options.JsonOption = False,
    **chosen: Any,
) -> None:
    """Follow the camera of CLIP and write its rotation, focal length and homography per frame."""
    output = output.expanduser().absolute()
    targets = [output, *(path.expanduser().absolute() for path in (preview, graph) if path is not None)]
    with running.reported_errors(as_json):
        for target in targets:
            begin_partial(target).unlink()  # an unwritable place is better known before the work
        try:
            job = Job(clip=options.clip_from(clip), output="planned", until="track")
            job = with_chosen("track", job, chosen)
        except ValueError as error:
            raise options.bad_options(error) from error
    with tempfile.TemporaryDirectory(prefix="skyar-") as work:
        job = replace(job, output=str(Path(work, "job")))
        running.run(job, as_json)
        with running.reported_errors(as_json):
            made = OutputFolder(Path(job.output))
            write_text_atomically(output, made.track.read_text(encoding="utf-8"))
            if preview is not None:
                from ..track_grid import write_grid

                write_grid(job, preview.expanduser().absolute())
            if graph is not None:
                _copy(made.confidence, graph.expanduser().absolute())
    if not as_json:
        for target in targets:
            typer.echo(f"written: {target}")


def _copy(source: Path, target: Path) -> None:
    write_atomically(target, source.read_bytes())
