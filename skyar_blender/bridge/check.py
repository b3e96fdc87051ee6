# SPDX-License-Identifier: GPL-3.0-or-later
"""Check Engine: what the engine says about itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ..contract.errors import ErrorCode, SkyarError
from .engine_command import EngineCommand
from .exit_words import exit_words
from .starting import last_lines


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


class EngineCheck(EngineCommand[CheckReport]):
    """Runs ``skyar check``; raises ``engine_incomplete`` when the engine says nothing that can be read."""

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
        arguments = ["check", "--json", *([] if output is None else ["--output", str(output)])]
        super().__init__(python, arguments, command=command, within=within)

    def _answer(self) -> CheckReport:
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
