# SPDX-License-Identifier: GPL-3.0-or-later
"""The job that gives a finished result another sky, without matting and tracking again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .job import Job, Sky


def with_other_sky(before: Job, result: str, output: str, sky: Sky, previews: bool = False, **settings: Any) -> Job:
    """``before``, the job of the finished ``result`` (its absolute folder), with ``sky``, into the folder ``output``.

    ``settings`` may change ``horizon``, ``wind`` and ``look`` of the job's settings. Previews take longer than all
    the rest, so that they are only made where they are wanted.

    Raises:
        ValueError: values out of range.
    """
    return replace(
        before,
        output=output,
        sky=sky,
        settings=replace(before.settings, previews=previews, **settings),
        until="preview" if previews else "sky",
        reuse=result,
    )
