# SPDX-License-Identifier: GPL-3.0-or-later
"""Listening to a process while Blender stays usable: an operator's timer."""

from __future__ import annotations

from typing import Any

import bpy

from ..bases import Returned, there

_SECONDS_BETWEEN_POLLS = 0.1


def start_timer(operator: Any, context: bpy.types.Context) -> Returned:
    """Let ``modal`` of ``operator`` be called now and then; what its ``invoke`` has to return."""
    manager = there(context.window_manager)
    operator._timer = manager.event_timer_add(_SECONDS_BETWEEN_POLLS, window=context.window)
    manager.modal_handler_add(operator)
    return {"RUNNING_MODAL"}


def stop_timer(operator: Any, context: bpy.types.Context) -> None:
    """No more calls, and nothing in the status bar."""
    there(context.window_manager).event_timer_remove(operator._timer)
    if context.workspace is not None:
        context.workspace.status_text_set(None)
