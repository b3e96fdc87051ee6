# SPDX-License-Identifier: GPL-3.0-or-later
"""The sidebar, one panel per file; a new one is listed here."""

from __future__ import annotations

from . import (
    draft,
    first,
    made_to_measure,
    marks,
    matte,
    messages,
    on_disk,
    sidebar,
    skies,
    sun,
    tracking,
    wandb,
)

#: Those that Blender is to know, from top to bottom.
MODULES = (
    first,
    messages,
    sidebar,
    draft,
    skies,
    made_to_measure,
    matte,
    tracking,
    sun,
    wandb,
    marks,
    on_disk,
)
