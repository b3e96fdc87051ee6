# SPDX-License-Identifier: GPL-3.0-or-later
"""Regions that show the sequencer's picture, and where the mouse is in them."""

from __future__ import annotations

from collections.abc import Iterator

import bpy

from ..bases import there


def previews(context: bpy.types.Context) -> Iterator[bpy.types.Region]:
    """Regions of the window that show the sequencer's image."""
    for area in there(context.window).screen.areas:
        if area.type == "SEQUENCE_EDITOR":
            yield from (region for region in area.regions if region.type == "PREVIEW" and region.height > 1)


def at(region: bpy.types.Region, event: bpy.types.Event) -> tuple[int, int]:
    """The pixel of the region, from its lower left."""
    return event.mouse_x - region.x, event.mouse_y - region.y


def within(region: bpy.types.Region, event: bpy.types.Event) -> bool:
    """Whether the mouse is over the region."""
    x, y = at(region, event)
    return 0 <= x < region.width and 0 <= y < region.height


def covered(region: bpy.types.Region, event: bpy.types.Event) -> bool:
    """Whether another region of the same area, such as the sidebar, lies over this one at the mouse."""
    for area in there(bpy.context.window).screen.areas:
        if region in list(area.regions):
            return any(
                other != region and other.width > 1 and other.height > 1 and within(other, event)
                for other in area.regions
                if other.type not in {"WINDOW", "PREVIEW"}
            )
    return False
