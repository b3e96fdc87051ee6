# SPDX-License-Identifier: GPL-3.0-or-later
"""Ice high up: a thin sheet of threads that the wind has drawn out, each as long and as wide as it happens to be.

Threads are noise of all widths, averaged along the lines of a flow (Cabral and Leedom, "Imaging Vector Fields Using
Line Integral Convolution", 1993), more of it downwind of each place, as ice falls out of where it forms.
"""

import math
from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from .noise import flat_noise
from .sky_light import SkyLight, towards

Map = NDArray[np.float32]
EARTH = 6.36e6
#: Width of the panorama that ice is drawn for, pixels: a smaller one shows the mean of what that one has.
FULL = 8192


@njit(cache=True, fastmath=True)
def _drawn(noise: Map, turn: Map, length: Map, step: float) -> Map:
    n = noise.shape[0]
    out = np.empty((n, n), np.float32)
    right, ahead = step * np.cos(turn), step * np.sin(turn)
    for i in range(n):
        for j in range(n):
            total, weights = 0.0, 0.0
            for way in (-1.0, 1.0):
                x, y, reach = float(i), float(j), length[i, j] * (1.0 if way < 0 else 0.35)
                parts = int(reach / step) + 1
                for k in range(parts):
                    a, b = int(x) % n, int(y) % n
                    weight = 1.0 - k / parts
                    total += weight * noise[a, b]
                    weights += weight
                    x += way * right[a, b]
                    y += way * ahead[a, b]
            out[i, j] = total / weights
    return out


def threads(
    seed: int, size: int = 2048, heading: float = 0.4, length: float = 110.0, bent: float = 0.5, cover: float = 0.5,
    contrast: float = 0.62, veil: float = 0.15,
) -> Map:  # fmt: skip
    """(size, size) that repeats: optical depth, a mean of about 1 where there is ice.

    Args:
        heading: of the wind, radians.
        length: of a usual thread, pixels.
        bent: how far the wind turns from place to place, radians.
        cover: part of the sky with threads.
        contrast: between a thread and its surroundings.
        veil: ice without threads.
    """
    turn = heading + bent * flat_noise(size, seed, 2.2, size / 3, 40) + 0.12 * flat_noise(size, seed + 1, 1.8, 200, 8)
    long = length * np.exp(0.7 * flat_noise(size, seed + 2, 1.5, 700, 40))
    fine = _drawn(flat_noise(size, seed + 3, 0.75, 130, 1.5), turn, long.astype(np.float32), 2.6)
    fine += 0.5 * _drawn(flat_noise(size, seed + 6, 0.9, 60, 1.5), turn + 0.35, 0.35 * long, 2.0)
    fine = (fine - fine.mean()) / fine.std()
    # Patches have nothing fine: a quarter of the size will do.
    coarse = flat_noise(size, seed + 4, 1.5, size / 4, 8)[::4, ::4]
    patches = _drawn(np.ascontiguousarray(coarse), np.ascontiguousarray(turn[::4, ::4]), 0.4 * long[::4, ::4], 1.0)
    patches = ndimage.zoom(patches, 4, order=1, mode="grid-wrap", grid_mode=True)
    patches += patches.std() * (0.16 * fine + 0.3 * flat_noise(size, seed + 5, 2.0, 200, 6))
    patches = (patches - np.quantile(patches, 1 - cover)) / patches.std()
    # It thins out gently: ice has no edge.
    there = np.log1p(np.exp(3.0 * patches - 0.8)) / 4.0
    ripple = np.exp(0.1 * flat_noise(size, seed + 7, 1.6, 60, 3))
    depth = there * np.exp(contrast * fine) * ripple + veil * np.exp(0.8 * patches).clip(0, 2)
    return np.asarray(ndimage.gaussian_filter(depth, 0.7, mode="wrap"), np.float32)


