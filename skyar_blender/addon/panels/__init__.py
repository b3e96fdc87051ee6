# SPDX-License-Identifier: GPL-3.0-or-later
"""The sidebar, one panel per file; a new one is listed here."""

from __future__ import annotations

from importlib import import_module

_NAMES = (
    "first",
    "messages",
    "sidebar",
    "draft",
    "skies",
    "made_to_measure",
    "matte",
    "tracking",
    "sun",
    "wandb",
    "marks",
    "on_disk",
)
#: Those that Blender is to know, from top to bottom.
MODULES = tuple(import_module(f"{__name__}.{name}") for name in _NAMES)
