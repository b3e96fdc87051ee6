# SPDX-License-Identifier: GPL-3.0-or-later
"""Check Engine: what the engine says about itself."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from ..contract.errors import ErrorCode, SkyarError
from .exit_words import exit_words
from .launch import shell_command, worker_environment
from .process import WatchedProcess
from .starting import cannot_start, last_lines


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """One thing that was looked at; ``todo`` is what to do when it is not ``ok``."""

    name: str
    ok: bool
    value: str
    todo: str


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """Everything that was looked at; ``ok`` when the engine can work."""

    ok: bool
    checks: tuple[CheckLine, ...]


class EngineCheck:
    """Runs ``skyar check`` in the engine's interpreter without blocking."""

    def __init__(
        self,
        python: Path,
        *,
        output: Path | None = None,
        command: list[str] | None = None,
        within: float = 180.0,
    ) -> None:
        """
        Args:
            python: the engine's interpreter.
            output: an existing folder on the disk where results would go, for the check of free room.
            command: runs this instead.
            within: seconds after which the engine counts as hanging.
        """
        self.python = python
        self._within = within
        arguments = ["check", "--json", *([] if output is None else ["--output", str(output)])]
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

    def poll(self) -> CheckReport | None:
        """The report once it is there, else None; never waits.

        Raises:
            SkyarError: ``engine_incomplete`` when the engine answers nothing that can be read.
        """
        if not self.running:
            return None
        self._printed += self._process.poll()
        if self._process.ended:
            return self._report()
        if time.monotonic() > self._deadline:
            self.stop()
            raise self._no_answer(f"It did not answer within {self._within:.0f} seconds.")
        return None

    def stop(self) -> None:
        """End it now."""
        self._process.stop()

    def wait(self) -> CheckReport:
        """Wait for the report; for scripts. Raises what :meth:`poll` raises."""
        try:
            while True:
                report = self.poll()
                if report is not None:
                    return report
                time.sleep(0.05)
        except BaseException:
            self.stop()
            raise

    def _report(self) -> CheckReport:
        for line in reversed(self._printed):
            try:
                data = json.loads(line)
                checks = tuple(
                    CheckLine(name=str(c["name"]), ok=bool(c["ok"]), value=str(c["value"]), todo=str(c["todo"]))
                    for c in data["checks"]
                )
                return CheckReport(ok=bool(data["ok"]), checks=checks)
            except (ValueError, KeyError, TypeError):
                continue
        printed = last_lines([*self._printed, *self._process.log])
        raise self._no_answer("\n".join([exit_words(self._process.status), *printed]))

    def _no_answer(self, why: str) -> SkyarError:
        return SkyarError(
            ErrorCode.ENGINE_INCOMPLETE,
            f"The engine in {self.python} does not work.",
            why,
            "Press Set Up Engine in the add-on's preferences, or install SkyAR's requirements there.",
        )


def check_engine(python: Path, output: Path | None = None) -> CheckReport:
    """Run Check Engine and wait for its report.

    Raises:
        SkyarError: ``engine_missing`` or ``engine_incomplete``.
    """
    check = EngineCheck(python, output=output)
    check.start()
    return check.wait()
