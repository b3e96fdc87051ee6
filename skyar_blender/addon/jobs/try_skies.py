# SPDX-License-Identifier: GPL-3.0-or-later
"""Several skies tried on one strip: planned, and shown side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import bpy

from ...common.changed_sky import with_other_sky
from ...common.option_lookup import defaults_for
from ...contract.errors import ErrorCode, SkyarError
from ...contract.trial import Trial
from ..output_folder import file_name, output_folder
from ..result.build import Result
from ..skies.sky_choice import choose
from .replace_sky import Chosen, Replacement, plan


@dataclass(frozen=True)
class Tried(Replacement):
    """Another sky of a trial: its files are made, but the strip goes on showing the first."""

    def get_ready(self) -> None:
        """Nothing is made of it in the .blend."""

    def show(self) -> Result:
        """The last one loads the contact sheet into the .blend."""
        trial = self.job.trial
        if trial is None:
            return Result(None, [])
        image = bpy.data.images.load(trial.sheet, check_existing=True)
        image.reload()
        return Result(None, [f"The skies side by side: {trial.sheet} (image “{image.name}”) and {trial.movie}."])


def plan_trial(scene: bpy.types.Scene, strip: bpy.types.Strip, names: list[str], chosen: Chosen) -> list[Replacement]:
    """The first sky as Replace Sky makes it, the others from what it found; each has a folder in ``chosen.output``.

    Raises:
        SkyarError: ``bad_job`` for fewer than two skies; those of :func:`.replace_sky.plan`.
    """
    if len(names) < 2 or len(set(names)) < len(names):
        raise SkyarError(
            ErrorCode.BAD_JOB,
            "The skies cannot be tried.",
            "There are fewer than two, or one is named twice.",
            "Choose at least two different skies.",
        )
    options = {**defaults_for("try"), **chosen.options}
    output = _within(chosen.output, names[0])
    (first,) = plan(scene, [strip], replace(chosen, sky=names[0], options=options, output=output))
    planned: list[Replacement] = [first]
    clip = Path(first.job.clip.path).stem
    for name in names[1:]:
        sky = choose(name, "")
        job = with_other_sky(first.job, first.job.output, "planned", sky.source, {"previews": True})
        folder = output_folder(
            job, _within(chosen.output, name), strip.name, clip, sky.name, [each.job for each in planned]
        )
        planned.append(Tried(scene.name, strip.name, replace(job, output=str(folder)), mark=first.mark))
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
