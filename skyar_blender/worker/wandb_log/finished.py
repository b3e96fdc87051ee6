# SPDX-License-Identifier: GPL-3.0-or-later
"""A finished result, read from its output folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ...common.own_sky import own_name
from ...contract.documents import read_object
from ...contract.job import Clip, Job
from ...contract.layout import OutputFolder
from ...contract.report import Figures, FrameFigures, Report, read_report
from ..job.job_file import read_result_job

#: Name of the note that a result was logged, in its state folder.
LOGGED = "wandb"


@dataclass(frozen=True)
class Finished:
    """What ``report.json`` and ``job.json`` of a folder tell."""

    folder: OutputFolder
    job: Job
    report: Report

    @classmethod
    def read(cls, output: Path) -> Finished:
        """The result in ``output``.

        Raises:
            SkyarError: ``bad_job``.
            OSError: there is no report.
            ValueError: the report cannot be read.
        """
        folder = OutputFolder(output)
        return cls(folder, read_result_job(output), read_report(folder.report))

    @property
    def figures(self) -> Figures:
        """Of the whole result."""
        return self.report.figures

    @property
    def frames(self) -> list[FrameFigures]:
        """Per frame of the job."""
        return self.report.frames

    @property
    def clip_name(self) -> str:
        """The clip's name without its folder and its ending."""
        return Path(self.job.clip.path).stem or "clip"

    @property
    def sky_name(self) -> str:
        """The new sky's name, that of an image without its ending; empty where there is none."""
        if self.job.sky is None:
            return ""
        source = Path(self.job.sky.source)
        return own_name(source) if source.is_absolute() else source.name

    @property
    def logged_video(self) -> str:
        """The version of an artifact that its movies were sent as, with entity and project; empty where none was."""
        try:
            return str(read_object(self.folder.state / f"{LOGGED}.json").get("video", ""))
        except (OSError, ValueError):
            return ""

    @cached_property
    def clip_sha256(self) -> str:
        """Of the movie, or of all images of a sequence one after the other; empty where they have gone."""
        digest = hashlib.sha256()
        try:
            for path in clip_files(self.job.clip):
                with path.open("rb") as file:
                    while block := file.read(1 << 20):
                        digest.update(block)
        except OSError:
            return ""
        return digest.hexdigest()


def clip_files(clip: Clip) -> list[Path]:
    """The files of a clip, in order."""
    return [Path(clip.path)] if clip.kind == "movie" else [Path(clip.path, name) for name in clip.files]
