# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the figures of a training go: a file always, Weights & Biases when asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Log:
    """One JSON object per line."""

    def __init__(self, path: Path, project: str | None, config: dict[str, Any]) -> None:
        self._path = path
        self._run = None
        if project:
            import wandb

            self._run = wandb.init(project=project, config=config, job_type="train-matte")

    def write(self, **figures: Any) -> None:
        line = json.dumps(figures)
        print(line, flush=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        if self._run:
            self._run.log(figures, step=figures.get("step"))
