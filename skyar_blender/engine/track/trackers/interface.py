# SPDX-License-Identifier: GPL-3.0-or-later
"""What every way of following the camera offers: take the frames in order, then solve the shot."""

from __future__ import annotations

from typing import Protocol

from ....contract.track_file import Track
from ...types import FrameRGB, StoredMatte


class Tracker(Protocol):
    """Follows the camera through one clip."""

    def add(self, frame: FrameRGB, matte: StoredMatte) -> None:
        """Take the next frame with its matte, both at the clip's size."""
        ...

    @property
    def count(self) -> int:
        """How many frames were taken."""
        ...

    def checkpoint(self) -> bytes:
        """The state so far; a tracker that restores it goes on exactly as this one would."""
        ...

    def restore(self, state: bytes) -> None:
        """Take over a state that :meth:`checkpoint` gave. Raises ValueError when it is damaged."""
        ...

    def solve(self) -> Track:
        """The motion of every frame taken."""
        ...
