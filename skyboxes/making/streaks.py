# SPDX-License-Identifier: GPL-3.0-or-later
"""Fall streaks: ice that forms in heads, falls, and is left behind by the wind above it.

A head is sharp where it grows and fades into a tail (Heymsfield, "Cirrus Uncinus Generating Cells and the Evolution
of Cirriform Clouds", 1975). Heads are of all widths, stand in bundles with plain sky between them, and each bundle
leans its own way, as the wind turns with height.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from .noise import flat_noise

Map = NDArray[np.float32]
#: Widths of heads, pixels of the map.
WIDTHS = (1.6, 4.0, 10.0, 26.0, 70.0)


@njit(cache=True, fastmath=True)
def trailed(heads: Map, turn: Map, length: Map, step: float) -> Map:
    """Each head drawn out over `length` pixels to a tail that fades, with the wind `turn`, radians; all repeat."""
    n = heads.shape[0]
    out = np.empty((n, n), np.float32)
    right, ahead = step * np.cos(turn), step * np.sin(turn)
    for i in range(n):
        for j in range(n):
            x, y = float(i), float(j)
            parts = int(length[i, j] / step) + 1
            total, weights = 0.0, 0.0
            for k in range(parts):
                a, b = int(x) % n, int(y) % n
                left = 1.0 - k / parts
                weight = left * left * min(1.0, (k + 1) * step / 5.0)
                total += weight * heads[a, b]
                weights += weight
                x -= right[a, b]
                y -= ahead[a, b]
            out[i, j] = total / weights
    return out


def _smaller(values: Map, times: int) -> Map:
    return np.ascontiguousarray(values[::times, ::times])


def _larger(values: Map, times: int) -> Map:
    if times == 1:
        return values
    larger = ndimage.zoom(values, times, order=1, mode="grid-wrap", grid_mode=True)
    return np.asarray(ndimage.gaussian_filter(larger, 0.5 * times, mode="wrap"), np.float32)


def _uneven(values: Map, amount: float) -> Map:
    """Above 0, mean 1, of values with mean 0 and deviation 1."""
    return np.asarray(np.exp(amount * values - 0.5 * amount * amount), np.float32)


def streaks(
    seed: int, size: int = 2048, heading: float = 0.4, length: float = 260.0, bent: float = 0.3, cover: float = 0.4,
    contrast: float = 1.0, veil: float = 0.2, fine: float = 0.75, ragged: float = 0.55,
) -> Map:  # fmt: skip
    """(size, size) that repeats: optical depth, a mean of about 1 where there is ice.

    Args:
        heading: of the wind, radians.
        length: of the tail of a head of middle width, pixels.
        bent: how far the wind turns from place to place, radians.
        cover: part of the sky with streaks.
        contrast: between a streak and its surroundings.
        veil: ice without streaks, in patches of its own.
        ragged: how far streaks reach out of a patch.
        fine: how much less each narrower width counts than the next wider.
    """
    turn = heading + bent * flat_noise(size, seed, 2.4, size / 2.5, 120)
    turn = (turn + 0.1 * flat_noise(size, seed + 1, 1.6, 160, 10)).astype(np.float32)
    total = np.zeros((size, size), np.float32)
    for number, width in enumerate(WIDTHS):
        q = max(1, 2 ** int(np.log2(width / 1.6)))
        n = size // q
        own = seed + 10 * (number + 1)
        lean = _smaller(turn, q) + 0.16 * flat_noise(n, own, 2.0, size / 6 / q, 60 / q)
        bundles = _uneven(flat_noise(n, own + 1, 1.8, size / 5 / q, 5 * width / q), 1.0)
        heads = _uneven(flat_noise(n, own + 2, 0.6, 6 * width / q, 2 * width / q), 1.5) * bundles
        reach = length * (width / 10) ** 0.6 * _uneven(flat_noise(n, own + 3, 1.6, size / 6 / q, 40 / q), 0.5)
        drawn = trailed(heads, lean.astype(np.float32), (reach / q).astype(np.float32), 1.0)
        total += fine ** (len(WIDTHS) - 1 - number) * _larger(drawn / drawn.mean(), q)
    total /= total.mean()
    # Where there is ice at all: patches drawn out along the wind, whose rims are streaks themselves.
    q = 4
    away = _smaller(turn, q)
    coarse = flat_noise(size // q, seed + 2, 1.6, size / 5 / q, 6)
    far = np.full(coarse.shape, 4 * length / q, np.float32)
    place = _larger(trailed(coarse, away, far, 1.0), q)
    place = place / place.std() + ragged * np.log(total + 0.02)
    place = (place - np.quantile(place, 1 - cover)) / place.std()
    there = np.log1p(np.exp(3.5 * place - 0.6)) / 4.0
    thin = np.clip(0.5 + 0.5 * _larger(flat_noise(size // 8, seed + 7, 2.2, size / 3 / 8, 12), 8) + 0.5 * place, 0, 2)
    depth = there * total**contrast + veil * thin * total ** (0.4 * contrast)
    return np.asarray(ndimage.gaussian_filter(depth, 0.6, mode="wrap"), np.float32)
