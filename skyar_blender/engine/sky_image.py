# SPDX-License-Identifier: GPL-3.0-or-later
"""What every kind of sky offers: its image as a camera sees it."""

from __future__ import annotations

from typing import Protocol

from .types import LinearRGB, Matrix3


class SkyImage(Protocol):
    """A sky at infinity, all around or a part of it."""

    def view(self, rotation: Matrix3, focal_px: float, width: int, height: int, distortion: float = 0.0) -> LinearRGB:
        """The sky through a camera, (height, width, 3) scene-linear.

        ``rotation`` maps world directions (x right, y down, z forward at the horizon) to camera directions (same
        axes); ``focal_px`` is in pixels of the ``width`` x ``height`` image, its centre at
        ``((width - 1) / 2, (height - 1) / 2)``; ``distortion`` of its lens as in :mod:`.lens`.
        """
        ...
