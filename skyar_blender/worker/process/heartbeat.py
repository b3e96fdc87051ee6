# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells the supervisor now and then that this process is not stopped and that its disks answer."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ...contract import events
from .progress import Emit

#: Seconds between two beats.
INTERVAL = 2.0


def start_heartbeat(emit: Emit, paths: Sequence[Path], interval: float = INTERVAL) -> None:
    """Emit :class:`~..contract.events.Alive` now and then from a thread, for the life of the process.

    Before each beat it opens ``paths``, on which the work depends: a disk that does not answer holds the thread as it
    holds the work, so that the beats end. What is not there, or may not be opened, is told by the work itself.
    """

    def beat() -> None:
        waited = threading.Event()
        while True:
            emit(events.Alive())
            for path in paths:
                with suppress(OSError):
                    os.close(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)))
            waited.wait(interval)

    threading.Thread(target=beat, name="heartbeat", daemon=True).start()
