# SPDX-License-Identifier: GPL-3.0-or-later
"""An image that is looked into and closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy


@contextmanager
def opened_image(path: Path | str) -> Iterator[Any]:
    """The image at ``path``, a datablock that goes when the block ends. Raises RuntimeError if it cannot be read."""
    # fake-bpy-module takes its pixels for a number and knows none of its colour spaces.
    image: Any = bpy.data.images.load(str(path), check_existing=False)
    try:
        yield image
    finally:
        bpy.data.images.remove(image)
