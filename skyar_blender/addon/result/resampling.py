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
    if not (compat.SCALES_SCENES_IN_LINEAR_LIGHT and _is_resampled(strip)):
        without_filter(strip)
    elif AS_FOOTAGE not in strip.modifiers:
        strip.modifiers.new(AS_FOOTAGE, "BRIGHT_CONTRAST")


def _is_resampled(strip: Any) -> bool:
    placed = strip.transform
    whole = (round(placed.scale_x, 5), round(placed.scale_y, 5), round(placed.rotation, 5)) == (1, 1, 0)
    between = any(abs(offset - round(offset)) > 0.01 for offset in (placed.offset_x, placed.offset_y))
    return not whole or between or compat.is_animated_below(strip.id_data, f"{strip.path_from_id()}.transform")


def without_filter(strip: Any) -> None:
    """Take off what :func:`filter_as_footage` added, as where a result shows its movie: that is encoded."""
    modifier = strip.modifiers.get(AS_FOOTAGE)
    if modifier is not None:
        strip.modifiers.remove(modifier)
