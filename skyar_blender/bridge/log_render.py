# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs a movie that was rendered from a result, with the engine's ``skyar log``."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from ..contract.errors import ErrorCode, SkyarError
from ..contract.render import Render
from ..contract.wandb import Wandb
from .launch import shell_command, worker_environment
from .process import WatchedProcess
from .starting import cannot_start


class LogRender:
    """Runs while Blender stays usable; used like :class:`.check.EngineCheck`."""

    def __init__(self, python: Path, output: Path, render: Render, wandb: Wandb) -> None:
        self._python = python
        self._folder = tempfile.TemporaryDirectory(prefix="skyar_log_")
        inputs = Path(self._folder.name) / "inputs.json"
        inputs.write_text(json.dumps({"inputs": render.inputs, "defaults": render.defaults}), encoding="utf-8")
        arguments = ["log", str(output), "--movie", render.movie, "--inputs", str(inputs), "--host", wandb.host]
        arguments += ["--wandb", wandb.mode, "--wandb-project", wandb.project]
        if wandb.entity:
            arguments += ["--wandb-entity", wandb.entity]
        if wandb.directory:
            arguments += ["--wandb-dir", wandb.directory]
        self._process = WatchedProcess(shell_command(python, arguments), environment=worker_environment())
        self._printed: list[str] = []
        self._begun = False

    @property
    def running(self) -> bool:
        """True from :meth:`start` until :meth:`poll` has seen the end."""
        return self._begun and not self._process.ended

    def start(self) -> None:
        """Begin. Raises SkyarError ``engine_missing``."""
        try:
            self._process.start()
        except OSError as error:
            raise cannot_start(self._python, error) from error
        self._begun = True

    def poll(self) -> str | None:
        """Where it was logged, once it was; never waits.

        Raises:
            SkyarError: ``not_logged``.
        """
        if not self.running:
            return None
        self._printed += self._process.poll()
        if not self._process.ended:
            return None
        self._folder.cleanup()
        printed = [line for line in self._printed if line.strip()]
        if self._process.status == 0 and printed:
            return printed[-1].strip()
        words = " ".join(line.strip() for line in self._process.log if line.strip())
        raise SkyarError(
            ErrorCode.NOT_LOGGED,
            "The render was not logged.",
            words.removeprefix("Error: ") or "The engine said nothing.",
            "Your movie is untouched; log it again when that is mended.",
        )

    def stop(self) -> None:
        """End it now."""
        self._process.stop()
        self._folder.cleanup()

    def wait(self) -> str:
        """Wait for the end; for scripts. Raises what :meth:`poll` raises."""
        try:
            while True:
                logged = self.poll()
                if logged is not None:
                    return logged
                time.sleep(0.05)
        except BaseException:
            self.stop()
            raise
