# SPDX-License-Identifier: GPL-3.0-or-later
"""An arrow that is drawn over the Preview while the mouse is held."""

from __future__ import annotations

import math

import bpy

from ..drawn_lines import Point, draw_lines

_COLOUR = (1.0, 0.75, 0.2, 1.0)
_HEAD = 14.0
_SPREAD = 0.45
_WIDTH = 2.5


class Arrow:
    """From a point to :attr:`to`, in pixels of the region; drawn until :meth:`remove`."""

    def __init__(self, start: Point) -> None:
        self.start = self.to = start
        self._handle = bpy.types.SpaceSequenceEditor.draw_handler_add(self._draw, (), "PREVIEW", "POST_PIXEL")

    def remove(self) -> None:
        """Draw it no longer."""
        bpy.types.SpaceSequenceEditor.draw_handler_remove(self._handle, "PREVIEW")

    def _draw(self) -> None:
        back = math.atan2(self.start[1] - self.to[1], self.start[0] - self.to[0])
        wings = [
            (self.to[0] + _HEAD * math.cos(back + side), self.to[1] + _HEAD * math.sin(back + side))
            for side in (-_SPREAD, _SPREAD)
        ]
        draw_lines([self.start, self.to, self.to, wings[0], self.to, wings[1]], _WIDTH, _COLOUR)
