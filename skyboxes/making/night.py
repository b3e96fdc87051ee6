# SPDX-License-Identifier: GPL-3.0-or-later
"""A night sky as a camera on a tripod sees it: stars by magnitude, the Milky Way with its dust, the air's own glow.

Directions of stars are drawn, not those of a catalogue; their counts grow with magnitude as in the sky.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

from .marched import direction

Image = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Night:
    """A recipe of a night.

    Attributes:
        centre: azimuth and elevation of the middle of the galaxy, degrees.
        tilt: of its plane against the vertical there, degrees.
        galaxy: radiance of the Milky Way's brightest clouds; 0 leaves it out.
        faintest: magnitude of the faintest star; `stars` the peak of a star of magnitude 5 in its pixel.
        air, glow: radiance of the sky overhead and at the horizon.
        clear: part of a star's light that comes through the air overhead.
    """

    centre: tuple[float, float] = (15.0, 16.0)
    tilt: float = 35.0
    galaxy: float = 0.3
    faintest: float = 10.2
    stars: float = 0.32
    air: tuple[float, float, float] = (0.0052, 0.0075, 0.0125)
    glow: tuple[float, float, float] = (0.034, 0.036, 0.03)
    clear: float = 0.85


def _spectral(rows: int, columns: int, seed: int, slope: float, largest: float) -> Image:
    """Noise that repeats, mean 0, deviation 1; `largest` wavelength in pixels."""
    random = np.random.default_rng(seed)
    waves = np.fft.rfft2(random.standard_normal((rows, columns), np.float32))
    f = np.hypot(np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None, :])
    waves *= np.where(f > 0, np.maximum(f, 1e-9) ** -slope, 0) / (1 + (1 / (largest * np.maximum(f, 1e-9))) ** 4)
    out = np.fft.irfft2(waves, s=(rows, columns)).astype(np.float32)
    return (out - out.mean()) / out.std()


def galaxy_map(seed: int, width: int = 6144) -> tuple[Image, Image]:
    """The Milky Way in its own coordinates, (width / 4, width, 3) and its dust's optical depth (width / 4, width).

    Longitude 0 is the middle column and grows to the left; latitudes reach from 45 degrees down to -45.
    """
    rows = width // 4
    b = (0.5 - (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows) * 90
    length = (0.5 - (np.arange(width, dtype=np.float32)[None, :] + 0.5) / width) * 360
    degree = width / 360
    big = _spectral(rows, width, seed, 1.9, 40 * degree)
    small = _spectral(rows, width, seed + 1, 1.6, 9 * degree)
    # Filaments: where noise crosses 0, drawn about by coarser noise.
    strands = 1 - np.abs(_spectral(rows, width, seed + 2, 2.05, 15 * degree)) * 1.15
    fine = 1 - np.abs(_spectral(rows, width, seed + 3, 1.75, 5 * degree)) * 1.1
    bent = b + 1.6 * big + 0.5 * small
    near = np.exp(-((length / 30) ** 2))
    disc = (0.2 + 0.42 * np.exp(-((length / 75) ** 2))) * np.exp(-np.abs(b + 0.8 * big) / (4.2 + 3 * near))
    disc *= np.exp(0.3 * small + 0.35 * big)
    bulge = 1.5 * np.exp(-np.sqrt((length / 11) ** 2 + ((b + 1) / 5.2) ** 2 + 0.02)) * np.exp(0.22 * small)
    wide = 0.05 * np.exp(-np.abs(b) / 18)
    lane = np.exp(-((np.abs(bent - 0.6 - 0.04 * length * near) / (2.0 + 1.6 * near)) ** 1.6))
    rift = np.exp(-(((bent - 5 - 0.05 * length) / 3.2) ** 2)) * np.exp(-(((length - 25) / 26) ** 2))
    dust = 1.7 * lane * np.clip(0.35 + 0.9 * strands + 0.25 * fine, 0, 3)
    dust += 1.5 * rift * np.clip(0.35 + 0.9 * strands + 0.35 * fine, 0, 3)
    dust += (
        0.55 * np.exp(-np.abs(b) / 9) * np.clip(strands + 0.4 * fine - 0.35, 0, 2) * np.clip(0.6 + 0.6 * big, 0, 2)
    )
    dust *= 0.35 + 0.65 * np.exp(-((length / 95) ** 2))
    reddened = np.exp(-dust[..., None] * np.array([0.78, 1.0, 1.28], np.float32))
    light = bulge[..., None] * np.array([1.2, 0.9, 0.6], np.float32)
    light = light + disc[..., None] * np.array([0.86, 0.94, 1.1], np.float32)
    light = light * reddened + wide[..., None] * np.array([0.8, 0.9, 1.1], np.float32)
    # Clouds of glowing hydrogen, a few, in the plane.
    random = np.random.default_rng(seed + 4)
    for _ in range(16):
        x, y = random.normal(0, 35), random.normal(-0.5, 1.8)
        size = random.uniform(0.15, 0.6)
        d = np.sqrt((length - x) ** 2 + (b - y) ** 2)
        patch = np.exp(-((d / size) ** 1.5)) * np.exp(0.5 * small)
        light += (random.uniform(0.08, 0.25) * patch)[..., None] * np.array([1.0, 0.3, 0.42], np.float32)
    return light.astype(np.float32), dust.astype(np.float32)


@njit(cache=True, fastmath=True)
def _splat(
    image: Image, azimuth: Floats, elevation: Floats, flux: Floats, colour: Floats, sharp: float
) -> None:  # fmt: skip
    """Adds stars; a bright one is a little larger, as on a sensor, and has a faint halo."""
    rows, width = image.shape[0], image.shape[1]
    pixel = 2 * math.pi / width
    for s in range(len(flux)):
        e = elevation[s]
        y = (math.pi / 2 - e) / pixel - 0.5
        x = (azimuth[s] / (2 * math.pi) + 0.5) * width - 0.5
        wide = min(1 / max(math.cos(e), 1e-3), 300.0)
        grown = sharp * (1 + 0.32 * math.log(1 + flux[s]))
        # What is over white cannot be brighter: it is larger.
        peak = flux[s] * (sharp / grown) ** 2
        peak = peak / (1 + peak / 3.0)
        halo = 0.004 * flux[s] / (1 + 0.03 * flux[s])
        reach = 4.5 * grown + (7.0 if halo > 0.002 else 0.0) + (10.0 if halo > 0.02 else 0.0)
        for i in range(max(0, int(y - reach)), min(rows, int(y + reach) + 2)):
            for j in range(math.floor(x - reach * wide), int(x + reach * wide) + 2):
                dy, dx = i - y, (j - x) / wide
                d = dx * dx + dy * dy
                value = peak * math.exp(-d / (2 * grown * grown))
                far = math.sqrt(d)
                if far < reach:
                    value += halo / (1 + d / 5) * (1 - far / reach)
                # The middle of a bright star has no colour left.
                for c in range(3):
                    image[i, j % width, c] += value * (colour[s, c] + (1 - colour[s, c]) * min(1.0, 0.3 * value))


def black_body(kelvin: Floats) -> Floats:
    """Linear Rec.709 (..., 3) of a glowing body with a mean of 1, after a fit to Planck's law in three bands."""
    bands = np.array([610.0, 545.0, 460.0]) * 1e-9
    x = 0.014388 / (bands * kelvin[..., None])
    white = 0.014388 / (bands * 6500.0)
    ratio = np.expm1(white) / np.expm1(x)
    return np.asarray(ratio / ratio.mean(axis=-1, keepdims=True))


