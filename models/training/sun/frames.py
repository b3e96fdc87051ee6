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
from skyar_blender.engine.sun.estimate import describe_both
from skyar_blender.engine.sun.view import heading

Floats = NDArray[np.float64]
#: Camera axes of the scene generator (world x right, y forward, z up) to the engine's (x right, y down, z forward).
_WORLD = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])


@dataclass(frozen=True)
class Examples:
    """Frames to learn from.

    ``numbers`` (frames, 2, numbers) of each frame and its mirror image; ``azimuth`` (frames) of the sun in radians to
    the right of the middle of the view, NaN where no sun lights the frame; ``seed`` (frames) of its scene.
    """

    numbers: Floats
    azimuth: Floats
    seed: NDArray[np.int64]


def read_examples(folder: Path, cache: Path) -> Examples:
    """All frames below ``folder`` that `make_scenes.py` made; what was described before is taken from ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    numbers, azimuths, seeds = [], [], []
    for path in sorted(folder.glob("*/*.json")):
        kept = cache / f"{path.parent.name}-{path.stem}.npz"
        if not kept.exists():
            facts = json.loads(path.read_text(encoding="utf-8"))
            frame = cv2.imread(str(path.with_suffix(".jpg")))
            matte = cv2.imread(str(path.with_name(f"{path.stem}_alpha.png")), cv2.IMREAD_UNCHANGED)
            if frame is None or matte is None:
                continue  # it is being rendered
            described = described_frame(frame, matte, facts["rotation"], facts["focal_px"])
            sun = facts["sky"].get("sun_azimuth_elevation")
            np.savez(
                kept, numbers=described[0], azimuth=np.nan if sun is None else math.radians(sun[0]) - described[1]
            )
        found = np.load(kept)
        numbers.append(found["numbers"])
        azimuths.append(float(found["azimuth"]))
        seeds.append(int(path.parent.name))
    return Examples(np.array(numbers), np.array(azimuths), np.array(seeds))


def described_frame(
    frame: NDArray[np.uint8], matte: NDArray[np.uint16], rotation: list[list[float]], focal: float
) -> tuple[Floats, float]:
    """A BGR frame and its mirror image described, and the azimuth of the middle of its view in radians."""
    world_to_camera = rotation_of(rotation)
    height, width = matte.shape[:2]
    share = (matte.reshape(height, width, -1)[..., 0] / 65535).astype(np.float32)
    lens = Lens.of(focal, 0.0, width, height)
    return describe_both(np.ascontiguousarray(frame[..., ::-1]), share, world_to_camera, lens), heading(
        world_to_camera
    )


def rotation_of(rotation: list[list[float]]) -> Floats:
    """From the scene generator's matrix to the engine's: world to camera directions."""
    return (_WORLD @ np.array(rotation)).T