@njit(cache=True, fastmath=True)
def _sheet_rows(
    rows: int, columns: int, first: int, width: int, left: int, depth: Map, cell: float, altitude: float,
    thick: float, sun: NDArray[np.float64], lights: NDArray[np.float64], sky: NDArray[np.float64], halo: float,
) -> Map:  # fmt: skip
    out = np.zeros((rows, columns, 5), np.float32)
    n = depth.shape[0]
    for r in range(rows):
        e = math.pi / 2 - (first + r + 0.5) * 2 * math.pi / width
        se, ce = math.sin(e), math.cos(e)
        if se <= 0:
            continue
        bend = ce * ce / (2 * EARTH)
        t = 2 * altitude / (se + math.sqrt(se * se + 4 * bend * altitude))
        slant = 1 / (se + 2 * bend * t + 0.02)
        blur = max(1.0, t * 2 * math.pi / width / cell)
        fade = 1 / (1 + 0.1 * (blur - 1) ** 2)
        for c in range(columns):
            a = ((left + c + 0.5) / width - 0.5) * 2 * math.pi
            dx, dy = math.sin(a) * ce, math.cos(a) * ce
            x, y = dx * t / cell + 0.37 * n, dy * t / cell + 0.41 * n
            fx, fy = math.floor(x), math.floor(y)
            u, v = x - fx, y - fy
            i, j = int(fx) % n, int(fy) % n
            i1, j1 = (i + 1) % n, (j + 1) % n
            d = (1 - u) * ((1 - v) * depth[i, j] + v * depth[i, j1]) + u * (
                (1 - v) * depth[i1, j] + v * depth[i1, j1]
            )
            d = (d * fade + 0.5 * (1 - fade)) * thick * min(slant, 9.0)
            cosine = dx * sun[0] + dy * sun[1] + se * sun[2]
            light = towards(lights, (dx * sun[0] + dy * sun[1]) * t)
            angle = math.degrees(math.acos(min(max(cosine, -1.0), 1.0)))
            g = 0.75
            phase = 0.3 * (1 - g * g) / (4 * math.pi * (1 + g * g - 2 * g * cosine) ** 1.5) + 0.055
            ring = angle - 22.0
            wide = 0.35 if ring < 0 else 2.2
            phase += halo * 0.12 * math.exp(-ring * ring / (2 * wide * wide))
            cover = 1 - math.exp(-d)
            lit = cover * 4.0 / (1 + 0.5 * d)
            for k in range(3):
                out[r, c, k] = lit * phase * light[k] * 0.6 + cover * 0.55 * sky[k]
            out[r, c, 3], out[r, c, 4] = cover * 0.85, t
    return out


def sheet(
    altitude: float = 9000.0, thick: float = 0.3, cell: float = 22.0, halo: float = 0.0,
    drawn: Callable[..., Map] = threads, **kind: float,
) -> Callable[[int], Callable[[Map, int, int, int, SkyLight], Map]]:  # fmt: skip
    """Cirrus for `Sky.behind`: `thick` is its usual optical depth, `drawn` draws it of `kind`."""

    def from_seed(seed: int) -> Callable[[Map, int, int, int, SkyLight], Map]:
        depth = drawn(seed + 500, **kind)

        def behind(image: Map, first: int, width: int, left: int, light: SkyLight) -> Map:
            suns = light.suns
            at = np.array([[np.interp(altitude, each[:, 0], each[:, c]) for c in (1, 2, 3)] for each in suns])
            across = math.cos(light.elevation)
            sun = np.array(
                [math.sin(light.azimuth) * across, math.cos(light.azimuth) * across, math.sin(light.elevation)]
            )
            rows, columns = image.shape[:2]
            # Threads finer than a pixel would be lost where the panorama is small.
            n = max(1, FULL // width)
            seen = _sheet_rows(
                rows * n, columns * n, first * n, width * n, left * n, depth, cell, altitude, thick, sun, at,
                light.mean, halo,
            )  # fmt: skip
            seen = seen.reshape(rows, n, columns, n, 5).mean(axis=(1, 3))
            light.before(image, seen, first, width, left)
            return image

        return behind

    return from_seed
