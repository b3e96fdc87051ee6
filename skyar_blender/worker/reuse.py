# SPDX-License-Identifier: GPL-3.0-or-later
"""Matte, motion and clean plate of a finished result, taken over by a job that only wants another sky.

Files are copied, not linked: painting over a matte of one result must not change the other.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from ..contract.errors import ErrorCode, SkyarError
from ..contract.job import Job
from ..contract.layout import OutputFolder
from ..engine.media.atomic import write_atomically
from ..engine.media.prefetch import made_ahead
from .clip_damage import DAMAGED
from .folder import fingerprint, stored_fingerprint
from .shot import Shot
from .stages.grain import MEASURED
from .stages.light import OLD_SKY
from .stages.matte import COVERAGE
from .stages.matte_confidence import CONFIDENCE
from .stages.matte_flicker import FLICKER
from .stages.sky import PLACEMENT
from .stages.sun import SUN
from .stages.survey import SURVEY
from .stages.track import SOLVED

#: What is remembered of matte, motion, plate and the old sky, in the state folder.
_FIGURES = (SURVEY, COVERAGE, CONFIDENCE, DAMAGED, FLICKER, OLD_SKY, MEASURED, PLACEMENT, SUN)
_REMEMBERED = (*(f"{name}.json" for name in _FIGURES), SOLVED)
#: Name of the note that all this is here; with it a rerun no longer needs the other result.
_DONE = "reused"


def result_to_reuse(job: Job) -> OutputFolder | None:
    """The result that the job takes from; None where it takes from none, or has done so before.

    Raises:
        SkyarError: ``bad_job``: it is no result, or of another clip, camera or way of matting.
    """
    if job.reuse is None or Path(job.reuse) == Path(job.output):
        return None
    if (OutputFolder(Path(job.output)).state / f"{_DONE}.json").exists():
        return None
    other = OutputFolder(Path(job.reuse))
    try:
        stored: Any = json.loads(other.job.read_text(encoding="utf-8"))
        if not isinstance(stored, dict):
            raise ValueError("its job.json is no job")
    except (OSError, ValueError) as error:
        raise _unfit(other, f"It is no result of SkyAR, or it is gone ({error}).") from error
    if not job.shares_matte_with(stored):
        raise _unfit(other, "It was made of another clip, or its sky and camera were found with other settings.")
    return other


def bring_inputs(other: OutputFolder, job: Job) -> None:
    """Copy the masks and the given camera that lie in ``other`` into the job's folder, where it has none yet.

    Raises:
        SkyarError: ``output_full`` or ``output_not_writable``.
    """
    folder = OutputFolder(Path(job.output))
    for source, target in ((other.masks, folder.masks), (other.motion, folder.motion)):
        for path in sorted(source.rglob("*")) if source.is_dir() else ():
            if path.is_file():
                _copy(path, target / path.relative_to(source))


def bring_results(other: OutputFolder, shot: Shot) -> None:
    """Copy what is complete in ``other`` and not here yet, and remember that it was done.

    Raises:
        SkyarError: ``bad_job`` when the clip, a mask or the given camera has changed since; ``cancelled``;
            ``output_full`` or ``output_not_writable``.
    """
    if stored_fingerprint(other) != fingerprint(shot.job):
        raise _unfit(other, "The clip, a mask or the given camera has changed since.")
    mine = shot.folder

    def bring(number: int) -> None:
        shot.token.check()
        _copy(other.matte(number), mine.matte(number))
        _copy(other.plate(number), mine.plate(number))
        _copy(other.area(number), mine.area(number))

    for _ in made_ahead(bring, range(1, len(shot.order) + 1)):
        pass
    for path in sorted(other.grain(1).parent.glob("[0-9]*.png")):
        _copy(path, mine.grain(1).parent / path.name)
    for name in _REMEMBERED:
        _copy(other.state / name, mine.state / name)
    _copy(other.track, mine.track)
    _copy(other.confidence, mine.confidence)
    shot.keep(_DONE, other.root.name)


def reused(shot: Shot) -> str | None:
    """Name of the result that matte, motion and clean plate came from, or None."""
    found: str | None = shot.kept(_DONE)
    return found


def _copy(source: Path, target: Path) -> None:
    if target.exists() or not source.is_file():
        return

    def write(path: Path) -> None:
        shutil.copyfile(source, path)

    write_atomically(target, write)


def _unfit(other: OutputFolder, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.BAD_JOB,
        f"Matte and motion cannot be taken from {other.root}.",
        why,
        "Replace the sky from the beginning instead.",
    )
