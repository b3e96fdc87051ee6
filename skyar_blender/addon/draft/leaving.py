# SPDX-License-Identifier: GPL-3.0-or-later
"""Clears the draft when another file is opened, and ends its process with the add-on."""

from __future__ import annotations

from typing import Any

import bpy

from . import overlay
from . import session as sessions


def register() -> None:
    """Watch for other files."""
    bpy.app.handlers.load_pre.append(_on_load)


def unregister() -> None:
    """End what is shown, what is made, and the watching."""
    bpy.app.handlers.load_pre.remove(_on_load)
    overlay.hide()
    sessions.stop()


@bpy.app.handlers.persistent
def _on_load(*_given: Any) -> None:
    session = sessions.active()
    if session is not None:
        session.clear()
    overlay.hide()
