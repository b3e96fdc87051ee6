# SPDX-License-Identifier: GPL-3.0-or-later
"""One command of the engine that runs beside Blender and answers once, at its end."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Generic, TypeVar

from ..contract.errors import SkyarError
from .launch import shell_command, worker_environment
from .process import WatchedProcess
from .starting import cannot_start

Answer = TypeVar("Answer")


class EngineCommand(ABC, Generic[Answer]):
    """Runs ``skyar`` in the engine's interpreter without blocking; a subclass reads its answer."""

    def __init__(
        self, python: Path, arguments: list[str], *, command: list[str] | None = None, within: float = float("inf")
    ) -> None:
        """
        Args:
            python: the engine's interpreter.
            arguments: what follows ``skyar``.
            command: runs this instead.
            within: seconds after which the engine counts as hanging.
        """
        self.python = python
        self._within = within
        self._process = WatchedProcess(command or shell_command(python, arguments), environment=worker_environment())
        self._deadline = 0.0
        self._printed: list[str] = []
        self._begun = False

    @property
    def running(self) -> bool:
        """True from :meth:`start` until :meth:`poll` has seen the end."""
        return self._begun and not self._process.ended

    def start(self) -> None:
        """Begin. Raises SkyarError ``engine_missing`` when the interpreter cannot be started."""
        try:
            self._process.start()
        except OSError as error:
            raise cannot_start(self.python, error) from error
        self._begun = True
        self._deadline = time.monotonic() + self._within

    def poll(self) -> Answer | None:
        """The answer once it is there, else None; never waits. Raises SkyarError, as the subclass says."""
        if not self.running:
            return None
        self._printed += self._process.poll()
        if self._process.ended:
            return self._answer()
        if time.monotonic() > self._deadline:
            self.stop()
            raise self._no_answer(f"It did not answer within {self._within:.0f} seconds.")
        return None

    def stop(self) -> None:
        """End it now."""
        self._process.stop()

    def wait(self) -> Answer:
        """Wait for the answer; for scripts. Raises what :meth:`poll` raises."""
        try:
            while True:
                answer = self.poll()
                if answer is not None:
                    return answer
                time.sleep(0.05)
        except BaseException:
            self.stop()
            raise

    @abstractmethod
    def _answer(self) -> Answer:
        """What the command that has ended says. Raises SkyarError."""

    @abstractmethod
    def _no_answer(self, why: str) -> SkyarError:
        """The error of a command that says nothing of use."""
