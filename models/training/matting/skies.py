# SPDX-License-Identifier: GPL-3.0-or-later
"""Skies to put behind things: views into panoramas, and painted ones."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

Random = np.random.Generator
Floats = np.ndarray
#: Side in pixels of a sky.
SIZE = 320
#: Lowest elevation in degrees from which a panorama shows nothing but sky, by the start of its name. Panoramas that
#: are not named here, with buildings or trees high above the horizon, are places and not skies.
_LOWEST = {
    "aristea_wreck_puresky": 1,
    "blouberg_sunrise": 10,
    "cloudy": 1,
    "dawn": 12,
    "evening_road_01_puresky": 1,
    "industrial_sunset_puresky": 1,
    "kloofendal_48d_partly_cloudy_puresky": 1,
    "kloppenheim_06_puresky": 1,
    "mpumalanga_veld_puresky": 1,
    "night": 16,
    "park": 12,
    "rustig_koppie_puresky": 1,
    "sky": 1,
    "starmap": -90,
    "sunrise": 18,
    "sunset/sky.exr": 1,
    "wasteland_clouds_puresky": 1,
}


class Skies:
    """A store of skies of ``SIZE`` x ``SIZE``, RGB 0..1 as displayed, drawn once and varied at every use."""

    def __init__(self, panoramas: list[Path], count: int, seed: int) -> None:
        random = np.random.default_rng((seed, 7))
        loaded = [each for each in (_panorama(path) for path in panoramas) if each is not None]
        self._kept = np.empty((count, SIZE, SIZE, 3), np.uint8)
        for index in range(count):
            if loaded and index % 5 < 3:
                sky = _view(random, *loaded[int(random.integers(len(loaded)))])
            else:
                sky = painted(random)
            self._kept[index] = np.rint(np.clip(sky, 0, 1) * 255)

    def draw(self, random: Random, height: int, width: int) -> Floats:
        """A sky of that size: a part of a stored one, mirrored, brightened, tinted."""
        sky = self._kept[int(random.integers(len(self._kept)))]
        high, wide = (int(SIZE * random.uniform(0.45, 1)) for _ in range(2))
        top, left = int(random.integers(0, SIZE - high + 1)), int(random.integers(0, SIZE - wide + 1))
        sky = sky[top : top + high, left : left + wide]
        if random.random() < 0.5:
            sky = sky[:, ::-1]
        sky = cv2.resize(sky, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32) / 255
        sky = cv2.pow(sky, random.uniform(0.7, 1.4))
        sky *= np.exp(random.normal(0, 0.2)) * (1 + random.normal(0, 0.04, 3))
        return np.clip(sky, 0, 1).astype(np.float32)


def find_panoramas(*folders: Path) -> list[Path]:
    """Panoramas in these folders and in their folders, by name."""
    endings = {".hdr", ".exr", ".jpg"}
    found = (path for folder in folders for path in folder.rglob("*") if path.suffix in endings)
    return sorted(path for path in found if path.name != "thumbnail.jpg")


def linear(path: Path) -> Floats:
    """A panorama as linear RGB, (H, W, 3), 0 and up; what has 8 bits is taken as encoded for a display.

    Raises ``ValueError`` when the file is no image.
    """
    if path.suffix == ".exr":
        from skyar_blender.engine.media.exr import read_exr

        return np.maximum(np.asarray(read_exr(path), np.float32)[..., :3], 0)
    stored = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if stored is None:
        raise ValueError(f"{path} is no picture")
    image = stored[..., 2::-1].astype(np.float32)
    return np.maximum((image / 255) ** 2.2 if stored.dtype == np.uint8 else image, 0)


def painted(random: Random) -> Floats:
    """A sky without a panorama: clear, veiled, overcast, blown out, sunset, storm or night."""
    kind = random.choice(
        ["clear", "overcast", "blown", "sunset", "storm", "night"], p=[0.25, 0.27, 0.12, 0.14, 0.08, 0.14]
    )
    top, low = _PALETTES[kind](random)
    rows = np.linspace(0, 1, SIZE, dtype=np.float32)[:, None, None] ** random.uniform(0.5, 2.5)
    sideways = np.linspace(-1, 1, SIZE, dtype=np.float32)[None, :, None] * random.normal(0, 0.06)
    sky = (top * (1 - rows) + low * rows) * (1 + sideways)
    if kind == "blown":
        return sky
    cover = {"clear": 0.35, "overcast": 1.0, "sunset": 0.7, "storm": 1.0, "night": 0.4}[kind]
    if random.random() < cover:
        sky = _clouded(random, sky, kind)
    if kind == "night" and random.random() < 0.4:
        stars = (random.random((SIZE, SIZE)) > 0.997).astype(np.float32) * random.uniform(0.2, 1)
        sky = sky + cv2.GaussianBlur(stars, (0, 0), 0.7)[..., None]
    if random.random() < 0.2:
        sky = sky + _sun(random, kind)
    return np.clip(sky, 0, 1).astype(np.float32)


def _clear(random: Random) -> tuple[Floats, Floats]:
    deep = np.float32([random.uniform(0.1, 0.5), random.uniform(0.3, 0.65), random.uniform(0.55, 1.0)])
    return deep, deep + (np.float32([0.95, 0.97, 1.0]) - deep) * random.uniform(0, 1)


def _overcast(random: Random) -> tuple[Floats, Floats]:
    tint = np.float32([random.uniform(0.9, 1.03), random.uniform(0.95, 1.02), 1.0])
    return tint * random.uniform(0.35, 1.0), tint * random.uniform(0.5, 1.0)


def _blown(random: Random) -> tuple[Floats, Floats]:
    return np.float32([1, 1, 1]) * random.uniform(0.93, 1.05), np.float32([1, 1, 1]) * random.uniform(0.93, 1.05)


def _sunset(random: Random) -> tuple[Floats, Floats]:
    top = np.float32([random.uniform(0.1, 0.7), random.uniform(0.15, 0.5), random.uniform(0.3, 0.75)])
    low = np.float32([random.uniform(0.7, 1.0), random.uniform(0.25, 0.75), random.uniform(0.05, 0.6)])
    return top, low


def _storm(random: Random) -> tuple[Floats, Floats]:
    tint = np.float32([random.uniform(0.75, 1.05), random.uniform(0.8, 1.0), 1.0])
    return tint * random.uniform(0.1, 0.35), tint * random.uniform(0.2, 0.6)


def _night(random: Random) -> tuple[Floats, Floats]:
    top = np.float32([random.uniform(0, 0.08), random.uniform(0, 0.09), random.uniform(0, 0.18)])
    glow = np.float32([random.uniform(0.4, 1.0), random.uniform(0.3, 0.8), random.uniform(0.15, 1.0)])
    return top, top + glow * random.uniform(0, 0.45)


_PALETTES = {
    "clear": _clear,
    "overcast": _overcast,
    "blown": _blown,
    "sunset": _sunset,
    "storm": _storm,
    "night": _night,
}


def _clouded(random: Random, sky: Floats, kind: str) -> Floats:
    shape = np.zeros((SIZE, SIZE), np.float32)
    strength, cells = 1.0, random.uniform(2, 6)
    stretch = random.uniform(1, 4)
    for _ in range(5):
        grid = random.standard_normal((int(cells * stretch) + 2, int(cells) + 2)).astype(np.float32)
        shape += strength * cv2.resize(grid, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
        strength *= random.uniform(0.4, 0.65)
        cells *= 2
    amount = 1 / (1 + np.exp(-(shape + random.normal(0, 1)) * random.uniform(1, 5)))
    lit = 1 + random.normal(0, 0.25)
    colour = sky.mean(axis=(0, 1)) * lit + (0.25 * random.random() if kind in ("clear", "sunset") else 0)
    if kind == "clear":
        colour = np.float32([1, 1, 1]) * random.uniform(0.6, 1.05)
    opacity = random.uniform(0.1, 1.0)
    return sky + (colour - sky) * (amount * opacity)[..., None]


def _sun(random: Random, kind: str) -> Floats:
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    far = np.hypot(x - random.uniform(0, SIZE), y - random.uniform(0, SIZE)) / SIZE
    disc = np.exp(-((far / random.uniform(0.01, 0.04)) ** 2)) + random.uniform(0.1, 0.6) * np.exp(
        -far / random.uniform(0.05, 0.3)
    )
    warm = np.float32([1, random.uniform(0.7, 1), random.uniform(0.4, 1)])
    return disc[..., None] * warm * (0.5 if kind == "night" else 1.0)


def _panorama(path: Path) -> tuple[Floats, float] | None:
    """Linear RGB, (H, W, 3), at most 2048 wide, and its lowest elevation; None when it is no sky."""
    name = f"{path.parent.name}/{path.name}" if path.name == "sky.exr" else path.name
    lowest = next((angle for start, angle in _LOWEST.items() if name.startswith(start)), None)
    if lowest is None:
        return None
    image = linear(path)
    scale = min(1.0, 2048 / image.shape[1])
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), float(lowest)


def _view(random: Random, panorama: Floats, lowest: float) -> Floats:
    """A view of 25 to 100 degrees into the part above ``lowest``, exposed somehow, as displayed."""
    field = random.uniform(25, 100)
    height, width = panorama.shape[:2]
    rows = np.linspace(0.5, -0.5, SIZE, dtype=np.float32) * field * random.uniform(0.5, 1)
    bottom = lowest + random.choice([0, random.uniform(0, 1)]) * max(0.0, 88 - lowest - np.ptp(rows))
    elevation = np.clip(rows - rows[-1] + bottom, lowest, 89.9)
    azimuth = np.linspace(-0.5, 0.5, SIZE, dtype=np.float32) * field / max(0.35, np.cos(np.radians(elevation.mean())))
    x = (azimuth / 360 * width + random.uniform(0, width)) % width
    y = (90 - elevation) / 180 * height
    grid = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    linear = cv2.remap(panorama, *grid, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    middle = float(np.median(linear.mean(axis=-1))) + 1e-6
    exposed = linear * (random.uniform(0.02, 0.9) ** 1.3 / middle)
    return np.power(np.clip(exposed, 0, 1), 1 / 2.2)
