# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are either complete or not there."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ...contract.errors import ErrorCode, SkyarError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def partial_path(path: Path) -> Path:
    """The temporary name of ``path``, in the same folder and with the same ending."""
    return path.with_name(f".part-{path.name}")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn failures to write ``path`` into errors for a person: ``output_full`` or ``output_not_writable``."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise SkyarError(
                ErrorCode.OUTPUT_FULL,
                f"{path} could not be written.",
                f"The disk is full ({error.strerror}).",
                "Free some space and run again: what is complete is kept and not made again.",
            ) from error
        raise SkyarError(
            ErrorCode.OUTPUT_NOT_WRITABLE,
            f"{path} could not be written.",
            f"{error.strerror or error}.",
            "Choose an output folder that you may write to.",
        ) from error


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, then rename it.

    Raises:
        SkyarError: ``output_full`` or ``output_not_writable``; nothing half-written is left at ``path``.
    """
    partial = partial_path(path)
    try:
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write(partial)
            partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def write_text_atomically(path: Path, text: str) -> None:
    """Write a small text file as UTF-8 with plain newlines; errors as :func:`write_atomically`."""

    def write(partial: Path) -> None:
        partial.write_bytes(text.encode("utf-8"))

    write_atomically(path, write)
