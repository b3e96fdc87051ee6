# SPDX-License-Identifier: GPL-3.0-or-later
"""Rendered frames with a known sun, described as the engine describes them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from skyar_blender.engine.lens import Lens
from skyar_blender.engine.sun.describe import SKY_FRACTION
from skyar_blender.engine.sun.estimate import described
from skyar_blender.engine.sun.view import heading

Float64Array = NDArray[np.float64]
#: Camera axes of the scene generator (world x right, y forward, z up) to the engine's (x right, y down, z forward).
_WORLD = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
#: A shot whose sky is to be replaced shows at least so much of it.
LEAST_SKY = 0.1


@dataclass(frozen=True)
class Examples:
    """Frames to learn from.

    ``full_frame`` and ``sky`` (frames, 2, numbers) of each frame and its mirror image; ``azimuth`` (frames) of the
    sun in radians to the right of the middle of the view, NaN where no sun lights the frame; ``seed`` (frames) of its
    scene.
    """

    full_frame: Float64Array
    sky: Float64Array
    azimuth: Float64Array
    seed: NDArray[np.int64]

    @property
    def lit(self) -> NDArray[np.bool_]:
        """Which of them have a sun."""
        return np.isfinite(self.azimuth)

    @property
    def open(self) -> NDArray[np.bool_]:
        """Which of them show enough of a sky."""
        return np.asarray(self.full_frame[:, 0, SKY_FRACTION] >= LEAST_SKY)

    def only(self, which: NDArray[np.bool_]) -> Examples:
        """Some of them."""
        return Examples(self.full_frame[which], self.sky[which], self.azimuth[which], self.seed[which])


def read_examples(folder: Path, cache: Path) -> Examples:
    """All frames below ``folder`` that `make_scenes.py` made; what was described before is taken from ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    full_frame, sky, azimuths, seeds = [], [], [], []
    for path in sorted(folder.glob("*/*.json")):
        kept = cache / f"{path.parent.name}-{path.stem}.npz"
        if not kept.exists():
            metadata = json.loads(path.read_text(encoding="utf-8"))
            frame = cv2.imread(str(path.with_suffix(".jpg")))
            matte = cv2.imread(str(path.with_name(f"{path.stem}_alpha.png")), cv2.IMREAD_UNCHANGED)
            if frame is None or matte is None:
                continue  # it is being rendered
            sun = metadata["sky"].get("sun_azimuth_elevation")
            rotation = rotation_of(metadata["rotation"])
            found = described_frame(frame, matte, rotation, metadata["focal_px"])
            azimuth = np.nan if sun is None else math.radians(sun[0]) - heading(rotation)
            np.savez(kept, full_frame=found[0], sky=found[1], azimuth=azimuth)
        stored = np.load(kept)
        full_frame.append(stored["full_frame"])
        sky.append(stored["sky"])
        azimuths.append(float(stored["azimuth"]))
        seeds.append(int(path.parent.name))
    return Examples(np.array(full_frame), np.array(sky), np.array(azimuths), np.array(seeds))


def described_frame(
    frame: NDArray[np.uint8], matte: NDArray[np.uint16], rotation: Float64Array, focal: float
) -> tuple[Float64Array, Float64Array]:
    """A BGR frame and its mirror image described, (2, numbers) for each kind of networks."""
    height, width = matte.shape[:2]
    fraction = (matte.reshape(height, width, -1)[..., 0] / 65535).astype(np.float32)
    lens = Lens.of(focal, 0.0, width, height)
    full_frame, sky = described(np.ascontiguousarray(frame[..., ::-1]), fraction, rotation, lens)
    return full_frame[0], sky[0]


def rotation_of(rotation: list[list[float]]) -> Float64Array:
    """From the scene generator's matrix to the engine's: world to camera directions."""
    return (_WORLD @ np.array(rotation)).T
