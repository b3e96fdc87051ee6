# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of Weights & Biases, told where to write and to keep quiet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import wandb

from ...contract.wandb import FOLDER, Wandb

#: Seconds that the client may wait for a server at the beginning.
INIT_SECONDS = 60
#: Below the folder ``wandb``: what the client would keep elsewhere.
_BESIDE = {"WANDB_DATA_DIR": "data", "WANDB_CACHE_DIR": "cache", "WANDB_ARTIFACT_DIR": "artifacts"}


@contextmanager
def started(settings: Wandb, folder: Path, **run: Any) -> Iterator[wandb.Run]:
    """A run that ends with the context, as failed where that raises.

    ``folder`` is where the client makes its folder ``wandb``; ``run`` are name, group, tags and so on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, below in _BESIDE.items():
        os.environ.setdefault(name, str(folder / FOLDER / below))
    found = wandb.init(
        mode="online" if settings.mode == "online" else "offline",
        project=settings.project,
        entity=settings.entity or None,
        dir=str(folder),
        settings=wandb.Settings(
            init_timeout=INIT_SECONDS,
            console="off",
            silent=True,
            save_code=False,
            disable_git=True,
            x_disable_stats=True,
            x_disable_meta=True,
        ),
        **run,
    )
    try:
        yield found
    except BaseException:
        found.finish(exit_code=1)
        raise
    found.finish()
