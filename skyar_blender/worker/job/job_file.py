# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a job file strictly: wrong types, unknown fields and other versions are refused with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ...common.stored_job import stored_data
from ...contract.documents import LARGEST, parse_json
from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import JOB_VERSION, Job
from ...contract.layout import OutputFolder


def read_job(path: Path) -> Job:
    """The job in the file at ``path``.

    Raises:
        SkyarError: ``bad_job``.
    """
    try:
        with path.open("rb") as file:
            return parse_job(file.read(LARGEST + 1))
    except OSError as error:
        raise _bad(f"{path}: {error.strerror or error}.") from error


def read_result_job(folder: Path) -> Job:
    """The job that the result in ``folder`` was made by; errors as :func:`read_job`."""
    try:
        return _job_of(stored_data(OutputFolder(folder)))
    except OSError as error:
        raise _bad(f"{OutputFolder(folder).job}: {error.strerror or error}.") from error
    except ValueError as error:
        raise _bad(f"{folder}: {error}.") from error


def parse_job(text: bytes) -> Job:
    """The job in a JSON document; errors as :func:`read_job`."""
    try:
        data = parse_json(text)
    except ValueError as error:
        raise _bad(f"It is not JSON as it should be: {error}.") from error
    if not isinstance(data, dict):
        raise _bad("It is not a JSON object.")
    return _job_of(data)


def _job_of(data: dict[str, Any]) -> Job:
    version = data.get("version", JOB_VERSION)
    if version != JOB_VERSION:
        raise SkyarError(
            ErrorCode.BAD_JOB,
            f"The job has version {version!r}.",
            f"This worker reads version {JOB_VERSION}.",
            "Use the same version of SkyAR for the add-on and the engine (run Set Up Engine again).",
        )
    try:
        job = msgspec.convert(data, Job, strict=True)
    except UnicodeError as error:  # the library's, as it says what it has found
        raise _bad("A name that is no UTF-8 stands where another kind of value is expected.") from error
    except msgspec.ValidationError as error:
        raise _bad(f"{error}.") from error
    unknown = unknown_fields(data, job.to_dict())
    if unknown:
        raise _bad(f"Unknown fields: {', '.join(unknown)}.")
    return job


def unknown_fields(given: dict[str, Any], known: dict[str, Any], prefix: str = "") -> list[str]:
    """Names in ``given`` (from a file) that the document ``known`` does not have, with dots and places in lists."""
    names = []
    for key, value in given.items():
        if key not in known:
            names.append(prefix + key)
        elif isinstance(value, dict) and isinstance(known[key], dict):
            names += unknown_fields(value, known[key], f"{prefix}{key}.")
        elif isinstance(value, list) and isinstance(known[key], list):
            for index, (entry, good) in enumerate(zip(value, known[key], strict=True)):
                if isinstance(entry, dict) and isinstance(good, dict):
                    names += unknown_fields(entry, good, f"{prefix}{key}[{index}].")
    return names


def _bad(why: str) -> SkyarError:
    return SkyarError(ErrorCode.BAD_JOB, "The job cannot be read.", why, "Mend the job file and run it again.")
