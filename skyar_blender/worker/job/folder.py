# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking possession of an output folder: one worker at a time, one clip and one sky for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...common.clip_fingerprint import fingerprint_of_clip
from ...common.folder_choice import first_content, read_stored
from ...contract.errors import ErrorCode, SkyarError
from ...contract.file_record import Record, read_record
from ...contract.job import Job
from ...contract.layout import OutputFolder
from ...contract.option import Affects
from ...engine.media.atomic import explained
from ..files.older_result import look_through, older_record
from ..files.verification import set_aside, set_damaged_aside, words_of_damaged
from ..files.written import WrittenFiles, check_no_link
from ..process.control import CancelToken
from ..process.progress import Emit
from .camera_motion import motion_file_of
from .corrections import images_of
from .locks import whole_folder
from .parts import forget_parts, with_parts

#: Words for what differs in a fingerprint, the clip itself aside.
_CHANGED = {"masks": "with a mask", "motion": "with a camera"}


@dataclass
class TakenFolder:
    """An output folder that is ours.

    Attributes:
        written: what everything is written through, after :meth:`verify`.
        resumed: whether it holds an earlier run of this very job.
        damaged: files that were not as that run had written them, by path relative to the folder.
        changed: options that have another value than in that run, and what each affects.
        older: whether it is of a version that kept no record, so that files are known by decoding them alone.
    """

    job: Job
    folder: OutputFolder
    written: WrittenFiles
    record: Record
    resumed: bool
    damaged: list[str] = field(default_factory=list)
    changed: dict[str, Affects] = field(default_factory=dict)
    older: bool = False

    def verify(self, token: CancelToken, emit: Emit, outdated: Callable[[Set[str]], Set[str]]) -> None:
        """Set aside what is not as it was written, so that it is made again, and begin to write.

        Of what is as it was written, what ``outdated`` picks by its name is removed.

        Raises:
            SkyarError: ``cancelled``, ``output_full``, ``output_not_writable``.
        """
        if self.older:
            look_through(self.folder, self.record, token)
        self.written.known, damaged = set_damaged_aside(self.folder, self.record, token, emit)
        self.damaged += damaged
        for name in outdated(self.written.known.keys()):
            with explained(self.folder.root / name):
                (self.folder.root / name).unlink(missing_ok=True)
            del self.written.known[name]
        self.written.begin(self.job.to_dict(), fingerprint(self.job))
        forget_parts(self.folder)
        self.written.write_text(self.folder.job, self.job.to_json())

    def forget_clip(self) -> None:
        """Note that what the folder holds is of more than one clip, so that no run goes on with it."""
        self.written.begin(self.job.to_dict(), {"replaced": 1})

    def words(self) -> tuple[str, str, str] | None:
        """What a person has to know of what was damaged: what, why and what to do; None where nothing was."""
        return words_of_damaged(self.damaged, self.folder)


@contextmanager
def take_folder(job: Job) -> Iterator[TakenFolder]:
    """The job's output folder, locked while in use.

    Raises:
        SkyarError: ``output_taken``, ``output_busy``, ``output_not_writable``, ``output_full``.
    """
    folder = OutputFolder(Path(job.output))
    with whole_folder(folder):
        written = WrittenFiles(folder)
        try:
            with explained(folder.root):
                taken = _taken_folder(job, folder, written)
            yield taken
        finally:
            written.close()


def _taken_folder(job: Job, folder: OutputFolder, written: WrittenFiles) -> TakenFolder:
    for place in (folder.masks, folder.motion, folder.set_aside):
        check_no_link(place / "any", folder)
    other = first_content(folder.root)
    if other is None:
        return TakenFolder(job, folder, written, Record(), resumed=False)
    older = older_record(folder)
    record = older or with_parts(read_record(folder), folder)
    if not folder.job.exists() and record.job is None:
        raise _taken(folder, f"It holds other files, such as “{other.name}”.")
    stored, why = _stored(folder)
    agrees = stored is not None and job.makes_same_as(stored)
    recorded = record.job is not None and job.makes_same_as(record.job)
    changed: dict[str, Affects] = {}
    if not agrees and not recorded:
        if stored is None:
            raise _taken(folder, f"Its job.json is damaged, so that it does not tell what it holds: {why}.")
        changed = job.differences(record.job or stored)
        if not _is_same_work(job, record.job or stored, changed):
            raise _taken(folder, _other_job(job, stored))
    damaged = []
    if not agrees and not changed:  # the record knows that this job was at work here
        damaged.append(folder.job.name)
        if folder.job.exists():
            set_aside(folder, folder.job)
    if record.job is None or not (recorded or changed):  # nothing can be told of the files; each is made again
        record = Record()
        damaged.append(folder.record.relative_to(folder.root).as_posix())
    now = fingerprint(job)
    if record.clip is not None and "track" in changed.values():  # the camera is another: all but that is compared
        record.clip = {key: value for key, value in record.clip.items() if key != "motion"}
        record.clip |= {key: now[key] for key in now.keys() & {"motion"}}
    if record.clip is not None and record.clip != now:
        words = next((each for key, each in _CHANGED.items() if record.clip.get(key) != now.get(key)), "for a clip")
        raise _taken(folder, f"It holds the same job {words} that has changed since.")
    if record.damaged:
        damaged.append(folder.record.relative_to(folder.root).as_posix())
    return TakenFolder(
        job, folder, written, record, resumed=True, damaged=damaged, changed=changed, older=older is not None
    )


def _is_same_work(job: Job, stored: dict[str, Any], changed: dict[str, Affects]) -> bool:
    """Whether only options differ: the same frames of the same clip get the same sky, or get one at last."""
    # What is no option and makes other files.
    others = {name for name, affects in changed.items() if ("." in name or name == "sky") and affects != "nothing"}
    return "clip" not in changed.values() and (not others or (others == {"sky"} and stored.get("sky") is None))


def _other_job(job: Job, stored: dict[str, Any]) -> str:
    """How the job in ``stored`` is another one."""
    found = job.differences(stored)
    if "clip" in found.values():
        return "It holds the result of another clip, or of other frames of it."
    names = [name for name, affects in found.items() if affects not in ("previews", "nothing")]
    return f"It holds the result of the same clip with other options: {', '.join(names)}."


def _stored(folder: OutputFolder) -> tuple[dict[str, Any] | None, str]:
    """What job.json says, or why it says nothing."""
    try:
        return read_stored(folder), ""
    except (OSError, ValueError) as error:
        return None, f"{error}".rstrip(".")


def _taken(folder: OutputFolder, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.OUTPUT_TAKEN,
        f"The output folder {folder.root} is in use.",
        why,
        "Choose an empty or a new folder, or delete this one if you no longer need it.",
    )


def fingerprint(job: Job) -> dict[str, str | int]:
    """Tells a changed clip, a mask painted anew, or a camera that moves in another way."""
    found = fingerprint_of_clip(job.clip)
    if job.settings.corrections:
        digest = hashlib.sha256()
        for path in images_of(job):
            digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"missing")
        found["masks"] = digest.hexdigest()
    motion = motion_file_of(job)
    if motion is not None:
        found["motion"] = hashlib.sha256(motion.read_bytes()).hexdigest() if motion.is_file() else "missing"
    return found
