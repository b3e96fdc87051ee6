# SPDX-License-Identifier: GPL-3.0-or-later
"""What a strip's result already knows: Replace Sky with another sky takes matte, motion and clean plate from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy

from ...common.clip_fingerprint import fingerprint_of_clip
from ...common.folder_choice import holds_same_but_the_look, holds_same_job
from ...common.option_lookup import defaults_for
from ...common.stored_job import stored_data, stored_job
from ...contract.clip import Clip
from ...contract.file_record import read_record
from ...contract.job import Job
from ..result.link import folder_of, result_of


def result_to_reuse(scene: bpy.types.Scene, strip: bpy.types.Strip, job: Job) -> Path | None:
    """The folder of the result of ``strip``, where ``job`` would find the same mattes and motion once more.

    None where there is no result, where its clip has changed since, or where it is of this very job, which goes on
    with it anyway.
    """
    found = stored_result(scene, strip, job.clip)
    if found is None or not job.shares_matte_with(found[1]) or holds_same_job(job, found[0]):
        return None
    return found[0]


def stored_result(scene: bpy.types.Scene, strip: bpy.types.Strip, clip: Clip) -> tuple[Path, dict[str, Any]] | None:
    """The folder of the result of ``strip``, and its job as plain data; None without one of ``clip`` as it is now."""
    shown = result_of(scene, strip)
    if shown is None:
        return None
    folder = folder_of(shown.scene)
    try:
        stored, record = stored_data(folder), read_record(folder)
    except (OSError, ValueError):
        return None
    same_clip = (record.clip or {}).items() >= fingerprint_of_clip(clip).items()
    return (folder.root, stored) if same_clip else None


def with_stored_look(job: Job, folder: Path) -> Job:
    """``job`` with the look of the one in ``folder``, where that is all in which they differ.

    The look is set on the nodes, and a movie follows them: so what was made of other settings is gone on with.
    """
    try:
        stored = stored_job(folder)
    except (OSError, ValueError):
        return job
    if not holds_same_but_the_look(job, folder):
        return job
    return replace(job, settings=replace(job.settings, look=stored.settings.look))


def without_new_mattes(job: Job, result: Path, options: Mapping[str, Any]) -> Job:
    """``job`` as Change Sky does it: from ``result``, with movies only where ``options`` ask for them."""
    previews = bool(options.get("previews", defaults_for("change-sky")["previews"]))
    settings = replace(job.settings, previews=previews)
    return replace(job, reuse=str(result), settings=settings, until="preview" if previews else "sky")
