# SPDX-License-Identifier: GPL-3.0-or-later
"""Skies that the artist likes best, kept with the preferences: they are the first in every file."""

from __future__ import annotations

import json

import bpy

from ..bases import there
from .preferences import preferences


def favourites() -> frozenset[str]:
    """Sources of these skies, as :class:`..skies.sky_choice.Choice` has them."""
    chosen = preferences()
    try:
        found = json.loads(chosen.favourite_skies or "[]") if chosen is not None else []
    except ValueError:
        return frozenset()  # not written by us
    return frozenset(each for each in found if isinstance(each, str)) if isinstance(found, list) else frozenset()


def toggle(source: str) -> bool:
    """Make the sky a favourite, or no longer; whether it is one now."""
    chosen = preferences()
    if chosen is None:
        return False
    now = favourites() ^ {source}
    chosen.favourite_skies = json.dumps(sorted(now))
    there(bpy.context.preferences).is_dirty = True
    return source in now
