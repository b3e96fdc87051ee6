# SPDX-License-Identifier: GPL-3.0-or-later
"""The job that gives a finished result another sky, without matting and tracking again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..contract.job import Job
from .option_lookup import defaults_for, with_options
from .sky_library import usual_rain


def with_other_sky(
    before: Job, result: str, output: str, source: str | None = None, values: Mapping[str, Any] | None = None
) -> Job:
    """``before``, the job of the finished ``result`` (its absolute folder), with another sky, into ``output``.

    ``source`` None keeps the sky; that of another is what it is, placed as the one before. ``values`` of options by
    their names; what is not named stays. Previews take longer than all the rest, so that they are only made where
    they are wanted. What rain came with the sky before goes with it, unless ``values`` has it.

    Raises:
        ValueError: values out of range.
    """
    sky = before.sky
    chosen = {**defaults_for("change-sky"), **(values or {})}
    if source is not None and sky is not None:
        if "rain" not in chosen and before.settings.look.rain == usual_rain(sky.source):
            chosen["rain"] = None
        sky = replace(sky, source=source, kind="auto")
    job = with_options(replace(before, output=output, sky=sky, reuse=result, trial=None), chosen)
    return replace(job, until="preview" if job.settings.previews else "sky")
