# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person should know of a clip before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClipWarning:
    """A stable name for scripts, what is so, the cause, and what can be done; ``why`` may be empty."""

    code: str
    what: str
    why: str
    todo: str
