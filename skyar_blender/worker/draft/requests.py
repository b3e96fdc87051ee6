# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked on standard input: the newest request counts, an older one that still waits is dropped."""

from __future__ import annotations

import json
import os
import threading
from typing import Any

import msgspec

from ...contract.documents import parse_json
from ...contract.draft import DraftRequest
from ...contract.errors import ErrorCode, SkyarError
from ..job.job_file import parse_job

#: Seconds that the work may take to end once nobody asks any more.
_GRACE = 5.0


class NewestRequest:
    """Reads lines from a file descriptor in a thread."""

    def __init__(self, descriptor: int) -> None:
        self._waiting: bytes | None = None
        self._ended = False
        self._changed = threading.Condition()
        threading.Thread(target=self._listen, args=(descriptor,), name="requests", daemon=True).start()

    def take(self, patience: float) -> bytes | None:
        """The newest line; None once the input has ended, or nothing came within ``patience`` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting is not None or self._ended, patience)
            line, self._waiting = self._waiting, None
            return None if self._ended else line

    def _listen(self, descriptor: int) -> None:
        # Unbuffered: a thread that waits inside a buffered reader's lock breaks the interpreter's shutdown.
        given = b""
        while heard := os.read(descriptor, 1 << 16):
            *lines, given = (given + heard).split(b"\n")
            if lines:
                with self._changed:
                    self._waiting = lines[-1]
                    self._changed.notify()
        with self._changed:
            self._ended = True
            self._changed.notify()
        # End even when a library never returns.
        timer = threading.Timer(_GRACE, os._exit, args=(1,))
        timer.daemon = True
        timer.start()


def number_of(line: bytes) -> int:
    """The number of a request, which may be wrong otherwise; 0 where it has none."""
    try:
        number = json.loads(line)["number"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0
    return number if isinstance(number, int) else 0


def parse_request(line: bytes) -> DraftRequest:
    """Read a request strictly.

    Raises:
        SkyarError: ``bad_job``.
    """
    try:
        data: dict[str, Any] = parse_json(line)
        job = parse_job(json.dumps(data.pop("job")).encode())
        return DraftRequest(job=job, **msgspec.convert(data, dict[str, int | str]))  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SkyarError(
            ErrorCode.BAD_JOB, "The request for a draft cannot be read.", f"{error}.", "Ask for it once more."
        ) from error
