# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking possession of an output folder: one worker at a time, one job for ever."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from ..contract.errors import ErrorCode, SkyarError
from ..contract.folder_choice import first_content, holds_same_job
from ..contract.job import Clip, Job
from ..contract.layout import OutputFolder
from ..engine.media.atomic import explained, write_text_atomically
from .camera_motion import motion_file_of
from .corrections import pictures_of

_SAMPLE = 1 << 20
#: Words for what differs in a fingerprint, the clip itself aside.
_CHANGED = {"masks": "with a mask", "motion": "with a camera"}


@contextmanager
def take_folder(job: Job) -> Iterator[tuple[OutputFolder, bool]]:
    """The job's output folder, locked while in use, and whether it holds an earlier run of this very job.

    Raises:
        SkyarError: ``output_taken``, ``output_busy``, ``output_not_writable``, ``output_full``.
    """
    folder = OutputFolder(Path(job.output))
    with explained(folder.root):
        folder.root.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(folder.lock)
    with explained(folder.lock):
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout as error:  # an OSError too, but not of the disk
            raise SkyarError(
                ErrorCode.OUTPUT_BUSY,
                f"Another worker is at work in {folder.root}.",
                "It holds the lock of the folder.",
                "Wait until it is done, or choose another output folder.",
            ) from error
    try:
        resumed = _check_contents(job, folder)
        folder.state.mkdir(exist_ok=True)
        write_text_atomically(folder.job, job.to_json())
        write_text_atomically(_fingerprint_path(folder), json.dumps(fingerprint(job)))
        yield folder, resumed
    finally:
        lock.release()
        folder.lock.unlink(missing_ok=True)


def _check_contents(job: Job, folder: OutputFolder) -> bool:
    other = first_content(folder.root)
    if other is None:
        return False
    if not folder.job.exists():
        raise _taken(folder, f"It holds other files, such as “{other.name}”.")
    if not holds_same_job(job, folder.root):
        raise _taken(folder, "It holds the result of another job.")
    before, now = stored_fingerprint(folder), fingerprint(job)
    if before is not None and before != now:
        changed = next((words for key, words in _CHANGED.items() if before.get(key) != now.get(key)), "for a clip")
        raise _taken(folder, f"It holds the same job {changed} that has changed since.")
    return True


def _taken(folder: OutputFolder, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.OUTPUT_TAKEN,
        f"The output folder {folder.root} is in use.",
        why,
        "Choose an empty or a new folder, or delete this one if you no longer need it.",
    )


def _fingerprint_path(folder: OutputFolder) -> Path:
    return folder.state / "clip.json"


def stored_fingerprint(folder: OutputFolder) -> dict[str, str | int] | None:
    """That of the job that ``folder`` was made by; None where it is lost."""
    try:
        found: dict[str, str | int] = json.loads(_fingerprint_path(folder).read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return None


def forget_clip(folder: OutputFolder) -> None:
    """Note that what ``folder`` holds is of more than one clip, so that no run goes on with it."""
    write_text_atomically(_fingerprint_path(folder), json.dumps({"replaced": 1}))


def fingerprint(job: Job) -> dict[str, str | int]:
    """Tells a changed clip, a mask painted anew, or a camera that moves in another way."""
    found = _fingerprint_of_clip(job.clip)
    if job.settings.corrections:
        digest = hashlib.sha256()
        for path in pictures_of(job):
            digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"missing")
        found["masks"] = digest.hexdigest()
    motion = motion_file_of(job)
    if motion is not None:
        found["motion"] = hashlib.sha256(motion.read_bytes()).hexdigest() if motion.is_file() else "missing"
    return found


def _fingerprint_of_clip(clip: Clip) -> dict[str, str | int]:
    """Tells a changed clip without reading gigabytes: sizes, and the first and last megabyte."""
    digest = hashlib.sha256()
    total = 0
    paths = [Path(clip.path)] if clip.kind == "movie" else [Path(clip.path, name) for name in clip.files]
    ends = {paths[0], paths[-1]}
    for path in paths:
        try:
            size = path.stat().st_size
            total += size
            digest.update(os.fsencode(path.name) + f":{size};".encode())
            if path in ends:
                with path.open("rb") as file:
                    digest.update(file.read(_SAMPLE))
                    file.seek(max(0, size - _SAMPLE))
                    digest.update(file.read(_SAMPLE))
        except OSError:
            digest.update(b"missing;")  # reading the clip reports this with its reason
    return {"bytes": total, "sha256": digest.hexdigest()}
