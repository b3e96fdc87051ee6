# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the process that makes drafts: one JSON object per line on its standard input."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from .job import Job

#: Range of the long side of a draft, in pixels.
SMALLEST, LARGEST = 64, 4096


@dataclass(frozen=True, kw_only=True)
class DraftRequest:
    """One frame of a job, at the size of a display.

    Attributes:
        number: counts the requests of a process, from 1; its events carry it.
        job: what would be made of the clip. Its output folder is read only for the files that lie there already.
        frame: the frame of the job, from 0.
        size: long side of the pictures in pixels, at most that of the clip.
        folder: absolute folder that the pictures go to. It exists.
    """

    number: int
    job: Job
    frame: int
    size: int
    folder: str

    def __post_init__(self) -> None:
        if self.number < 1 or self.frame < 0:
            raise ValueError(f"`number` is {self.number} and `frame` {self.frame}: they count from 1 and from 0")
        if not SMALLEST <= self.size <= LARGEST:
            raise ValueError(f"`size` is {self.size}, but must lie between {SMALLEST} and {LARGEST}")
        if self.job.sky is None:
            raise ValueError("`job.sky` is missing")
        if not Path(self.folder).is_absolute():
            raise ValueError(f"`folder` is {self.folder!r}, but must be an absolute path")

    def to_line(self) -> str:
        """One line of ASCII JSON, without the newline."""
        return json.dumps(asdict(self), allow_nan=False)
