# SPDX-License-Identifier: GPL-3.0-or-later
"""A locked-off tripod: nothing moves."""

from __future__ import annotations

import json

import numpy as np

from ...contract.track_file import FocalSource, Track, TrackFrame
from ..types import FrameRGB, StoredMatte


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
        return json.dumps({"tracker": "static", "count": self._count}).encode()

    def restore(self, state: bytes) -> None:
        """Take over a state. Raises ValueError when it is damaged or of another tracker."""
        try:
            data = json.loads(state)
            if data["tracker"] != "static" or not isinstance(data["count"], int) or data["count"] < 0:
                raise ValueError("it is of another tracker")
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"the state of the camera tracking cannot be read: {error}") from error
        self._count = data["count"]

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
