# SPDX-License-Identifier: GPL-3.0-or-later
"""A trial as a run of its own: the table of its skies, the contact sheet and the split screen."""

from __future__ import annotations

from pathlib import Path

import wandb

from ...contract.job import Clip
from ...contract.trial import Trial
from ...contract.wandb import Wandb
from ...engine.media.clip import open_clip
from ...engine.types import FrameRGB
from .client import started
from .finished import Finished
from .table import skies_table


def log_trial(last: Finished, trial: Trial, settings: Wandb) -> None:
    """Log the trial that ends with the result ``last``; raises what the client, its server or the disk raise."""
    results = [*(Finished.read(Path(path)) for path in trial.results), last]
    names = [result.sky_name for result in results]
    with started(
        settings,
        settings.folder(last.folder.root),
        name=f"{last.clip_name}, {len(results)} skies",
        group=settings.group or last.clip_name,
        job_type="try",
        tags=sorted({*names, *settings.tags}),
        config={"clip": last.clip_name, "clip_sha256": last.clip_sha256, "skies": names},
    ) as run:
        shown: dict[str, object] = {"skies": skies_table(results, [_middle(result) for result in results])}
        if Path(trial.sheet).is_file():
            shown["contact_sheet"] = wandb.Image(trial.sheet)
        if Path(trial.movie).is_file():
            shown["split_screen"] = wandb.Video(trial.movie, format="mp4", caption=" | ".join(("original", *names)))
        run.log(shown)


def _middle(result: Finished) -> FrameRGB:
    movie = open_clip(Clip(path=str(result.folder.preview)))
    try:
        ((_number, frame),) = movie.frames([movie.count // 2])
    finally:
        movie.close()
    return frame
