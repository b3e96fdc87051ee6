# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are either complete or not there, and are never written through a link that somebody has put there."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ...common.new_file import create_partial, partial_path
from ...contract.errors import ErrorCode, SkyarError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


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


def write_atomically(path: Path, data: bytes, before_naming: Callable[[], None] | None = None) -> None:
    """Write ``data`` to a new file beside ``path`` and to the disk, then rename it.

    ``before_naming`` is called when the data is safe and before it gets its name; where it raises, there is no file.

    Raises:
        SkyarError: ``output_full`` or ``output_not_writable``; nothing half-written is left at ``path``.
    """
    partial = partial_path(path)
    try:
        with explained(path):
            with os.fdopen(create_partial(path), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if before_naming is not None:
                before_naming()
            partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def write_text_atomically(path: Path, text: str) -> None:
    """Write a small text file as UTF-8 with plain newlines; errors as :func:`write_atomically`."""
    write_atomically(path, text.encode("utf-8"))


def begin_partial(path: Path) -> Path:
    """A new, empty file for what a library writes by itself: :func:`partial_path` of ``path``.

    Raises:
        SkyarError: ``output_full`` or ``output_not_writable``.
    """
    with explained(path):
        os.close(create_partial(path))
    return partial_path(path)


def finish_partial(path: Path, before_naming: Callable[[], None] | None = None) -> None:
    """Bring what :func:`begin_partial` began to the disk, and give it its name; as :func:`write_atomically`."""
    partial = partial_path(path)
    with explained(path):
        with partial.open("r+b") as file:
            os.fsync(file.fileno())
        if before_naming is not None:
            before_naming()
        partial.replace(path)
