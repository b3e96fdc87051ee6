# SPDX-License-Identifier: GPL-3.0-or-later
"""A subprocess that is watched without ever blocking: its lines, its end, and ending it step by step."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, cast

#: Lines of standard output that may wait to be polled; beyond that the subprocess waits in turn.
_WAITING_LINES = 10_000
#: Lines that one poll takes at the most: its caller, a timer in Blender, must not stutter in a flood.
_LINES_AT_ONCE = 1_000
_LOG_LINES = 2_000
_LONGEST_LINE = 4 << 20
#: Seconds after the subprocess's end in which its last words may still arrive. A grandchild may hold the pipes
#: open for ever, so their end is not waited for.
_LAST_WORDS = 1.0
#: Seconds between SIGTERM and SIGKILL.
_TERMINATE_GRACE = 2.0


class WatchedProcess:
    """One subprocess in a process group of its own.

    Its standard input stays open as long as this object and this process live: a child that sees it end knows that
    nobody watches any more. Everything happens in :meth:`poll`, which is to be called a few times a second.

    Attributes:
        log: its latest lines on standard error, oldest first; the watcher may add lines of its own.
        status: its exit status once it ended, else None; negative is the signal that ended it.
        ended: True once it has ended and :meth:`poll` has returned all that it said.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        merge: bool = False,
    ) -> None:
        """``merge`` sends standard error into standard output; otherwise it goes to ``log``."""
        self.command = list(command)
        self.log: deque[str] = deque(maxlen=_LOG_LINES)
        self.status: int | None = None
        self.ended = False
        self._environment = None if environment is None else dict(environment)
        self._folder = folder
        self._merge = merge
        self._popen: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[str] = queue.Queue(_WAITING_LINES)
        self._readers: list[threading.Thread] = []
        self._said: queue.Queue[str] | None = None
        self._abandoned = threading.Event()
        self._last_words_until: float | None = None
        self._last_lines = 0
        self._terminate_at: float | None = None
        self._kill_at: float | None = None

    @property
    def pid(self) -> int | None:
        """Process number, or None before :meth:`start`."""
        return None if self._popen is None else self._popen.pid

    @property
    def forced(self) -> bool:
        """Whether it had to be terminated, because it did not end when it was told to."""
        return self._kill_at is not None

    def start(self) -> None:
        """Start it. Raises OSError when the command cannot be run."""
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        popen = subprocess.Popen(
            self.command,
            # Unbuffered: a reader thread that is still waiting at exit then holds no lock of a buffered stream.
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if self._merge else subprocess.PIPE,
            env=self._environment,
            cwd=self._folder,
            # A group of its own: Ctrl-C in the terminal reaches only us, and ending it reaches its children too.
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )
        self._popen = popen
        self._read(popen.stdout, self._offer)
        if not self._merge:
            self._read(popen.stderr, self.log.append)

    def poll(self) -> list[str]:
        """The next lines of standard output, in order and not too many at once; never waits."""
        if self._popen is None or self.ended:
            return []
        now = time.monotonic()
        self.status = self._popen.poll()
        if self.status is None:
            self._press_on(now)
        elif self._last_words_until is None:
            self._last_words_until = now + _LAST_WORDS
        all_read = not any(reader.is_alive() for reader in self._readers)
        lines = self._take()
        if self._last_words_until is not None:
            self._last_lines += len(lines)
            done = all_read or now >= self._last_words_until
            # What it left behind is no more than what was waiting and what fits into a pipe; a grandchild that
            # floods the pipe for ever is not waited for.
            if (done and self._lines.empty()) or self._last_lines > 2 * _WAITING_LINES:
                self._finish()
        return lines

    def say(self, line: str) -> None:
        """Write a line to its standard input, after those before; never waits. One that reads no more is not told."""
        if self._popen is None or self.ended:
            return
        if self._said is None:
            self._said = queue.Queue()
            threading.Thread(target=self._write, args=(self._said,), name="skyar-writer", daemon=True).start()
        self._said.put(line)

    def end(self, *, say: str | None = None, grace: float = 0.0) -> None:
        """Begin to end it: write the line ``say`` to it, terminate it after ``grace`` seconds, then kill it.

        Returns at once; :meth:`poll` takes the later steps.
        """
        if self._popen is None or self.ended or self._terminate_at is not None:
            return
        if say is not None and self._popen.stdin is not None:
            # It may have ended already, or never read: then the later steps do it.
            with contextlib.suppress(OSError, ValueError):
                self._popen.stdin.write(say.encode() + b"\n")
        self._terminate_at = time.monotonic() + grace

    def stop(self) -> None:
        """Kill it now and wait until it is gone, for two seconds at the most."""
        if self._popen is None or self.ended:
            return
        self._signal(hard=True)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(2.0)
        self.status = self._popen.poll()
        self._finish()

    def _press_on(self, now: float) -> None:
        if self._kill_at is not None and now >= self._kill_at:
            self._signal(hard=True)
            self._kill_at = now + _TERMINATE_GRACE
        elif self._kill_at is None and self._terminate_at is not None and now >= self._terminate_at:
            self._signal(hard=False)
            self._kill_at = now + _TERMINATE_GRACE

    def _signal(self, *, hard: bool) -> None:
        popen = cast("subprocess.Popen[bytes]", self._popen)
        if popen.poll() is not None:
            return
        if sys.platform == "win32":
            # A virtual environment's python.exe is a launcher with the real interpreter as its child.
            system = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"
            with contextlib.suppress(OSError):
                subprocess.Popen(
                    [str(system / "taskkill.exe"), "/F", "/T", "/PID", str(popen.pid)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    creationflags=subprocess.CREATE_NO_WINDOW,
                )
            if hard:
                popen.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(popen.pid, signal.SIGKILL if hard else signal.SIGTERM)

    def _finish(self) -> None:
        self.ended = True
        self._abandoned.set()
        if self._popen is not None and self._popen.stdin is not None:
            with contextlib.suppress(OSError):
                self._popen.stdin.close()

    def _take(self) -> list[str]:
        lines: list[str] = []
        with contextlib.suppress(queue.Empty):
            while len(lines) < _LINES_AT_ONCE:
                lines.append(self._lines.get_nowait())
        return lines

    def _offer(self, line: str) -> None:
        while not self._abandoned.is_set():
            with contextlib.suppress(queue.Full):
                self._lines.put(line, timeout=0.2)
                return

    def _write(self, said: queue.Queue[str]) -> None:
        # A pipe holds little: a process that is slow to read must not hold up who speaks to it.
        stdin = cast("IO[bytes]", cast("subprocess.Popen[bytes]", self._popen).stdin)
        with contextlib.suppress(OSError, ValueError):
            while not self._abandoned.is_set():
                with contextlib.suppress(queue.Empty):
                    data = said.get(timeout=0.2).encode() + b"\n"
                    while data:
                        data = data[stdin.write(data) :]

    def _read(self, pipe: IO[bytes] | None, put: Callable[[str], object]) -> None:
        assert pipe is not None
        reader = threading.Thread(target=_read_lines, args=(pipe, put), name="skyar-reader", daemon=True)
        self._readers.append(reader)
        reader.start()


def _read_lines(pipe: IO[bytes], put: Callable[[str], object]) -> None:
    """Hand every line of ``pipe`` to ``put`` until its end; lines of monstrous length come in pieces."""
    rest = b""
    with pipe:
        while chunk := pipe.read(1 << 16):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                put(line.decode("utf-8", "replace").rstrip("\r"))
            if len(rest) > _LONGEST_LINE:
                put(rest.decode("utf-8", "replace"))
                rest = b""
    if rest:
        put(rest.decode("utf-8", "replace"))
