# SPDX-License-Identifier: GPL-3.0-or-later
"""What a player has to know to let the clouds of a panorama drift before its sun and its clear sky: `drift.exr`."""

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from .air import EARTH

Image = NDArray[np.float32]
WIDTH, ROWS = 1024, 256
# Degrees over which distances of clouds are smoothed, fine where there is cloud and wide where there is little. With
# finer ones the sky would tear where near cloud is seen before far cloud.
_SMOOTH = (3.0, 8.0, 20.0)
_LITTLE = 0.03


@dataclass(frozen=True)
class Drift:
    """The wind over a sky.

    Attributes:
        heading: where it blows to, degrees from forward to the right.
        height, speed: of the lowest clouds' base, metres, and of the wind there, metres per second.
        speeds: of the wind in each of the sky's layers, far to near, as parts of `speed`; all 1 where it is empty.
        behind: the same of what is behind the layers.
        seconds, dissolve: after how long it comes round, and how long it dissolves into its beginning.
        closed: all of the sky is one layer of cloud at that height, so that no file is needed.
    """

    heading: float
    height: float
    speed: float
    speeds: tuple[float, ...] = ()
    behind: float = 3.5
    seconds: float = 48.0
    dissolve: float = 10.0
    closed: bool = False

    def part(self, number: int) -> float:
        """Of the wind's speed, what blows in the sky's layer of that number."""
        return self.speeds[number] if self.speeds else 1.0

    def described(self) -> dict[str, object]:
        """The table `drift` of `sky.toml`."""
        named = {key: getattr(self, key) for key in ("heading", "height", "speed", "seconds", "dissolve")}
        return named if self.closed else {**named, "file": "drift.exr"}


def nearness(cover: Image, near: Image, height: float) -> Image:
    """One by the distance of the clouds, 1/km, (ROWS, WIDTH), smooth, also where there are none.

    Args:
        cover, near: (rows, width) of the upper half: 0..1, and `cover` times that quantity.
        height: metres of the layer that is taken for what is not seen.
    """
    plain = _flat(ROWS, height / 1000)[:, None]
    cover, near = (cv2.resize(each, (WIDTH, ROWS), interpolation=cv2.INTER_AREA) for each in (cover, near))
    # Of the distance to a layer of even height, the part that is smooth by itself is left out.
    near = near / plain
    found = np.ones_like(near)
    for degrees in reversed(_SMOOTH):
        total, many = _blurred(near, degrees), _blurred(cover, degrees)
        found = (total + _LITTLE * found) / (many + _LITTLE)
    # All directions meet straight above.
    elevation = 90 * (1 - (np.arange(ROWS) + 0.5) / ROWS)
    one = np.clip((elevation - 62) / 22, 0, 1)[:, None]
    mean = found.mean(axis=1, keepdims=True)
    return np.asarray((found + one * (mean - found)) * plain, np.float32)


def _flat(rows: int, height: float) -> NDArray[np.float64]:
    elevation = (1 - (np.arange(rows) + 0.5) / rows) * math.pi / 2
    rise, bend = np.sin(elevation), np.cos(elevation) ** 2 / (2 * EARTH)
    return np.asarray((rise + np.sqrt(rise**2 + 4 * bend * height)) / (2 * height))


def _blurred(values: Image, degrees: float) -> Image:
    sigma = degrees / 360 * WIDTH
    side = math.ceil(3 * sigma)
    wrapped = np.concatenate([values[:, -side:], values, values[:, :side]], axis=1)
    return np.asarray(cv2.GaussianBlur(wrapped, (0, 0), sigma)[:, side:-side], np.float32)


def write_drift(path: Path, still: Image, cover: Image, near: Image) -> None:
    """Half float, DWAA: R, G, B the clear sky with the sun's glare; A cover; N nearness, all (ROWS, WIDTH)."""
    header = {"compression": OpenEXR.DWAA_COMPRESSION, "type": OpenEXR.scanlineimage, "dwaCompressionLevel": 45.0}
    planes = {**dict(zip("RGB", np.moveaxis(still, 2, 0), strict=True)), "A": cover, "N": near}
    halves = {name: np.ascontiguousarray(plane, np.float16) for name, plane in planes.items()}
    with OpenEXR.File(header, halves) as file:
        file.write(str(path))
