# SPDX-License-Identifier: GPL-3.0-or-later
"""Icons of our own: Blender asks that each set be made and freed with the add-on."""

from __future__ import annotations

from typing import Any

import bpy.utils.previews


class IconSet:
    """Icons by name; there are none before :meth:`register` and after :meth:`unregister`."""

    def __init__(self) -> None:
        self.collection: Any = None

    def register(self) -> None:
        """Make room for icons."""
        self.collection = bpy.utils.previews.new()

    def unregister(self) -> None:
        """Free all of them."""
        bpy.utils.previews.remove(self.collection)
        self.collection = None
