# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps events and noise apart: what libraries print goes to standard error and into the log."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from pathlib import Path
from typing import IO


class StandardStreams:
    """Takes over descriptors 1 and 2 for the life of the process.

    ``events`` is the true standard output. Whatever else is written to standard output or standard error, by
    Python or by a C library, is copied to the true standard error and, once :meth:`log_to` was called, into the
    log.
    """

    def __init__(self, echo: bool = True) -> None:
        # Names of files need not be UTF-8: their bytes go out as they are.
        self.events: IO[str] = os.fdopen(
            os.dup(1), "w", encoding="utf-8", errors="surrogateescape", newline="\n", buffering=1
        )
        self._error = os.dup(2)
        self._echo = echo
        self._log: IO[bytes] | None = None
        self._early = bytearray()
        self._lock = threading.Lock()
        reading, writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        os.close(writing)
        sys.stdout = sys.stderr
        # A crash must reach the supervisor although the thread below is gone by then.
        faulthandler.enable(file=self._error)
        self._thread = threading.Thread(target=self._copy, args=(reading,), name="log", daemon=True)
        self._thread.start()

    def log_to(self, path: Path) -> None:
        """Append to the log at ``path`` from now on, beginning with what was said so far."""
        if path.is_symlink():  # never another file than ours is written to
            path.unlink()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        log = os.fdopen(os.open(path, flags, 0o666), "ab", buffering=0)
        with self._lock:
            log.write(self._early)
            if self._log is not None:
                self._log.close()
            self._log = log
            self._early.clear()

    def close(self) -> None:
        """Give the descriptors back and wait until everything is in the log."""
        sys.stderr.flush()
        os.dup2(self._error, 1)
        os.dup2(self._error, 2)
        self._thread.join(timeout=2)
        with self._lock:
            if self._log is not None:
                self._log.close()
                self._log = None
        self.events.flush()

    def _copy(self, reading: int) -> None:
        while chunk := os.read(reading, 65536):
            if self._echo:
                os.write(self._error, chunk)
            with self._lock:
                if self._log is None:
                    self._early += chunk
                    continue
                try:
                    self._log.write(chunk)
                except OSError:  # a full disk must not stop the reading, or the process would block
                    self._log = None
        os.close(reading)
