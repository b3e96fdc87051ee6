# SPDX-License-Identifier: GPL-3.0-or-later
"""Matte, motion and clean plate of a finished result, taken over by a job that only wants another sky.

Files are copied, not linked: painting over a matte of one result must not change the other.
"""

from __future__ import annotations

from pathlib import Path

from ...common.stored_job import stored_data
from ...contract.errors import ErrorCode, SkyarError
from ...contract.file_record import read_record, state_of_bytes
from ...contract.job import Job
from ...contract.layout import OutputFolder
from ...engine.media.atomic import write_atomically
from ...engine.media.prefetch import parallel_map
from ..files.older_result import look_through, older_record
from ..files.written import check_no_link
from ..job.clip_damage import DAMAGED
from ..job.folder import fingerprint
from ..job.running_job import RunningJob
from ..stages.exposure import EXPOSURE
from ..stages.grain import MEASURED
from ..stages.light import OLD_SKY
from ..stages.matte_confidence import CONFIDENCE
from ..stages.matte_coverage import COVERAGE
from ..stages.matte_flicker import FLICKER
from ..stages.predictions import CONTRADICTED
from ..stages.sky import PLACEMENT
from ..stages.sun import SUN
from ..stages.survey import SURVEY
from ..stages.track import SOLVED

#: What is remembered of matte, motion, plate and the old sky, in the state folder.
_FIGURES = (SURVEY, COVERAGE, CONFIDENCE, CONTRADICTED, DAMAGED, EXPOSURE, FLICKER, OLD_SKY, MEASURED, PLACEMENT, SUN)
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
    mine = OutputFolder(Path(job.output))
    if mine.root.exists() and f"state/{_DONE}.json" in read_record(mine).files:
        return None
    other = OutputFolder(Path(job.reuse))
    try:
        stored = stored_data(other)
    except (OSError, ValueError) as error:
        raise _unfit(other, f"It is no result of SkyAR, it is damaged, or it is gone ({error}).") from error
    if not job.shares_matte_with(stored):
        raise _unfit(other, "It was made of another clip, or its sky and camera were found with other settings.")
    return other


def bring_inputs(other: OutputFolder, job: Job) -> None:
    """Copy the masks and the given camera that lie in ``other`` into the job's folder, where it has none yet.

    Raises:
        SkyarError: ``output_full``, ``output_not_writable``, or ``output_taken`` for a link in their place.
    """
    folder = OutputFolder(Path(job.output))
    for source, target in ((other.masks, folder.masks), (other.motion, folder.motion)):
        for path in sorted(source.rglob("*")) if source.is_dir() and not source.is_symlink() else ():
            copy = target / path.relative_to(source)
            if path.is_file() and not path.is_symlink() and not copy.exists():
                check_no_link(copy, folder)
                write_atomically(copy, path.read_bytes())


def bring_results(other: OutputFolder, running: RunningJob) -> None:
    """Take over what is complete in ``other`` and not here yet, and remember that it was done.

    Raises:
        SkyarError: ``bad_job`` when the clip, a mask or the given camera has changed since; ``cancelled``;
            ``output_full`` or ``output_not_writable``.
    """
    older = older_record(other)
    if older is not None:
        look_through(other, older, running.token)
    record = older or read_record(other)
    if record.clip is None:
        raise _unfit(other, "What it had written of its clip and its files is gone or damaged.")
    if record.clip != fingerprint(running.job):
        raise _unfit(other, "The clip, a mask or the given camera has changed since.")
    mine = running.folder
    damaged: list[str] = []

    def copy(source: Path, target: Path, shared: bool = True) -> None:
        """What is not as ``other`` had written it is left out, and so made anew.

        ``shared``: both folders may hold one file. Not so what a person may paint over.
        """
        if target.exists() or not source.is_file():
            return
        name = source.relative_to(other.root).as_posix()
        try:
            data = source.read_bytes()
        except OSError:
            data = b""
        if state_of_bytes(data) in record.files.get(name, []):
            if shared:
                running.written.share(target, source, data)
            else:
                running.written.write(target, data)
        else:
            damaged.append(name)

    def bring(number: int) -> None:
        running.token.check()
        copy(other.matte(number), mine.matte(number), shared=False)
        copy(other.first_matte(number), mine.first_matte(number))
        copy(other.contradicted(number), mine.contradicted(number))
        copy(other.plate(number), mine.plate(number))
        copy(other.area(number), mine.area(number))

    for _ in parallel_map(bring, range(1, len(running.order) + 1)):
        pass
    for path in sorted(other.grain(1).parent.glob("[0-9]*.png")):
        copy(path, mine.grain(1).parent / path.name)
    for name in _REMEMBERED:
        copy(other.state / name, mine.state / name, shared=False)
    copy(other.track, mine.track, shared=False)
    copy(other.confidence, mine.confidence)
    running.save_state(_DONE, other.root.name)
    if damaged:
        named = ", ".join(sorted(damaged)[:3])
        running.warn(
            "files_damaged",
            f"{len(damaged)} file(s) of {other.root} are not as they were written, and are made anew here.",
            f"{named}{' and more' if len(damaged) > 3 else ''}: cut off, damaged or changed since.",
            "Run that job again too, to mend its result; a painted matte is to be given as a mask.",
        )


def reused(running: RunningJob) -> str | None:
    """Name of the result that matte, motion and clean plate came from, or None."""
    if running.job.reuse is None or f"state/{_DONE}.json" not in running.written.known:
        return None
    return str(running.load_state(_DONE))


def _unfit(other: OutputFolder, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.BAD_JOB,
        f"Matte and motion cannot be taken from {other.root}.",
        why,
        "Replace the sky from the beginning instead.",
    )
