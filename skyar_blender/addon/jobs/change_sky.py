# SPDX-License-Identifier: GPL-3.0-or-later
"""Results that get another sky: checked and planned before the worker starts."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import bpy

from ...common.changed_sky import with_other_sky
from ...common.folder_choice import holds_same_but_the_look
from ...common.own_sky import own_name
from ...common.stored_job import stored_job
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from .. import compat
from ..output_folder import check_one_each, output_folder
from ..result.link import active_result, folder_of, original_of, result_of
from ..skies.sky_choice import choose
from ..strips.clip_of_strip import clip_of_strip, size_of_strip
from ..strips.strokes import strokes_on
from . import queued
from .corrections import PlannedCorrections, corrections_for, stroke_corrections, strokes_in
from .replace_sky import Chosen, Replacement, mark_strip
from .shot_result import with_stored_look


def chosen_results(scene: bpy.types.Scene) -> list[Any]:
    """The Scene strips of the results that are selected, themselves or their footage; else the active one."""
    editor = scene.sequence_editor if scene else None
    found = []
    for strip in compat.all_strips(editor) if editor else ():
        if strip.select:
            shown = strip if strip.type == "SCENE" else result_of(scene, strip)
            if shown is not None and original_of(scene, shown) is not None and shown not in found:
                found.append(shown)
    if not found and editor:
        shown = active_result(scene)
        found = [shown] if shown is not None and original_of(scene, shown) is not None else []
    return found


def job_of_result(result: Any) -> Job:
    """The job that the result was made by; it has a sky.

    Raises:
        SkyarError: ``unsupported``: its folder is gone, or cannot be read.
    """
    folder = folder_of(result.scene).root
    try:
        job = stored_job(folder)
        if job.sky is None:
            raise ValueError("it has no sky")
    except (OSError, ValueError) as error:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"The files of “{result.name}” cannot be used: {folder}.",
            f"{error}.",
            "Put the folder back where it was, or run Replace Sky again.",
        ) from error
    return job


def plan_changes(scene: bpy.types.Scene, results: list[Any], chosen: Chosen) -> list[Replacement]:
    """Check everything that can be checked before the work begins.

    Raises:
        SkyarError: the first thing that stands in the way, for any of the results.
        ValueError: a value out of range.
    """
    check_one_each(chosen.output, len(results), "results", "Change Sky")
    planned: list[Replacement] = []
    for result in results:
        job, corrections = _changed(scene, result, chosen, [*queued.jobs(), *(each.job for each in planned)])
        strip = original_of(scene, result)
        planned.append(Replacement(scene.name, strip.name, job, corrections, mark=mark_strip(strip)))
    return planned


def _changed(scene: Any, result: Any, chosen: Chosen, planned: list[Job]) -> tuple[Job, PlannedCorrections]:
    before = job_of_result(result)
    strip = original_of(scene, result)
    if clip_of_strip(strip, scene, before.clip.projection) != before.clip:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"The strip “{strip.name}” shows other frames than when its sky was replaced.",
            "It was trimmed, slipped or given another file since.",
            "Run Replace Sky on it again.",
        )
    assert before.sky is not None  # see job_of_result
    source, name = None, own_name(Path(before.sky.source))
    if chosen.sky or chosen.sky_file or chosen.sky_world:
        choice = choose(chosen.sky, chosen.sky_file, chosen.sky_world, size_of_strip(strip)[0])
        source, name = choice.source, choice.name
    job = with_other_sky(before, str(folder_of(result.scene).root), "planned", source, chosen.options)
    corrections = PlannedCorrections([], [])
    painted = stroke_corrections(strokes_on(strip), job.clip, size_of_strip(strip))
    if list(map(asdict, painted.found)) != strokes_in([asdict(each) for each in before.settings.corrections]):
        # Other strokes, other mattes: none of the result's are of use.
        corrections = corrections_for(scene, strip)
        motion = job.settings.motion_path and str(folder_of(result.scene).root / job.settings.motion_path)
        settings = replace(job.settings, corrections=corrections.found, motion_path=motion)
        job = replace(job, reuse=None, settings=settings)
    folder = output_folder(
        job, chosen.output, strip.name, Path(job.clip.path).stem, name, planned, holds_same_but_the_look
    )
    return replace(with_stored_look(job, folder), output=str(folder)), corrections
