# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a clip are joined: nothing that one should have made is made here silently."""

from __future__ import annotations

from ...common.frame_ranges import ranges_of
from ...contract.errors import ErrorCode, SkyarError
from ...contract.part import Part
from ..clip.survey import Survey
from ..job.running_job import RunningJob
from ..stages.survey import SURVEY


def check_parts(running: RunningJob) -> None:
    """Raise ``bad_job`` where frames are missing that belong to a part."""
    folder = running.folder
    kept = running.load_state(SURVEY)
    survey = Survey() if kept is None else Survey.from_dict(kept)
    wanted = [folder.plate, folder.sky]
    if "reflections" in running.job.steps:
        wanted.append(folder.reflection)
    missing = sorted(
        running.number_of[source]
        for source in running.sources
        if survey.dissolve_of(source) is None
        and not all(path_of(running.number_of[source]).exists() for path_of in wanted)
    )
    if not missing:
        return
    parts = [str(Part(first, last)) for first, last in ranges_of(missing)]
    named = ", ".join(parts[:5]) + (f" and {len(parts) - 5} more" if len(parts) > 5 else "")
    raise SkyarError(
        ErrorCode.BAD_JOB,
        f"The parts in {folder.root} cannot be joined yet: {len(missing)} frame(s) are missing.",
        f"Nothing was made of these frames, or it was damaged: {named}.",
        f"Run skyar part on {folder.root} for them, or bring the files here, and join again.",
    )
