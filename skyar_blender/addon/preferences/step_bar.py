# SPDX-License-Identifier: GPL-3.0-or-later
"""How far setting up the engine is, wherever that is drawn."""

from __future__ import annotations

from typing import Any

from ...bridge.environment import SetupProgress
from ..translations.say import say


def draw_step(layout: Any, now: SetupProgress) -> None:
    """A bar with the step's name and number."""
    part = now.fetched / now.to_fetch if now.to_fetch else 0.0
    step = f"{say(now.title)} ({now.step}/{now.steps})"
    layout.progress(factor=(now.step - 1 + part) / now.steps, text=step, translate=False)
