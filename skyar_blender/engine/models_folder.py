# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the weights are that come with SkyAR."""

from __future__ import annotations

from pathlib import Path


def models_folder() -> Path:
    """Inside an installed package, else beside it as in the repository."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "models"
    return installed if installed.is_dir() else package.parent / "models"
