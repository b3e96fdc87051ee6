# SPDX-License-Identifier: GPL-3.0-or-later
"""The job that gives a finished result another sky, without matting and tracking again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .job import Job, Sky
from .sky_library import usual_rain


def with_other_sky(
    before: Job,
    result: str,
    output: str,
    sky: Sky,
    previews: bool = False,
    rain: float | None = None,
    **settings: Any,
) -> Job:
    """``before``, the job of the finished ``result`` (its absolute folder), with ``sky``, into the folder ``output``.

    ``settings`` may change ``horizon``, ``wind`` and ``look`` of the job's settings. Previews take longer than all
    the rest, so that they are only made where they are wanted. ``rain`` None leaves it as it is, but what came
    with the sky goes with it.

    Raises:
        ValueError: values out of range.
    """
    old = before.sky.source if before.sky is not None else ""
    look = settings.get("look", before.settings.look)
    if rain is None and look.rain == usual_rain(old):
        rain = usual_rain(sky.source)
    settings["look"] = look if rain is None else replace(look, rain=rain)
    return replace(
        before,
        output=output,
        sky=sky,
        settings=replace(before.settings, previews=previews, **settings),
        until="preview" if previews else "sky",
        reuse=result,
        trial=None,
    )
