# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run is logged to Weights & Biases. Keys have no place here: the client finds them by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

WandbMode = Literal["off", "offline", "online"]
DEFAULT_PROJECT = "SkyAR"
#: Folder of the logged runs, beside the output folder, unless another is named.
FOLDER = "wandb"


@dataclass(frozen=True, kw_only=True)
class Wandb:
    """Where and what is logged.

    Attributes:
        mode: ``offline`` writes to the disk, for ``wandb sync``; ``online`` sends it at once.
        project: of Weights & Biases.
        entity: the person or team that the project belongs to; empty takes the one of the login.
        directory: absolute; the client makes a folder ``wandb`` in it. Empty: the folder of the output folder.
        group: runs that belong together; empty takes the clip's name.
        tags: besides those of the sky.
        keep_clip: log the clip itself as an artifact, not only its hash.
        host: the program that asked, such as ``Blender 5.0.1``; empty for the command line.
    """

    mode: WandbMode = "offline"
    project: str = DEFAULT_PROJECT
    entity: str = ""
    directory: str = ""
    group: str = ""
    tags: list[str] = field(default_factory=list)
    keep_clip: bool = False
    host: str = ""

    def __post_init__(self) -> None:
        if not self.project.strip():
            raise ValueError("`wandb.project` is empty")
        if self.directory and not Path(self.directory).is_absolute():
            raise ValueError(f"`wandb.directory` is {self.directory!r}, but must be an absolute folder")

    def folder(self, output: Path) -> Path:
        """Where the client makes its folder ``wandb`` for the result in ``output``."""
        return Path(self.directory) if self.directory else output.parent


def waiting_runs(folder: Path) -> list[Path]:
    """Runs in ``folder``, where the client has its folder ``wandb``, that were never sent."""
    found = sorted((folder / FOLDER).glob("offline-run-*"))
    return [path for path in found if path.is_dir() and not any(path.glob("*.synced"))]


def sync_command(path: Path) -> str:
    """What a person types to send the run in ``path``."""
    return f'wandb sync "{path}"'


def sync_all_command(folder: Path) -> str:
    """What a person types to send all runs that wait in ``folder``."""
    return f'wandb sync --include-offline "{folder / FOLDER}"' + "/offline-run-*"