def night_sky(night: Night, width: int, seed: int) -> Image:
    """The upper half of a panorama, (width / 4, width, 3), scene-linear Rec.709."""
    rows = width // 4
    random = np.random.default_rng(seed)
    e = (math.pi / 2 - (np.arange(rows, dtype=np.float32) + 0.5) * (2 * math.pi / width))[:, None]
    a = (((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5) * (2 * math.pi))[None, :]
    ahead = np.array(direction(*night.centre))
    up = np.array([0.0, 0.0, 1.0]) - ahead[2] * ahead
    up /= np.linalg.norm(up)
    right = np.cross(ahead, up)
    tilt = math.radians(night.tilt)
    # The plane stands upright at a tilt of 0: longitude grows upwards, latitude to the left.
    along, north = math.cos(tilt) * up + math.sin(tilt) * right, math.sin(tilt) * up - math.cos(tilt) * right

    def galactic(x: Image, y: Image, z: Image) -> tuple[Image, Image]:
        u, v, w = (axis[0] * x + axis[1] * y + axis[2] * z for axis in (ahead, along, north))
        return np.degrees(np.arctan2(v, u)), np.degrees(np.arcsin(np.clip(w, -1, 1)))

    air = 1 / (np.sin(np.maximum(e, 0)) + 0.025 + 0.15 * np.exp(-11 * np.sin(np.maximum(e, 0))))
    through = (night.clear ** np.array([0.75, 1.0, 1.35], np.float32)) ** np.minimum(air, 14)[..., None]
    image = np.empty((rows, width, 3), np.float32)
    light, dust = galaxy_map(seed, max(1024, width * 3 // 4))
    high, wide = dust.shape
    for first in range(0, rows, 128):
        part = slice(first, min(first + 128, rows))
        longitude, b = galactic(np.sin(a) * np.cos(e[part]), np.cos(a) * np.cos(e[part]), np.sin(e[part]) + 0 * a)
        x, y = (
            ((0.5 - longitude / 360) * wide - 0.5).astype(np.float32),
            ((0.5 - b / 90) * high - 0.5).astype(np.float32),
        )
        seen = cv2.remap(light, x, np.clip(y, 0, high - 1), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        seen *= (np.clip(1.35 - np.abs(b) / 32, 0, 1) ** 1.5)[..., None]
        image[part] = night.galaxy * seen * through[part]

    count = int(4500 * 10 ** (0.49 * (night.faintest - 6.5)))
    magnitude = night.faintest + np.log10(1 - random.random(4 * count)) / 0.49
    z, turn = random.random(4 * count), random.uniform(-math.pi, math.pi, 4 * count)
    flat = np.sqrt(1 - z * z)
    longitude, b = galactic(np.sin(turn) * flat, np.cos(turn) * flat, z)
    x, y = (
        ((0.5 - longitude / 360) * wide).astype(int) % wide,
        np.clip((0.5 - b / 90) * high, 0, high - 1).astype(int),
    )
    # Faint stars are far, and most of them are in the plane, where dust hides them.
    deep = np.clip((magnitude - 4) / 5, 0, 1)
    dense = 0.35 + 5.0 * np.clip(light[y, x].mean(axis=1) / 0.5, 0, 1.2)
    likely = (1 - deep) * 1.2 + deep * dense * np.exp(-0.7 * np.clip(dust[y, x], 0, 4))
    kept = random.random(4 * count) < likely / 4
    magnitude, z, turn = magnitude[kept], z[kept], turn[kept]
    elevation = np.arcsin(z)
    masses = 1 / (z + 0.025 + 0.15 * np.exp(-11 * z))
    flux = night.stars * 10 ** (-0.4 * (magnitude - 5.0)) * night.clear ** np.minimum(masses - 1, 13)
    kelvin = np.exp(
        random.choice([8.35, 8.6, 8.85, 9.2], len(flux), p=[0.28, 0.3, 0.24, 0.18])
        + random.normal(0, 0.12, len(flux))
    )
    colour = black_body(kelvin) ** 0.8
    _splat(image, turn, elevation, flux, colour, 0.62 * width / 8192 + 0.12)

    low = np.exp(-np.degrees(e) / 9.0) * 0.75 + np.exp(-np.degrees(e) / 2.5) * 0.25
    bands = 1 + 0.1 * _spectral(rows // 8, width // 8, seed + 9, 2.2, width / 20)
    bands = cv2.resize(bands, (width, rows), interpolation=cv2.INTER_CUBIC)
    side = 1 + 0.35 * np.cos(a - math.radians(night.centre[0] + 40))
    glow = low * side * np.array(night.glow, np.float32)[:, None, None]
    sky = np.array(night.air, np.float32)[:, None, None] * (0.8 + 0.2 * np.minimum(air, 5)) * bands
    for c in range(3):
        image[..., c] += sky[c] + glow[c]
    return image
