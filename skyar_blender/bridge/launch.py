# SPDX-License-Identifier: GPL-3.0-or-later
"""How the worker's interpreter is started: the command and a clean environment."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

#: Variables of Blender's Python (or of its launcher) that would mislead another interpreter.
_MISLEADING = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")


def source_root() -> Path:
    """The folder that holds the package ``skyar_blender``: the extension's own folder when it is installed."""
    return Path(__file__).resolve().parents[2]


def clean_environment() -> dict[str, str]:
    """This process's environment without what belongs to Blender's own Python."""
    return {name: value for name, value in os.environ.items() if name not in _MISLEADING}


def worker_environment() -> dict[str, str]:
    """Environment in which ``python -m skyar_blender.worker`` finds its code and answers line by line.

    Python may keep the code as it has read it (``__pycache__``), beside what Blender keeps of the add-on: to read all
    of it anew at each start takes a second.
    """
    return clean_environment() | {
        "PYTHONPATH": str(source_root()),
        # The current folder is the artist's: a numpy.py lying there must not be imported.
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
    }


def worker_command(python: Path, job_file: Path) -> list[str]:
    """The command of a worker that does the job in ``job_file``."""
    return [str(python), "-m", "skyar_blender.worker", "--job", str(job_file)]


def draft_command(python: Path) -> list[str]:
    """The command of the process that makes drafts as they are asked for."""
    return [str(python), "-m", "skyar_blender.worker.draft"]


def shell_command(python: Path, arguments: Sequence[str]) -> list[str]:
    """The command of the ``skyar`` command line with ``arguments``."""
    return [str(python), "-m", "skyar_blender.worker.cli", *arguments]
