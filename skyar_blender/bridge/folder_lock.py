# SPDX-License-Identifier: GPL-3.0-or-later
"""One process at a time in a folder; the system lets go of the lock when the process dies."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FolderLock:
    """A lock on ``folder``, which must exist."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "setup.lock"
        self._handle: int | None = None

    def take(self) -> bool:
        """Take it without waiting; False when another process has it. Raises OSError when it cannot be made."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if sys.platform == "win32":
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Let go of it; the file stays, since removing it would race with the next one to take it."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.close(self._handle)
            self._handle = None
