# SPDX-License-Identifier: GPL-3.0-or-later
"""Several skies tried on one strip: planned, and shown side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy

from ..contract.changed_sky import with_other_sky
from ..contract.errors import ErrorCode, SkyarError
from ..contract.trial import Trial
from .output_folder import file_name, output_folder
from .replacement import Replacement, Wishes, plan
from .result.build import Result
from .sky_choice import choose

#: Long side of the movies, in pixels: they are for comparing.
PREVIEW_SIZE = 960


@dataclass(frozen=True)
class Tried(Replacement):
    """Another sky of a trial: its files are made, but the strip goes on showing the first."""

    def show(self) -> Result:
        """The last one loads the contact sheet into the .blend."""
        trial = self.job.trial
        if trial is None:
            return Result(None, [])
        image = bpy.data.images.load(trial.sheet, check_existing=True)
        image.reload()
        return Result(None, [f"The skies side by side: {trial.sheet} (image “{image.name}”) and {trial.movie}."])


def plan_trial(scene: Any, strip: Any, names: list[str], wishes: Wishes) -> list[Replacement]:
    """The first sky as Replace Sky makes it, the others from what it found; each has a folder in ``wishes.output``.

    Raises:
        SkyarError: ``bad_job`` for fewer than two skies; those of :func:`.replacement.plan`.
    """
    if len(names) < 2 or len(set(names)) < len(names):
        raise SkyarError(
            ErrorCode.BAD_JOB,
            "The skies cannot be tried.",
            "There are fewer than two, or one is named twice.",
            "Choose at least two different skies.",
        )
    (first,) = plan(scene, [strip], replace(wishes, sky=names[0], output=_within(wishes.output, names[0])))
    settings = replace(first.job.settings, preview_size=PREVIEW_SIZE)
    first = replace(first, job=replace(first.job, settings=settings))
    planned: list[Replacement] = [first]
    assert first.job.sky is not None
    clip = Path(first.job.clip.path).stem
    for name in names[1:]:
        sky = choose(name, "")
        job = with_other_sky(
            first.job, first.job.output, "planned", replace(first.job.sky, source=sky.source), previews=True
        )
        folder = output_folder(
            job, _within(wishes.output, name), strip.name, clip, sky.name, [each.job for each in planned]
        )
        planned.append(Tried(scene.name, strip.name, replace(job, output=str(folder))))
    beside = Path(first.job.output).parent
    trial = Trial(
        results=[each.job.output for each in planned[:-1]],
        sheet=str(beside / f"{clip}_skies.jpg"),
        movie=str(beside / f"{clip}_skies.mp4"),
    )
    planned[-1] = replace(planned[-1], job=replace(planned[-1].job, trial=trial))
    return planned


def _within(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{file_name(name)}" if folder.strip() else ""
