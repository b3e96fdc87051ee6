# SPDX-License-Identifier: GPL-3.0-or-later
"""The given camera of a job, read strictly: numbers that are none, other versions and missing frames are refused."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from ...contract.documents import read_object
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Job
from ...contract.motion_file import CameraMotion
from .job_file import unknown_fields


def motion_file_of(job: Job) -> Path | None:
    """Where the motion of the job's camera is, if it is given."""
    path = job.settings.motion_path
    return None if path is None else Path(job.output) / path


def read_motion(job: Job, count: int) -> CameraMotion | None:
    """The motion of the job's camera, or None where none is given; ``count`` is the job's number of frames.

    Raises:
        SkyarError: ``motion_unreadable``.
    """
    path = motion_file_of(job)
    if path is None:
        return None
    try:
        data = read_object(path)
        motion = msgspec.convert(data, CameraMotion, strict=True)
        unknown = unknown_fields(data, json.loads(motion.to_json()))
    except OSError as error:
        raise _unreadable(path, f"{error.strerror or error}.") from error
    except ValueError as error:  # msgspec's and json's are such
        raise _unreadable(path, f"{error}.") from error
    if unknown:
        raise _unreadable(path, f"Unknown fields: {', '.join(unknown)}.")
    if len(motion.frames) != count:
        raise SkyarError(
            ErrorCode.MOTION_UNREADABLE,
            f"The camera's motion in {path} does not fit the clip.",
            f"It has {len(motion.frames)} frames; the job has {count}.",
            "Give one entry per frame of the job, counted from its first frame.",
        )
    return motion


def _unreadable(path: Path, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.MOTION_UNREADABLE,
        f"The camera's motion in {path} cannot be used.",
        why,
        "Write it anew, in the form that docs/command_line.md describes.",
    )
