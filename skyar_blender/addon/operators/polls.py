# SPDX-License-Identifier: GPL-3.0-or-later
"""What several operators ask for before they can be used."""

from __future__ import annotations

from typing import Any

from ..preferences import engine_state

NO_RESULT = "Select a result of Replace Sky, or the strip that it was made from"


def needs(operator: type[Any], met: bool, message: str) -> bool:
    """``met``; where it is not, Blender says ``message`` beside the greyed-out button."""
    if not met:
        operator.poll_message_set(message)
    return met


def needs_idle_engine(operator: type[Any]) -> bool:
    """Refused while the engine is set up or checked."""
    return needs(operator, not engine_state.busy(), "Wait until the set-up or the check under way has ended")
