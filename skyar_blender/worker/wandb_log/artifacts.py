# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a result as artifacts: its movies, the sky, the network, the clip."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import wandb

from ...common.sky_library import find_sky
from ...contract.render import Render
from .finished import Finished, clip_files

#: Names of the movies inside the artifact of type ``video``.
PREVIEW = "demo.mp4"
COMPARE = "demo_cat.mp4"
_LONGEST = 100


def videos(result: Finished) -> wandb.Artifact:
    """``<clip>-sky``: the result and the split screen; each new sky is a new version."""
    artifact = wandb.Artifact(
        artifact_name(f"{result.clip_name}-sky"),
        type="video",
        description=f"{result.clip_name} under {result.sky_name}, and a split screen with the original",
        metadata={"sky": result.sky_name, "frames": len(result.frames), "clip_sha256": result.clip_sha256},
    )
    artifact.add_file(str(result.folder.preview), name=PREVIEW)
    artifact.add_file(str(result.folder.compare), name=COMPARE)
    return artifact


def rendered(result: Finished, render: Render) -> wandb.Artifact:
    """A new version of :func:`videos`: the movie that was rendered later."""
    artifact = wandb.Artifact(
        artifact_name(f"{result.clip_name}-sky"),
        type="video",
        description=f"{result.clip_name} under {result.sky_name}, rendered from changed nodes",
        metadata={"sky": result.sky_name, "changed": sorted(render.changed)},
    )
    movie = Path(render.movie)
    artifact.add_file(str(movie), name=PREVIEW if movie.suffix == Path(PREVIEW).suffix else movie.name)
    return artifact


def skybox(result: Finished) -> wandb.Artifact | None:
    """The new sky's image or movie; None where it has gone."""
    source = result.job.sky.source if result.job.sky is not None else ""
    path = Path(source) if Path(source).is_absolute() else find_sky(source).image
    if not path.is_file():
        return None
    metadata = {key: value for key, value in (result.figures.sky or {}).items() if key != "file"}
    artifact = wandb.Artifact(artifact_name(f"sky-{result.sky_name}"), type="skybox", metadata=metadata)
    artifact.add_file(str(path), name=path.name)
    return artifact


def network(metadata: dict[str, Any]) -> wandb.Artifact | None:
    """The matting network; ``metadata`` as :func:`.run.network_metadata` gives it. None where the job used none."""
    path = Path(metadata.get("path", ""))
    if not path.is_file():
        return None
    reported = {key: value for key, value in metadata.items() if key != "path"}
    artifact = wandb.Artifact(artifact_name(f"{path.stem}-{path.suffix[1:]}"), type="model", metadata=reported)
    artifact.add_file(str(path), name=path.name)
    return artifact


def clip(result: Finished) -> wandb.Artifact:
    """The clip itself."""
    artifact = wandb.Artifact(artifact_name(result.clip_name), type="clip", metadata={"sha256": result.clip_sha256})
    for path in clip_files(result.job.clip):
        artifact.add_file(str(path), name=path.name)
    return artifact


def artifact_name(text: str) -> str:
    """``text`` with letters, digits, dots, dashes and underscores only."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-")[:_LONGEST] or "unnamed"
