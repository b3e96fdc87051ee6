# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual environment that SkyAR looks after: where it is and whether it is whole.

The folder holds environments ``engine-xxxxxxxx`` and ``current.json``, which names the one in use. That file is
written last, so an environment that it does not name is one that was never completed. A virtual environment cannot
be moved; so each new one gets a new name, and the one in use stays until another has passed its check.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..contract.documents import read_object

_POINTER = "current.json"
_PREFIX = "engine-"
#: What an environment may be called; a longer name is none that a file system takes.
_NAME = re.compile(rf"{_PREFIX}[A-Za-z0-9._-]{{1,64}}")


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / "Scripts" / "python.exe" if os.name == "nt" else environment / "bin" / "python"


def fingerprint(files: Iterable[Path]) -> str:
    """Tells whether requirement files changed; line ends do not count."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


class ManagedEnvironment:
    """The managed environments in ``folder``, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def metadata(self) -> dict[str, Any]:
        """What was noted about the environment in use: ``name``, ``device``, ``requirements``. Empty if none."""
        try:
            metadata = read_object(self.folder / _POINTER)
        except (OSError, ValueError):
            return {}
        name = metadata.get("name")
        whole = isinstance(name, str) and _NAME.fullmatch(name) is not None
        return metadata if whole else {}

    @property
    def current(self) -> Path | None:
        """The environment in use, or None."""
        metadata = self.metadata
        return self.folder / metadata["name"] if metadata else None

    @property
    def python(self) -> Path | None:
        """Interpreter of the environment in use; None where there is none, or where it no longer works because
        the Python that it was made from is gone."""
        current = self.current
        python = None if current is None else python_of(current)
        return python if python is not None and python.is_file() else None

    def new(self) -> Path:
        """A folder for another environment; nothing is made yet."""
        return self.folder / f"{_PREFIX}{secrets.token_hex(4)}"

    def leftovers(self) -> list[Path]:
        """Environments that are not the one in use."""
        current = self.current
        return [path for path in sorted(self.folder.glob(f"{_PREFIX}*")) if path != current]

    def use(self, environment: Path, **metadata: str) -> None:
        """Make ``environment`` the one in use. Raises OSError."""
        temporary = self.folder / f"{_POINTER}.new"
        temporary.write_text(json.dumps({"name": environment.name, **metadata}, indent=1) + "\n", encoding="utf-8")
        temporary.replace(self.folder / _POINTER)
