# SPDX-License-Identifier: GPL-3.0-or-later
"""A locked-off tripod: nothing moves."""

from __future__ import annotations

import numpy as np

from ....contract.track_file import FocalSource, Track, TrackFrame
from ...types import FrameRGB, StoredMatte
from .counting import pack_count, unpack_count


class StaticTracker:
    """Counts frames and gives each the motion of a camera that stands still."""

    def __init__(self, *, width: int, height: int, fps: float, focal_px: float, focal_source: FocalSource) -> None:
        self._width, self._height, self._fps = width, height, fps
        self._focal_px, self._focal_source = focal_px, focal_source
        self._count = 0

    @property
    def count(self) -> int:
        """How many frames were taken."""
        return self._count

    def add(self, frame: FrameRGB, matte: StoredMatte) -> None:
        """Count a frame."""
        self._count += 1

    def checkpoint(self) -> bytes:
        """The number of frames, as JSON."""
        return pack_count("static", self._count)

    def restore(self, state: bytes) -> None:
        """Take over a state. Raises ValueError when it is damaged or of another tracker."""
        self._count = unpack_count("static", state)

    def solve(self) -> Track:
        """Identity for every frame, with full confidence: the artist said so."""
        identity = np.eye(3).tolist()
        frames = [
            TrackFrame(index=i, homography=identity, rotation=identity, confidence=1.0, source="scene")
            for i in range(self._count)
        ]
        return Track(
            width=self._width,
            height=self._height,
            fps=self._fps,
            focal_px=self._focal_px,
            focal_source=self._focal_source,
            frames=frames,
        )
