# SPDX-License-Identifier: GPL-3.0-or-later
"""Stopping: by the supervisor's word, by its death, or by a signal."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

from ...contract.errors import EXIT_STATUS, ErrorCode, SkyarError

#: How long a worker whose supervisor died may take to end cleanly, in seconds.
_GRACE = 5.0


class CancelToken:
    """Set once, from any thread; work looks at it between frames."""

    def __init__(self) -> None:
        self._reason: str | None = None

    def cancel(self, reason: str) -> None:
        """Ask the work to stop."""
        self._reason = self._reason or reason

    @property
    def cancelled(self) -> bool:
        """Whether the work should stop."""
        return self._reason is not None

    def check(self) -> None:
        """Raise ``cancelled`` when the work should stop."""
        if self._reason is not None:
            raise SkyarError(
                ErrorCode.CANCELLED,
                "The job was stopped before it was complete.",
                self._reason,
                "What is complete is kept: run the same job again to go on from there.",
            )


def watch_supervisor(token: CancelToken) -> None:
    """Listen to standard input in a thread: the line ``cancel`` stops the job, its end means a dead supervisor."""

    def listen() -> None:
        # Unbuffered: a thread that waits inside a buffered reader's lock breaks the interpreter's shutdown.
        given = b""
        while heard := os.read(0, 4096):
            *lines, given = (given + heard).split(b"\n")
            if any(line.strip() == b"cancel" for line in lines):
                token.cancel("It was cancelled.")
        token.cancel("The program that started it has ended.")
        # Nobody is left to wait for us: end even when a library never returns.
        timer = threading.Timer(_GRACE, _end_at_once)
        timer.daemon = True
        timer.start()

    threading.Thread(target=listen, name="supervisor", daemon=True).start()


def _end_at_once() -> None:
    # Not by way of the log or the events: what does not return may hold their locks.
    try:
        os.write(2, b"The job was stopped: standard input has ended. Keep it open until the job is done.\n")
    finally:
        os._exit(EXIT_STATUS[ErrorCode.CANCELLED])


def watch_signals(token: CancelToken) -> None:
    """Turn the first interrupt or termination signal into a clean stop; the second one kills at once."""

    def handle(number: int, _: FrameType | None) -> None:
        token.cancel("It was interrupted.")
        signal.signal(number, signal.SIG_DFL)

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)
