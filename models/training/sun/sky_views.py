# SPDX-License-Identifier: GPL-3.0-or-later
"""Views of skies without a place, described: the domes of `make_skies.py` through the cameras of rendered frames.

What stands before the sky is that of the frame the camera is from; how bright it is, which a camera's metering
depends on, is drawn at random, and nothing else of it is seen. Every few views have clouds of their own.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.training.scenes.footage.curve import draw_curve, expose
from models.training.sun.clouds import clouded
from models.training.sun.frames import rotation_of
from skyar_blender.engine.lens import Lens
from skyar_blender.engine.sun.describe import SIZE
from skyar_blender.engine.sun.estimate import mirrored_and_ahead
from skyar_blender.engine.sun.sky_grid import describe_sky
from skyar_blender.engine.sun.view import view_of

Float64Array = NDArray[np.float64]
#: Long side at which a view is made.
_LONG = 128
#: Views in a row with the same clouds.
_ALIKE = 3
#: Least share of sky that a camera's frame shows.
_LEAST = 0.06


@dataclass(frozen=True)
class Camera:
    """A frame's matte (height, width), and how it hangs: world to camera directions, focal length in its pixels."""

    matte: NDArray[np.float32]
    rotation: Float64Array
    focal: float


def read_cameras(folder: Path) -> list[Camera]:
    """Those of all rendered frames below ``folder`` that show a sky."""
    cameras = []
    for path in sorted(folder.glob("*/*.json")):
        metadata = json.loads(path.read_text(encoding="utf-8"))
        matte = cv2.imread(str(path.with_name(f"{path.stem}_alpha.png")), cv2.IMREAD_UNCHANGED)
        if matte is None or metadata.get("sky_fraction", 0) < _LEAST or "second_sky" in metadata:
            continue
        scale = _LONG / max(matte.shape[:2])
        fraction = (matte.reshape(*matte.shape[:2], -1)[..., 0] / 65535).astype(np.float32)
        small = cv2.resize(fraction, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        cameras.append(Camera(np.asarray(small), rotation_of(metadata["rotation"]), metadata["focal_px"] * scale))
    return cameras


def described_views(
    dome: NDArray[np.floating[Any]],
    azimuth: float,
    cameras: list[Camera],
    count: int,
    rng: np.random.Generator,
    painted: bool = True,
) -> tuple[Float64Array, Float64Array]:
    """``count`` views of a dome (its sun at ``azimuth``, radians, NaN without): described, each with its mirror image
    (count, 2, numbers), and the sun's azimuth from the middle of each view (count). Clouds are ``painted`` on it."""
    numbers, suns = [], []
    sky = dome
    for index in range(count):
        if painted and index % _ALIKE == 0 and math.isfinite(azimuth):
            sky = clouded(dome, azimuth, rng)
        camera = cameras[int(rng.integers(len(cameras)))]
        mirrored = bool(rng.random() < 0.5)
        matte = np.ascontiguousarray(camera.matte[:, ::-1]) if mirrored else camera.matte
        swap = np.diag([-1.0, 1.0, 1.0]) if mirrored else np.eye(3)
        heading = rng.uniform(-np.pi, np.pi)
        _, ahead = mirrored_and_ahead(swap @ camera.rotation @ swap)
        frame = _seen(sky, matte, ahead, camera.focal, heading, rng)
        height, width = matte.shape
        lens = Lens.of(camera.focal, 0.0, width, height)
        both = ((frame, matte, ahead), (frame[:, ::-1], matte[:, ::-1], _swapped(ahead)))
        numbers.append(
            [
                describe_sky(view_of(np.ascontiguousarray(f), np.ascontiguousarray(m), r, lens, SIZE))
                for f, m, r in both
            ]
        )
        suns.append(azimuth - heading)
    return np.array(numbers), np.array(suns)


def _swapped(rotation: Float64Array) -> Float64Array:
    swap = np.diag([-1.0, 1.0, 1.0])
    return np.asarray(swap @ rotation @ swap)


def _seen(
    dome: NDArray[np.floating[Any]],
    matte: NDArray[np.float32],
    rotation: Float64Array,
    focal: float,
    heading: float,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """The frame, 8 bits sRGB; ``rotation`` looks towards azimuth 0, which is turned to ``heading`` in the dome."""
    height, width = matte.shape
    x, y = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    rays = np.stack([x / focal, y / focal, np.ones_like(x)], axis=-1) @ rotation
    azimuth = np.arctan2(rays[..., 0], rays[..., 2]) + heading
    elevation = np.maximum(np.arctan2(-rays[..., 1], np.hypot(rays[..., 0], rays[..., 2])), 0.0)
    rows, columns = dome.shape[:2]
    u = ((azimuth / (2 * math.pi) + 0.5) % 1.0) * columns - 0.5
    v = np.clip((1 - elevation / (math.pi / 2)) * rows - 0.5, 0, rows - 1)
    light = cv2.remap(
        np.asarray(dome, np.float32), u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )  # fmt: skip
    ground = float(np.minimum(light, np.quantile(light, 0.95)).mean() * np.exp(rng.normal(-1.3, 0.6)))
    fraction = matte[..., None]
    full_frame = np.asarray(light * fraction + ground * (1 - fraction), np.float32)
    curve = draw_curve(full_frame, 1 - matte, False, rng)
    noisy = expose(full_frame, curve) + rng.normal(0, rng.uniform(0, 0.015), full_frame.shape)
    return np.asarray(np.rint(np.clip(noisy, 0, 1) * 255), np.uint8)
