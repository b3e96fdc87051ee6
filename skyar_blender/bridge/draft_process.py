# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that makes drafts, as Blender's side sees it: started when it is first asked, and kept warm."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..contract import events
from ..contract.draft import DraftRequest
from ..contract.errors import ErrorCode
from ..contract.job import Job
from .launch import draft_command
from .process import WatchedProcess
from .starting import event_of, last_words, no_temporary_file, start_engine


class DraftProcess:
    """Asks for drafts, one at a time; a newer request takes the place of one that has not been begun.

    A process that has ended, died or hung is told by an :class:`~..contract.events.Error`, and the next request
    starts another one. Its pictures lie in a folder of their own, which goes with :meth:`stop`.
    """

    def __init__(
        self,
        python: Path,
        *,
        command: Sequence[str] | None = None,
        silent_after: float = 30.0,
        overdue_after: float = 180.0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            python: the engine's interpreter (:func:`.interpreter.find_python`).
            command: runs this instead of the process that comes with SkyAR.
            silent_after: seconds without a word, while a draft is awaited, after which the process is ended; it
                speaks every two.
            overdue_after: seconds that one draft may take: beyond that a disk does not answer.
            environment: variables for the process, besides those of :func:`.launch.worker_environment`.
        """
        self.python = python
        self._command = list(command) if command is not None else draft_command(python)
        self._silent_after = silent_after
        self._overdue_after = overdue_after
        self._environment = dict(environment or {})
        self._process: WatchedProcess | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._number = 0
        self._line = ""
        self._answered = 0
        self._begun = 0
        self._asked_at = self._heard_at = time.monotonic()

    @property
    def waiting(self) -> bool:
        """Whether a draft was asked for that has not come yet."""
        return self._answered < self._number

    @property
    def pid(self) -> int | None:
        """Number of the process, or None where none is there."""
        return None if self._process is None else self._process.pid

    def ask(self, job: Job, frame: int, size: int) -> int:
        """Ask for frame ``frame`` of ``job``, at most ``size`` pixels long; the number of the request.

        Returns at once; what comes of it is for :meth:`poll` to say.

        Raises:
            SkyarError: ``engine_missing`` when the interpreter cannot be started; ``output_not_writable`` when
                there is no folder for the pictures.
        """
        folder = self._pictures()
        request = DraftRequest(number=self._number + 1, job=job, frame=frame, size=size, folder=folder)
        if self._process is None or self._process.ended:
            self._process = start_engine(self._command, self._environment)
        if not self.waiting:
            self._asked_at = time.monotonic()
        self._heard_at = time.monotonic()
        self._number = request.number
        self._line = request.to_line()
        self._process.say(self._line)
        return request.number

    def poll(self) -> list[events.Event]:
        """Events since the last call, in order; never waits. Errors are of the request that was begun last.

        Raises:
            SkyarError: ``engine_missing`` as :meth:`ask`.
        """
        process = self._process
        if process is None:
            return []
        found: list[events.Event] = []
        now = time.monotonic()
        for line in process.poll():
            self._heard_at = now
            self._sort(line, process, found)
        if process.ended:
            self._process = None
            if self.waiting and process.status == 0 and self._begun < self._number:
                # It ended because nobody had asked for long, just as somebody did.
                self._process = start_engine(self._command, self._environment)
                self._heard_at = now
                self._process.say(self._line)
            elif self.waiting:
                found.append(_died(last_words(process)))
                self._answered = self._number
        elif self.waiting and now - self._heard_at > self._silent_after:
            found.append(self._given_up("It has said nothing for a while: it was stopped from outside."))
        elif self.waiting and now - self._asked_at > self._overdue_after:
            found.append(self._given_up("It has taken too long: a disk that it works on does not answer."))
        return found

    def stop(self) -> None:
        """End the process now, and remove its pictures."""
        if self._process is not None:
            self._process.stop()
            self._process = None
        self._answered = self._number
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _pictures(self) -> str:
        if self._folder is None or not Path(self._folder.name).is_dir():
            try:
                self._folder = tempfile.TemporaryDirectory(prefix="skyar-draft-", ignore_cleanup_errors=True)
            except OSError as error:
                raise no_temporary_file("The draft", error) from error
        return self._folder.name

    def _sort(self, line: str, process: WatchedProcess, found: list[events.Event]) -> None:
        event = event_of(line, process)
        if isinstance(event, events.Drafting):
            self._begun = event.number
            self._asked_at = time.monotonic()
        elif isinstance(event, events.Drafted):
            self._answered = max(self._answered, event.number)
        elif isinstance(event, events.Error):
            self._answered = max(self._answered, self._begun)
        else:
            return
        found.append(event)

    def _given_up(self, why: str) -> events.Error:
        assert self._process is not None
        self._process.stop()
        self._process = None
        self._answered = self._number
        return _died(f"{why} It was ended.")


def _died(why: str) -> events.Error:
    return events.Error(
        code=ErrorCode.WORKER_DIED,
        what="The draft was not made.",
        why=why,
        todo="Ask for it once more: the engine is started anew. If it happens again, close other programs, or press "
        "Check Engine in the add-on's preferences.",
    )
