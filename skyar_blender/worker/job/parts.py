# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of a clip in the output folder of the whole: what was found of the whole is read, a part's files are added.

Each part notes its files in a record of its own, so that several machines can work in one folder, or in copies of it
that are put together afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ...common.clip_fingerprint import fingerprint_of_clip
from ...contract.errors import ErrorCode, SkyarError
from ...contract.file_record import Record, read_record
from ...contract.job import Job
from ...contract.layout import OutputFolder
from ...contract.part import Part
from ...engine.media.atomic import explained
from ..files.verification import as_recorded, set_aside
from ..files.written import WrittenFiles, check_no_link
from .job_file import read_result_job
from .locks import part_of_folder


@dataclass(frozen=True)
class TakenPart:
    """A part of a clip that is ours.

    Attributes:
        job: that of the whole clip; its output folder is where it lies now.
        record: what was written of the whole clip.
        written: what everything is written through; it knows what is good of an earlier run of this part.
        damaged: files of that run that were not as it had written them, by path relative to the folder.
    """

    job: Job
    folder: OutputFolder
    record: Record
    written: WrittenFiles
    damaged: list[str]


@contextmanager
def take_part(root: Path, part: Part) -> Iterator[TakenPart]:
    """A part of the job whose output folder is ``root``, locked while in use.

    Raises:
        SkyarError: ``bad_job``: there is no job, or it is damaged; ``clip_changed``; ``output_busy``,
            ``output_taken``, ``output_not_writable``, ``output_full``.
    """
    folder = OutputFolder(root)
    job = replace(read_result_job(root), output=str(root))
    record = read_record(folder)
    if record.job is None or record.clip is None:
        raise damaged_findings(folder, folder.record)
    now: dict[str, str | int] = fingerprint_of_clip(job.clip)
    if {name: record.clip.get(name) for name in now} != now:
        raise SkyarError(
            ErrorCode.CLIP_CHANGED,
            f"The clip is not the one that was looked over for {root}: {job.clip.path}.",
            "It is another file, it was changed, or it is not where it was.",
            "Put the clip where it was, or split it anew into a new folder.",
        )
    for place in (folder.part_record(part), folder.plate(1), folder.sky(1), folder.reflection(1), folder.set_aside):
        check_no_link(place, folder)
    with part_of_folder(folder, part):
        written = WrittenFiles(folder, folder.part_record(part))
        try:
            earlier = read_record(folder, folder.part_record(part))
            same = earlier.job is not None and job.makes_same_as(earlier.job) and earlier.clip == record.clip
            known = record.files | (earlier.files if same else {})
            damaged: list[str] = []
            for path in _files_of(folder, part):
                name = path.relative_to(root).as_posix()
                state = as_recorded(path, known.get(name, []))
                if state is not None:
                    written.known[name] = state
                else:
                    damaged.append(name)
                    with explained(path):
                        set_aside(folder, path)
            written.begin(record.job, record.clip)
            yield TakenPart(job, folder, record, written, damaged)
        finally:
            written.close()


def with_parts(record: Record, folder: OutputFolder) -> Record:
    """The ``record`` of a whole result, and with it what parts have noted since."""
    for path in sorted(folder.parts.glob("*.txt")) if folder.parts.is_dir() else ():
        noted = read_record(folder, path)
        if noted.job is not None and noted.job == record.job and noted.clip == record.clip:
            for name, states in noted.files.items():
                record.files[name] = [*record.files.get(name, []), *states]
    return record


def forget_parts(folder: OutputFolder) -> None:
    """Remove the records of parts, as the record of the whole has it all now."""
    for path in sorted(folder.parts.glob("*.txt")) if folder.parts.is_dir() else ():
        with suppress(OSError):
            path.unlink()


def check_finding(taken: TakenPart, path: Path) -> None:
    """Raise ``bad_job`` unless a file of the whole clip is as it was written."""
    name = path.relative_to(taken.folder.root).as_posix()
    if as_recorded(path, taken.record.files.get(name, [])) is None:
        raise damaged_findings(taken.folder, path)


def damaged_findings(folder: OutputFolder, path: Path) -> SkyarError:
    """What was found of the whole clip is not there, or not as it was written."""
    return SkyarError(
        ErrorCode.BAD_JOB,
        f"A part of the clip cannot be made in {folder.root}.",
        f"{path.relative_to(folder.root).as_posix()}, which was found of the whole clip, is missing or damaged.",
        "Run skyar split on the clip with this folder again: it makes what is missing.",
    )


def _files_of(folder: OutputFolder, part: Part) -> Iterator[Path]:
    """What there is of a part already."""
    for path_of in (folder.plate, folder.sky, folder.reflection):
        for number in range(part.first, part.last + 1):
            path = path_of(number)
            if path.is_symlink() or path.exists():
                yield path
