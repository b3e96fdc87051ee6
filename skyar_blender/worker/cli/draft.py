# SPDX-License-Identifier: GPL-3.0-or-later
"""``skyar draft``: one frame under a new sky, as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ...contract.draft import LARGEST, SMALLEST
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job, Sky
from . import options, running
from .job_options import takes_options_of, with_chosen

_EPILOG = """Examples:

skyar draft walk.mp4 --sky sunset --frame 40 --output draft.png

skyar draft walk.mp4 --sky cloudy --sky-rotation 30 --size 1920 --output draft.png --matte matte.png

A draft knows this frame alone: where the camera turns before it, the result's sky will have turned along."""


def add_to(app: typer.Typer) -> None:
    """Register the subcommand."""
    app.command("draft", epilog=_EPILOG)(draft)


@takes_options_of("draft")
def draft(
    clip: options.ClipArgument,
    sky: Annotated[str, typer.Option(help="Name of a shipped sky (see: skyar skies), or a picture's path.")],
    output: Annotated[Path, typer.Option(help="The picture to write, a PNG.")],
    frame: Annotated[int, typer.Option(min=0, help="Which frame, from 0 at the first one in use.")] = 0,
    size: Annotated[
        int, typer.Option(min=SMALLEST, max=LARGEST, help="Long side of the picture in pixels, at most.")
    ] = 1280,
    matte: Annotated[
        Path | None, typer.Option(help="A second picture to write: sky blue, ground grey, what is unsure orange.")
    ] = None,
    **chosen: Any,
) -> None:
    """Show one frame of CLIP under a new sky within seconds, before anything long is started."""
    with running.reported_errors():
        try:
            job = Job(
                clip=options.clip_from(clip), sky=Sky(source=options.sky_source(sky)), output=str(output.absolute())
            )
            job = with_chosen("draft", job, chosen)
        except ValueError as error:
            raise options.bad_options(error) from error
        write_draft(job, frame, size, {"result": output, "matte": matte})


def write_draft(job: Job, frame: int, size: int, paths: dict[str, Path | None]) -> None:
    """Write a draft's ``result`` and ``matte`` to ``paths``, where they are wanted, and print what there is to say.

    Raises:
        SkyarError: ``clip_range``; those of :meth:`..draft.drafter.Drafter.draft`, and of writing.
    """
    from ...engine.media.atomic import explained
    from ...engine.media.images import write_png
    from ..draft.drafter import Drafter

    drafter = Drafter()
    count = drafter.count(job)
    if frame >= count:
        raise SkyarError(
            ErrorCode.CLIP_RANGE,
            f"There is no frame {frame} to draft.",
            f"{count} frames are in use, 0 to {count - 1}.",
            "Choose one of them with --frame.",
        )
    made = drafter.draft(job, frame, size)
    for name, path in paths.items():
        if path is not None:
            with explained(path):
                path.absolute().parent.mkdir(parents=True, exist_ok=True)
                write_png(path, getattr(made, name))
            print(path)
    for note in made.notes:
        print(note)
