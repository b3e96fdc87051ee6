# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs a movie that was rendered from a result, with the engine's ``skyar log``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from ..contract.errors import ErrorCode, SkyarError
from ..contract.render import Render
from ..contract.wandb import Wandb
from .engine_command import EngineCommand


class LogRender(EngineCommand[str]):
    """Its answer is where it was logged; raises ``not_logged``."""

    def __init__(self, python: Path, output: Path, render: Render, wandb: Wandb) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="skyar_log_")
        inputs = Path(self._folder.name) / "inputs.json"
        inputs.write_text(json.dumps({"inputs": render.inputs, "defaults": render.defaults}), encoding="utf-8")
        arguments = ["log", str(output), "--movie", render.movie, "--inputs", str(inputs), "--host", wandb.host]
        arguments += ["--wandb", wandb.mode, "--wandb-project", wandb.project]
        if wandb.entity:
            arguments += ["--wandb-entity", wandb.entity]
        if wandb.directory:
            arguments += ["--wandb-dir", wandb.directory]
        super().__init__(python, arguments)

    def stop(self) -> None:
        """End it now."""
        super().stop()
        self._folder.cleanup()

    def _answer(self) -> str:
        self._folder.cleanup()
        printed = [line for line in self._printed if line.strip()]
        if self._process.status == 0 and printed:
            return printed[-1].strip()
        words = " ".join(line.strip() for line in self._process.log if line.strip())
        raise self._no_answer(words.removeprefix("Error: ") or "The engine said nothing.")

    def _no_answer(self, why: str) -> SkyarError:
        return SkyarError(
            ErrorCode.NOT_LOGGED,
            "The render was not logged.",
            why,
            "Your movie is untouched; log it again when that is mended.",
        )
