# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells the supervisor now and then that this process is not stopped and that its disks answer, and how far it is."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from ...contract import events
from .job_clock import JobClock
from .progress import Emit

#: Seconds between two beats, and between two looks whether a long step is to be told of again.
INTERVAL = 2.0
_AGAIN = 1.0


def start_heartbeat(emit: Emit, paths: Sequence[Path], interval: float = INTERVAL) -> None:
    """Emit :class:`~..contract.events.Alive` now and then from a thread, for the life of the process.

    Before each beat it opens ``paths``, on which the work depends: a disk that does not answer holds the thread as it
    holds the work, so that the beats end. What is not there, or may not be opened, is told by the work itself.
    """
    _start(lambda: emit(events.Alive()), paths, interval, threading.Event())


@contextmanager
def told_again(clock: JobClock, paths: Sequence[Path], interval: float = _AGAIN) -> Iterator[None]:
    """Meanwhile a long step is told of again and again, so that whoever waits sees the time go by.

    ``paths`` as above.
    """
    over = threading.Event()

    def tell() -> None:
        if clock.tell_again is not None:
            clock.tell_again()

    thread = _start(tell, paths, interval, over)
    try:
        yield
    finally:
        over.set()
        thread.join(interval)


def _start(
    say: Callable[[], None], paths: Sequence[Path], interval: float, over: threading.Event
) -> threading.Thread:
    def beat() -> None:
        while not over.is_set():
            say()
            for path in paths:
                with suppress(OSError):
                    os.close(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)))
            over.wait(interval)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    return thread
