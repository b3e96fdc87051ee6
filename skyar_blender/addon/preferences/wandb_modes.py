# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to log to Weights & Biases, as Blender's menus have them."""

from __future__ import annotations

#: Items of an EnumProperty.
MODES = (
    ("OFF", "Off", "Log nothing"),
    ("OFFLINE", "Offline", "Write runs to the disk; wandb sync sends them"),
    ("ONLINE", "Online", "Send runs to the server; needs Blender's online access and a login"),
)
