# SPDX-License-Identifier: GPL-3.0-or-later
"""A finished result as a run: settings, figures, media, artifacts."""

from __future__ import annotations

import importlib.metadata
import platform
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import wandb

from ... import __version__
from ...contract.job import Job
from ...contract.wandb import Wandb
from ...contract.weights_name import weights_name
from ...engine.matte.network.weights import given_weights, shipped_weights
from ...engine.types import FrameRGB, Matte
from ..job.weights_note import begun_with
from . import artifacts
from .client import started
from .finished import Finished
from .history import frame_rows, summary_of
from .media import before_and_after, key_frames

_CLASSES = {0: "not sky", 1: "sky"}


def log_result(result: Finished, settings: Wandb, name: str) -> dict[str, str]:
    """Log ``result`` as one run with the id ``name``; its ``id``, ``folder`` and, online, ``url``.

    Raises:
        Exception: whatever the client, its server or the disk raise.
    """
    sky = result.figures.sky or {}
    with (
        _images(result) as images,
        started(
            settings,
            settings.folder(result.folder.root),
            id=name,
            name=f"{result.clip_name}, {result.sky_name}" if result.sky_name else result.clip_name,
            group=settings.group or result.clip_name,
            job_type="replace",
            tags=sorted({result.sky_name, *map(str, sky.get("tags", [])), *settings.tags} - {""}),
            config=config_of(result, settings),
        ) as run,
    ):
        _log_figures(run, result)
        video = ""
        if images is not None:
            _log_images(run, images)
            logged = run.log_artifact(artifacts.videos(result))
            if settings.mode == "online":
                video = logged.wait().qualified_name
        _log_inputs(run, result, settings)
        return {**reported(run), "video": video}


def reported(run: wandb.Run) -> dict[str, str]:
    """What the process answers of a run."""
    return {"id": run.id, "folder": str(Path(run.dir).parent), "url": run.url or "", "video": ""}


def config_of(result: Finished, settings: Wandb) -> dict[str, Any]:
    """The complete job, and what it ran with."""
    job = result.job.to_dict()
    job.pop("wandb", None)
    if job["clip"]["colour"]:
        job["clip"]["colour"].pop("cube")  # 300 kB of samples, which the colour space's name stands for
    clip = {} if result.report.clip is None else asdict(result.report.clip)
    sun = result.figures.sun
    return {
        "job": job,
        "clip": {**clip, "name": result.clip_name, "sha256": result.clip_sha256},
        "sky": {"name": result.sky_name, "sun": None if sun is None else asdict(sun)},
        "network": {key: value for key, value in network_metadata(result).items() if key != "path"},
        "device": result.figures.device,
        "versions": {
            "skyar": __version__,
            "host": settings.host or "command line",
            "python": platform.python_version(),
            "torch": _version("torch"),
            "onnxruntime": _version("onnxruntime"),
        },
    }


def network_metadata(result: Finished) -> dict[str, str]:
    """Name, path and SHA-256 of the matting network, and the ``artifact`` that it was fetched from, if it was.

    Empty where none was used.
    """
    job: Job = result.job
    if job.settings.matte_method != "network":
        return {}
    fetched = begun_with(result.folder.root)
    if fetched is not None:
        path = Path(fetched.path)
        return {"name": path.name, "path": str(path), "sha256": fetched.sha256, "artifact": fetched.name}
    if job.settings.matting_weights is not None:
        weights = given_weights(Path(job.settings.matting_weights))
    else:
        weights = shipped_weights("onnx" if result.figures.device == "cpu" else "safetensors")
    return {"name": weights.path.name, "path": str(weights.path), "sha256": weights.sha256}


def _log_figures(run: wandb.Run, result: Finished) -> None:
    run.define_metric("frame")
    run.define_metric("*", step_metric="frame")
    for row in frame_rows(result):
        run.log(row)
    run.summary.update(summary_of(result))


@dataclass(frozen=True)
class _Images:
    """What is being made while the client starts: the movie at ``preview`` (done when ``moving`` is), key frames."""

    preview: Path
    moving: Future[int]
    keys: Future[list[tuple[int, FrameRGB, Matte]]]


@contextmanager
def _images(result: Finished) -> Iterator[_Images | None]:
    """None where the result has no previews to make them from."""
    if not (result.folder.preview.exists() and result.folder.compare.exists()):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="skyar_wandb_") as scratch, ThreadPoolExecutor(2) as beside:
        preview = Path(scratch) / "preview.mp4"
        yield _Images(
            preview,
            beside.submit(before_and_after, result, preview),
            beside.submit(lambda: list(key_frames(result))),
        )


def _log_images(run: wandb.Run, images: _Images) -> None:
    keys = [
        wandb.Image(
            frame,
            caption=f"frame {index}",
            masks={"sky": {"mask_data": np.asarray(matte > 0.5, np.uint8), "class_labels": _CLASSES}},
        )
        for index, frame, matte in images.keys.result()
    ]
    images.moving.result()
    preview = wandb.Video(str(images.preview), format="mp4", caption="before | after")
    run.log({"preview": preview, "key_frames": keys})


def _log_inputs(run: wandb.Run, result: Finished, settings: Wandb) -> None:
    """What the result was made from; online as inputs, so that the lineage leads from the network to the movie."""
    metadata = network_metadata(result)
    inputs = [artifacts.skybox(result)]
    if "artifact" not in metadata:
        inputs.append(artifacts.network(metadata))
    elif settings.mode == "online":
        run.use_artifact(weights_name(metadata["artifact"]).path)  # it is there already
    if settings.keep_clip:
        inputs.append(artifacts.clip(result))
    for artifact in inputs:
        if artifact is None:
            continue
        if settings.mode == "online":
            run.use_artifact(artifact)
        else:
            run.log_artifact(artifact)  # without a server nothing can be used


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
