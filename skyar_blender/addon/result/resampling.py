# SPDX-License-Identifier: GPL-3.0-or-later
"""How a strip that is scaled or turned is filtered."""

from __future__ import annotations

from typing import Any

from .. import compat

#: The name of a modifier that changes nothing.
AS_FOOTAGE = "Filter as Footage"


def filter_as_footage(strip: Any) -> None:
    """Let ``strip``, whose picture is linear, be scaled and turned as footage is.

    From 5.1 on Blender scales the pictures of Scene strips in linear light, those of movies as they are encoded. What
    has a modifier, though it changes nothing, is encoded before. A strip whose pixels stay what they are needs none.
    """
    modifier = strip.modifiers.get(AS_FOOTAGE)
    needed = compat.SCALES_SCENES_IN_LINEAR_LIGHT and _is_resampled(strip)
    if needed and modifier is None:
        strip.modifiers.new(AS_FOOTAGE, "BRIGHT_CONTRAST")
    elif modifier is not None and not needed:
        strip.modifiers.remove(modifier)


def _is_resampled(strip: Any) -> bool:
    placed = strip.transform
    whole = (round(placed.scale_x, 5), round(placed.scale_y, 5), round(placed.rotation, 5)) == (1, 1, 0)
    between = any(abs(offset - round(offset)) > 0.01 for offset in (placed.offset_x, placed.offset_y))
    return not whole or between or compat.is_animated_below(strip.id_data, f"{strip.path_from_id()}.transform")


def rest_filter(result: Any, rests: bool) -> None:
    """What :func:`filter_as_footage` adds only costs time while ``result`` shows its movie, as that is encoded."""
    modifier = result.modifiers.get(AS_FOOTAGE)
    if modifier is not None:
        modifier.mute = rests


def without_filter(strip: Any) -> None:
    """Take off what :func:`filter_as_footage` added."""
    modifier = strip.modifiers.get(AS_FOOTAGE)
    if modifier is not None:
        strip.modifiers.remove(modifier)
