# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that are given to nodes, or changed, without being read.

Blender reads an image again at each change of it, and when a node gets it: of a movie it decodes all frames up to
the last one, which holds a window up for seconds. Only a user that is exchanged by ``user_remap`` is left in peace.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy


@contextmanager
def stand_in(image: Any) -> Iterator[Any]:
    """An empty image that has the place of ``image`` in all its users until the end; further users may be added."""
    other = bpy.data.images.new("SkyAR", 1, 1)
    other.source = "FILE" if image.source == "FILE" else "SEQUENCE"  # a movie that is not there is complained of
    image.user_remap(other)
    try:
        yield other
    finally:
        other.user_remap(image)
        bpy.data.images.remove(other)
