# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences that hold names or numbers, in the user's language."""

from __future__ import annotations

from typing import Any

import bpy


def say(text: str, **values: object) -> str:
    """``text`` in the user's language, with ``values`` in its braces; English where it has no translation."""
    translated: Any = bpy.app.translations.pgettext_iface(text)  # type: ignore[func-returns-value]
    return str(translated).format(**values)


def duration(seconds: float) -> str:
    """``seconds`` as a person tells them, roughly."""
    if seconds < 55:
        return say("{count} seconds", count=max(5, 5 * round(seconds / 5)))
    minutes = round(seconds / 60)
    if minutes == 1:
        return say("a minute")
    if minutes < 90:
        return say("{count} minutes", count=minutes)
    return say("{count} hours", count=f"{seconds / 3600:.1f}")


def size(count: int) -> str:
    """So many bytes, for a person."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
