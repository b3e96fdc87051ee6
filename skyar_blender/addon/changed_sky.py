# SPDX-License-Identifier: GPL-3.0-or-later
"""Results that get another sky: checked and planned before the worker starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..contract.changed_sky import with_other_sky
from ..contract.errors import ErrorCode, SkyarError
from ..contract.job import Job, LightMode
from ..contract.own_sky import own_name
from ..contract.stored_job import stored_job
from . import compat
from .output_folder import check_one_each, output_folder
from .replacement import Replacement
from .result.link import active_result, folder_of, original_of, result_of
from .sky_choice import choose
from .strips.clip_of_strip import clip_of_strip


@dataclass(frozen=True)
class Changes:
    """What the user chose; None and empty texts leave what there is. ``horizon`` counts where ``new_horizon``,
    ``light_from`` where ``new_light``."""

    name: str = ""
    file: str = ""
    world: str = ""
    rotation: float | None = None
    raised: float | None = None
    mirror: bool | None = None
    field_of_view: float | None = None
    keep_ground: bool | None = None
    aim_sun: bool | None = None
    new_light: bool = False
    light_from: float | None = None
    start: float | None = None
    speed: float | None = None
    exposure: float | None = None
    new_horizon: bool = False
    horizon: float | None = None
    wind: float | None = None
    light: LightMode | None = None
    rain: float | None = None
    reflections: float | None = None
    previews: bool = False
    output: str = ""


def chosen_results(scene: Any) -> list[Any]:
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


def plan_changes(scene: Any, results: list[Any], changes: Changes) -> list[Replacement]:
    """Check everything that can be checked before the work begins.

    Raises:
        SkyarError: the first thing that stands in the way, for any of the results.
        ValueError: a value out of range.
    """
    check_one_each(changes.output, len(results), "results", "Change Sky")
    planned: list[Replacement] = []
    for result in results:
        job = _changed(scene, result, changes, [each.job for each in planned])
        planned.append(Replacement(scene.name, original_of(scene, result).name, job))
    return planned


def _changed(scene: Any, result: Any, changes: Changes, planned: list[Job]) -> Job:
    before = job_of_result(result)
    strip = original_of(scene, result)
    if clip_of_strip(strip, scene) != before.clip:
        raise SkyarError(
            ErrorCode.UNSUPPORTED,
            f"The strip “{strip.name}” shows other frames than when its sky was replaced.",
            "It was trimmed, slipped or given another file since.",
            "Run Replace Sky on it again.",
        )
    sky, settings = before.sky, before.settings
    assert sky is not None  # see job_of_result
    name = own_name(Path(sky.source))
    if changes.name or changes.file or changes.world:
        choice = choose(changes.name, changes.file, changes.world)
        sky, name = replace(sky, source=choice.source, kind="auto"), choice.name
    placing = (
        "rotation",
        "raised",
        "mirror",
        "field_of_view",
        "keep_ground",
        "aim_sun",
        "start",
        "speed",
        "exposure",
    )
    placed = {key: getattr(changes, key) for key in placing}
    sky = replace(sky, **{key: value for key, value in placed.items() if value is not None})
    if changes.new_light:
        sky = replace(sky, light_from=changes.light_from)
    said: dict[str, Any] = {"horizon": changes.horizon} if changes.new_horizon else {}
    if changes.wind is not None:
        said["wind"] = changes.wind
    look = {key: getattr(changes, key) for key in ("light", "reflections")}
    said["look"] = replace(settings.look, **{key: value for key, value in look.items() if value is not None})
    job = with_other_sky(
        before, str(folder_of(result.scene).root), "planned", sky, changes.previews, changes.rain, **said
    )
    folder = output_folder(job, changes.output, strip.name, Path(job.clip.path).stem, name, planned)
    return replace(job, output=str(folder))
