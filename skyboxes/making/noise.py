# SPDX-License-Identifier: GPL-3.0-or-later
"""Noise that repeats after a tile: cells that bulge (Worley 1996) and gradients (Perlin 2002), in space and flat."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Volume = NDArray[np.float32]


@njit(cache=True, fastmath=True)
def _cells(size: int, cells: int, points: Volume) -> Volume:
    out = np.empty((size, size, size), np.float32)
    for i in range(size):
        for j in range(size):
            for k in range(size):
                x, y, z = (i + 0.5) * cells / size, (j + 0.5) * cells / size, (k + 0.5) * cells / size
                a, b, c = int(x), int(y), int(z)
                near = 9.0
                for da in range(-1, 2):
                    for db in range(-1, 2):
                        for dc in range(-1, 2):
                            p = points[(a + da) % cells, (b + db) % cells, (c + dc) % cells]
                            dx, dy, dz = a + da + p[0] - x, b + db + p[1] - y, c + dc + p[2] - z
                            near = min(near, dx * dx + dy * dy + dz * dz)
                out[i, j, k] = near
    return out


@njit(cache=True, fastmath=True)
def _gradients(size: int, cells: int, slopes: Volume) -> Volume:
    out = np.empty((size, size, size), np.float32)
    for i in range(size):
        for j in range(size):
            for k in range(size):
                x, y, z = (i + 0.5) * cells / size, (j + 0.5) * cells / size, (k + 0.5) * cells / size
                a, b, c = int(x), int(y), int(z)
                u, v, w = x - a, y - b, z - c
                su = u * u * u * (u * (u * 6 - 15) + 10)
                sv = v * v * v * (v * (v * 6 - 15) + 10)
                sw = w * w * w * (w * (w * 6 - 15) + 10)
                total = 0.0
                for da in range(2):
                    for db in range(2):
                        for dc in range(2):
                            g = slopes[(a + da) % cells, (b + db) % cells, (c + dc) % cells]
                            weight = (su if da else 1 - su) * (sv if db else 1 - sv) * (sw if dc else 1 - sw)
                            total += weight * (g[0] * (u - da) + g[1] * (v - db) + g[2] * (w - dc))
                out[i, j, k] = total
    return out


def noise_volume(seed: int, size: int = 128) -> Volume:
    """(size, size, size, 2): bulging cells and smooth noise, each of three octaves (4, 8 and 16 across), each with a
    mean of 0 and a standard deviation of 1."""
    random = np.random.default_rng(seed)
    bulges, smooth = np.zeros((size,) * 3, np.float32), np.zeros((size,) * 3, np.float32)
    for cells, weight in ((4, 1.0), (8, 0.52), (16, 0.27)):
        points = random.random((cells, cells, cells, 3)).astype(np.float32)
        # A sphere's cap: round where it bulges, a crease between two.
        caps = np.sqrt(np.maximum(1.2 - _cells(size, cells, points), 0.02))
        bulges += weight * (caps - caps.mean()) / caps.std()
        slopes = random.normal(size=(cells, cells, cells, 3)).astype(np.float32)
        slopes /= np.linalg.norm(slopes, axis=-1, keepdims=True)
        waves = _gradients(size, cells, slopes)
        smooth += weight * waves / waves.std()
    both = np.stack([bulges / bulges.std(), smooth / smooth.std()], axis=-1)
    return np.ascontiguousarray(both, np.float32)


def flat_noise(size: int, seed: int, slope: float, largest: float, smallest: float = 2.0) -> NDArray[np.float32]:
    """(size, size) that repeats: noise whose spectrum falls with that power of the frequency between two wavelengths
    in pixels; mean 0, standard deviation 1."""
    random = np.random.default_rng(seed)
    waves = np.fft.rfft2(random.normal(size=(size, size)).astype(np.float32))
    f = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :])
    kept = np.where(f > 0, np.maximum(f, 1e-9) ** (-slope), 0) / (1 + (1 / (largest * np.maximum(f, 1e-9))) ** 4)
    kept = kept * np.exp(-((f * smallest / 2) ** 4))
    out = np.fft.irfft2(waves * kept, s=(size, size))
    return np.asarray((out - out.mean()) / out.std(), np.float32)
