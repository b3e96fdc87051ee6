# SPDX-License-Identifier: GPL-3.0-or-later
"""A movie that was rendered from tweaked nodes, as a run and a new version of the result's movies."""

from __future__ import annotations

from pathlib import Path

import wandb

from ...contract.render import Render
from ...contract.wandb import Wandb
from . import artifacts
from .client import started
from .finished import Finished
from .run import config_of, reported


def log_render(result: Finished, render: Render, settings: Wandb, name: str) -> dict[str, str]:
    """Log ``render`` of ``result``; as :func:`.run.log_result`.

    Raises:
        FileNotFoundError: the movie is not there.
        Exception: whatever the client, its server or the disk raise.
    """
    movie = Path(render.movie)
    if not movie.is_file():
        raise FileNotFoundError(f"there is no movie at {movie}")
    with started(
        settings,
        settings.folder(result.folder.root),
        id=name,
        name=f"{result.clip_name}, {result.sky_name}, {movie.stem}",
        group=settings.group or result.clip_name,
        job_type="render",
        tags=sorted({result.sky_name, "render", *settings.tags} - {""}),
        config={**config_of(result, settings), "inputs": render.inputs, "changed": render.changed},
    ) as run:
        artifact = artifacts.rendered(result, render)
        if settings.mode == "online":
            # The lineage leads on from the version that the result itself is.
            run.use_artifact(result.logged_video or f"{artifact.name}:latest", type=artifact.type)
        if movie.suffix.lower() in (".mp4", ".webm", ".ogg", ".gif"):
            run.log({"render": wandb.Video(str(movie))})
        run.log_artifact(artifact)
        return reported(run)
