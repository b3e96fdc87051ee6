# SPDX-License-Identifier: GPL-3.0-or-later
"""Views into labelled panoramas of places: real streets, woods and fields, seen by any lens in any direction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .photographs import UNKNOWN, kept_aside
from .skies import linear

Random = np.random.Generator
#: The labels that ship with the project, by the panorama's name.
LABELS = Path(__file__).resolve().parent.parent / "labels" / "places"


@dataclass(frozen=True)
class Place:
    """``light``: (H, 2 H, 3) linear RGB, all round; ``matte``: the same size, 8 bits, 255 = sky, 128 = unknown.

    ``unknown``: 1 where the matte is unknown and next to that.
    """

    light: np.ndarray
    matte: np.ndarray
    unknown: np.ndarray

    def view(
        self, random: Random, height: int, width: int, up: float | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Image (height, width, 3) RGB 0..1 as displayed, matte 0..1, and 1 where the matte is known, else 0.

        ``up``: degrees above the horizon to which the camera looks; any where it is None.
        """
        x, y = _directions(random, height, width, self.matte.shape, up)
        light, matte = (
            cv2.remap(each, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP) for each in (self.light, self.matte)
        )
        known = 1 - cv2.remap(self.unknown, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_WRAP)
        ground = light[matte < 128]
        return _developed(random, light, ground), matte.astype(np.float32) / 255, known.astype(np.float32)


def find_places(panoramas: Path, labels: Path = LABELS, aside: bool = False) -> list[Place]:
    """All panoramas in a folder that have a label; ``aside``: those kept aside, instead of all others."""
    found = []
    for path in sorted(panoramas.glob("*")):
        label = labels / f"{path.stem}.png"
        if path.suffix not in (".hdr", ".jpg") or not label.exists() or (path.stem in kept_aside()) != aside:
            continue
        matte = cv2.imread(str(label), cv2.IMREAD_GRAYSCALE)
        if matte is None:
            raise ValueError(f"{label} is no picture")
        light = cv2.resize(linear(path), matte.shape[::-1], interpolation=cv2.INTER_AREA)
        unknown = cv2.dilate((matte == UNKNOWN).astype(np.uint8), np.ones((3, 3), np.uint8))
        found.append(Place(light, matte, unknown))
    return found


def _directions(
    random: Random, height: int, width: int, shape: tuple[int, ...], elevation: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Where each pixel of a camera looks, in pixels of the panorama: any lens but long ones, half of them level."""
    columns, rows = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    roll = np.radians(random.normal(0, 4) if random.random() < 0.7 else random.uniform(-180, 180))
    columns, rows = columns * np.cos(roll) - rows * np.sin(roll), columns * np.sin(roll) + rows * np.cos(roll)
    if elevation is None:
        elevation = random.normal(10, 14) if random.random() < 0.5 else random.uniform(-40, 90)
    up = np.radians(elevation)
    rays = _fisheye(random, columns, rows) if random.random() < 0.12 else _pinhole(random, columns, rows)
    across, down, forward = rays
    ahead = forward * np.cos(up) + down * np.sin(up)
    above = forward * np.sin(up) - down * np.cos(up)
    longitude = np.arctan2(across, ahead) + random.uniform(0, 2 * np.pi)
    latitude = np.arctan2(above, np.hypot(across, ahead))
    x = longitude / (2 * np.pi) * shape[1] % shape[1]
    y = np.clip((0.5 - latitude / np.pi) * shape[0] - 0.5, 0, shape[0] - 1)
    return x.astype(np.float32), y.astype(np.float32)


Rays = tuple[np.ndarray, np.ndarray, np.ndarray]


def _pinhole(random: Random, columns: np.ndarray, rows: np.ndarray) -> Rays:
    """Rays (right, down, forward) through a plain lens that sees 20 to 115 degrees along its longer side."""
    field = np.radians(random.uniform(45, 115) if random.random() < 0.8 else random.uniform(20, 45))
    focal = 0.5 * max(columns.shape) / np.tan(field / 2)
    return columns, rows, np.full(columns.shape, focal)


def _fisheye(random: Random, columns: np.ndarray, rows: np.ndarray) -> Rays:
    """The same through an equidistant fisheye that fills the frame: 120 to 190 degrees along the diagonal."""
    radius = np.hypot(columns, rows)
    angle = radius / radius.max() * np.radians(random.uniform(120, 190)) / 2
    scale = np.sin(angle) / np.maximum(radius, 1e-6)
    return columns * scale, rows * scale, np.cos(angle)


def _developed(random: Random, light: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """Exposed for something between the dark and the bright half, and brought to a display by one of two curves.

    What is not sky is not blown out: there, nobody could tell the two apart.
    """
    level = float(np.exp(np.log(light.mean(axis=-1) + 1e-4).mean()))
    gain = np.exp(random.normal(-1.3, 0.5)) / level
    if ground.size:
        gain = min(gain, 1.2 / max(1e-6, float(np.percentile(ground[::7], 92))))
    exposed = light * gain
    if random.random() < 0.5:
        exposed = exposed * (1 + exposed / 9) / (1 + exposed)  # Reinhard et al. 2002, white at 3
    return np.asarray(np.power(np.clip(exposed, 0, 1), 1 / 2.2), np.float32)
