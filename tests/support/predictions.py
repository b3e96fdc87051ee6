# SPDX-License-Identifier: GPL-3.0-or-later
"""Made shots of small predictions: a sky above a level horizon, seen by a camera that turns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from skyar_blender.engine.lens import Lens
from skyar_blender.engine.matte.over_time.prediction import StoredPrediction
from skyar_blender.engine.matte.over_time.view import ViewDirections
from skyar_blender.engine.track.geometry.rotations import rotation_from_vector

SHAPE = (72, 128)
COUNT = 30
#: Alters the log odds, the sureness, the crowns and what is foreign of the frame of an index, in place.
Change = Callable[[int, np.ndarray, np.ndarray, np.ndarray, np.ndarray], None]


def view(turn: float, distortion: float = 0.0) -> ViewDirections:
    """A camera of 256x144 pixels turned to the right by so many degrees, rolled and tilted a little."""
    rotation = rotation_from_vector(np.array([0.1, 0, 0.05])) @ rotation_from_vector(np.radians([0, -turn, 0]))
    return ViewDirections(SHAPE, (-127.0, -71.0), (2.0, 2.0), Lens.of(200, distortion, 256, 144), rotation)


def world(seen: ViewDirections) -> np.ndarray:
    """Log odds of a sky above a level horizon."""
    up = -seen.directions()[..., 1]
    return np.clip(up * 200, -7, 7).astype(np.float32)


def shot(change: Change) -> list[tuple[StoredPrediction, ViewDirections]]:
    """A pan over 20 degrees."""
    frames = []
    for index in range(COUNT):
        seen = view(20 * index / COUNT)
        logits = world(seen)
        maps = (logits, np.abs(logits), np.zeros(SHAPE, np.float32), np.zeros(SHAPE, np.float32))
        change(index, *maps)
        frames.append((StoredPrediction.of(*maps), seen))
    return frames
