# SPDX-License-Identifier: GPL-3.0-or-later
"""From a camera that Blender knows to the motion of a job."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import bpy

from ...common.new_file import put_file
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Clip, Job, Motion
from ...contract.layout import OutputFolder
from ..output_folder import check_free
from ..strips.clip_of_strip import size_of_strip
from . import clip_tracking, scene_camera

#: Where motion lies in an output folder; names tell what is in the files, so that jobs can be compared.
_MOTION = OutputFolder(Path()).motion


@dataclass(frozen=True)
class MotionFile:
    """The motion for a job, and the file of it, which still waits to be put into its output folder.

    Attributes:
        path: for the job's settings; None where the engine finds the motion itself.
        text: of the file.
        notes: what the user should know.
    """

    path: str | None = None
    text: str = ""
    notes: list[str] = field(default_factory=list)

    def put_into(self, job: Job) -> None:
        """Write the file into the output folder of ``job``, unless it is there.

        Raises:
            SkyarError: ``output_taken``, ``output_not_writable``.
        """
        if self.path is None:
            return
        target = Path(job.output) / self.path
        try:
            check_free(job)
            if not target.exists():
                put_file(target, self.text.encode(), Path(job.output))
        except OSError as error:
            raise SkyarError(
                ErrorCode.OUTPUT_NOT_WRITABLE,
                f"The motion of the camera could not be written to {job.output}.",
                f"{error.strerror or error}.",
                "Choose an output folder that you may write to.",
            ) from error


def motion_for(
    scene: bpy.types.Scene, strip: bpy.types.Strip, media: Clip, motion: Motion, camera: str, movie_clip: str
) -> MotionFile:
    """Sample what ``motion`` asks for over the frames of ``strip``, which shows ``media``.

    Args:
        camera, movie_clip: names; empty for the camera of ``scene``, and the movie clip of the strip's file.

    Raises:
        SkyarError: those of :func:`.scene_camera.sample` and :func:`.clip_tracking.sample`.
    """
    notes: list[str] = []
    if motion == "SCENE_CAMERA":
        found = scene_camera.sample(scene, strip, size_of_strip(strip), camera)
    elif motion == "CLIP_TRACKING":
        found, notes = clip_tracking.sample(strip, media, size_of_strip(strip), movie_clip)
    else:
        return MotionFile()
    text = found.to_json()
    name = f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    return MotionFile((_MOTION / name).as_posix(), text, notes)
