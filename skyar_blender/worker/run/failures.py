# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures that nobody foresaw, in words for a person."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...contract.errors import ErrorCode, SkyarError
from ...engine.media.atomic import explained


@contextmanager
def told_failures(output: Path, log: Path) -> Iterator[None]:
    """Let nothing but SkyarError out of what works in the folder ``output`` and writes the ``log``."""
    try:
        yield
    except SkyarError:
        raise
    except OSError as error:  # the disk's, or the system's: no mistake of SkyAR
        traceback.print_exc()
        with explained(Path(error.filename or output)):
            raise
        raise AssertionError("explained() raises") from error
    except Exception as error:
        traceback.print_exc()
        raise SkyarError(
            ErrorCode.INTERNAL,
            "SkyAR stopped because of a mistake of its own.",
            f"{type(error).__name__}: {error}",
            f"Please report it with the log {log}. What is complete is kept.",
        ) from error
