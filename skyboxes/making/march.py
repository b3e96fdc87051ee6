# SPDX-License-Identifier: GPL-3.0-or-later
"""Clouds along each ray of a panorama: density, the sun's light through it, and several orders of scattering.

Lengths are metres: x right, y forward, z up; altitudes follow the earth's curve. The orders of scattering are the
octaves of Wrenninge, Kulla and Lundqvist, "Oz: The Great and Volumetric" (2013); what has scattered many times
falls with optical depth t as 1 / (1 + 0.75 (1 - g) t), the two-stream solution for drops, which absorb nothing.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .shapes import Field, Grid
from .sky_light import towards
from .widened import widened

EARTH = 6.36e6
#: 0.75 (1 - g) for drops of water, g = 0.85.
DIFFUSION = 0.11


@dataclass
class Look:
    """What the drops of a cloud do with light, and how fine its relief is.

    Attributes:
        extinction: inside, 1/m.
        relief: standard deviation of the bulges of the three sizes, metres; `tiles` are the sizes of their noise.
        crisp, worn: width of the edge where the cloud grows and where it dissolves, metres.
        wisps: how much of the relief is threads where it dissolves.
        flat: part of the relief that is left at the underside.
        forward: weight of the light that goes straight on.
        diffuse: brightness of light that has scattered many times.
        step: of the march in a cloud, metres.
        reach: distance beyond which there is no cloud, metres.
        shift: where the camera stands in the field, metres.
        thin: part of the extinction that is lost where the cloud dissolves.
        warp: how far coarse waves push the shape about, metres, so that no thermal stays a ball.
        varied: 0..1, how much relief, edge and age differ from one flank of a cloud to another.
    """

    extinction: float = 0.05
    relief: tuple[float, float, float] = (62.0, 13.0, 2.6)
    tiles: tuple[float, float, float] = (1430.0, 243.0, 41.0)
    crisp: float = 9.0
    worn: float = 150.0
    wisps: float = 1.0
    flat: float = 0.35
    forward: float = 1.0
    diffuse: float = 1.7
    step: float = 11.0
    reach: float = 90_000.0
    shift: tuple[float, float] = (0.0, 0.0)
    thin: float = 0.0
    warp: float = 60.0
    varied: float = 1.0
    numbers: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = np.array(
            [self.extinction, *self.relief, *self.tiles, self.crisp, self.worn, self.wisps, self.flat, self.forward,
             self.diffuse, self.step, self.reach, *self.shift, self.thin, self.warp, self.varied]
        )  # fmt: skip


@njit(cache=True, fastmath=True, inline="always")
def _noise(volume: Grid, x: float, y: float, z: float, scale: float, which: int) -> tuple[float, float]:
    """Both noises at a place, in a tile of that size; `which` turns the tile so that no two line up."""
    if which == 0:
        a, b, c = 0.80 * x + 0.60 * z, y, 0.80 * z - 0.60 * x
    elif which == 1:
        a, b, c = 0.36 * x + 0.48 * y - 0.80 * z, -0.80 * x + 0.60 * y, 0.48 * x + 0.64 * y + 0.60 * z
    else:
        a, b, c = 0.6 * y - 0.8 * x, 0.6 * x + 0.8 * y, z
    n = volume.shape[0]
    k = n / scale
    a, b, c = a * k, b * k, c * k
    fa, fb, fc = math.floor(a), math.floor(b), math.floor(c)
    u, v, w = a - fa, b - fb, c - fc
    i0, j0, k0 = int(fa) & (n - 1), int(fb) & (n - 1), int(fc) & (n - 1)
    i1, j1, k1 = (i0 + 1) & (n - 1), (j0 + 1) & (n - 1), (k0 + 1) & (n - 1)
    p = (1 - u) * (1 - v)
    q = (1 - u) * v
    r = u * (1 - v)
    s = u * v
    one = p * (volume[i0, j0, k0, 0] * (1 - w) + volume[i0, j0, k1, 0] * w)
    two = p * (volume[i0, j0, k0, 1] * (1 - w) + volume[i0, j0, k1, 1] * w)
    one += q * (volume[i0, j1, k0, 0] * (1 - w) + volume[i0, j1, k1, 0] * w)
    two += q * (volume[i0, j1, k0, 1] * (1 - w) + volume[i0, j1, k1, 1] * w)
    one += r * (volume[i1, j0, k0, 0] * (1 - w) + volume[i1, j0, k1, 0] * w)
    two += r * (volume[i1, j0, k0, 1] * (1 - w) + volume[i1, j0, k1, 1] * w)
    one += s * (volume[i1, j1, k0, 0] * (1 - w) + volume[i1, j1, k1, 0] * w)
    two += s * (volume[i1, j1, k0, 1] * (1 - w) + volume[i1, j1, k1, 1] * w)
    return one, two


@njit(cache=True, fastmath=True, inline="always")
def _grid(values: Grid, x: float, y: float, z: float) -> float:
    """Between the cells of a grid that repeats in x and y; coordinates in cells."""
    n, m = values.shape[0], values.shape[2]
    fx, fy = math.floor(x), math.floor(y)
    u, v = x - fx, y - fy
    i0, j0 = int(fx) % n, int(fy) % n
    i1, j1 = (i0 + 1) % n, (j0 + 1) % n
    z = min(max(z, 0.0), m - 1.001)
    k = int(z)
    w = z - k
    low = (1 - u) * ((1 - v) * values[i0, j0, k] + v * values[i0, j1, k])
    low += u * ((1 - v) * values[i1, j0, k] + v * values[i1, j1, k])
    up = (1 - u) * ((1 - v) * values[i0, j0, k + 1] + v * values[i0, j1, k + 1])
    up += u * ((1 - v) * values[i1, j0, k + 1] + v * values[i1, j1, k + 1])
    return low * (1 - w) + up * w


@njit(cache=True, fastmath=True, inline="always")
def _plane(values: Grid, x: float, y: float) -> float:
    n = values.shape[0]
    fx, fy = math.floor(x), math.floor(y)
    u, v = x - fx, y - fy
    i0, j0 = int(fx) % n, int(fy) % n
    i1, j1 = (i0 + 1) % n, (j0 + 1) % n
    return (1 - u) * ((1 - v) * values[i0, j0] + v * values[i0, j1]) + u * (
        (1 - v) * values[i1, j0] + v * values[i1, j1]
    )


@njit(cache=True, fastmath=True)
def _inside(
    x: float, y: float, z: float, foot: float, depth: Grid, old: Grid, base: Grid, volume: Grid,
    cell: float, rise: float, low: float, look: NDArray[np.float64],
) -> tuple[float, float, float]:  # fmt: skip
    """Depth in the cloud (below 0 outside: may be leapt), extinction, and how far a bulge stands out."""
    gx, gy = x / cell, y / cell
    d = _grid(depth, gx, gy, (z - low) / rise)
    most = 2.4 * look[1] + 1.3 * look[18]
    if d < -most:
        return d + most * 0.9, 0.0, 0.0
    age = _plane(old, gx, gy)
    over = z - _plane(base, gx, gy)
    up = min(max(over / 250.0, 0.0), 1.0)
    part = look[10] + (1 - look[10]) * up
    # Waves as large as a cloud push its shape about, and say where it is busy, calm or worn.
    swell, drift = _noise(volume, x, y, z, 2.7 * look[4], 2)
    if look[18] > 0.0:
        push = look[18] / cell
        d = _grid(
            depth, gx + push * drift, gy + push * swell, (z - low + 0.6 * part * look[18] * (drift - swell)) / rise
        )
    vigour = 0.72 + look[19] * (0.34 * drift + 0.5 * min(over / 900.0, 1.0) - 0.3)
    vigour = min(max(vigour, 0.15), 1.5)
    bulge, wave = _noise(volume, x, y, z, look[4], 0)
    age = min(max(age + 0.2 * wave - 0.22 * look[19] * swell, 0.0), 1.0)
    worn = age * look[9]
    rough = part * (0.55 + 0.45 * vigour)
    f = d + rough * look[1] * ((1 - worn) * bulge + worn * 1.1 * wave) - 0.25 * look[1] * worn
    crisp = look[7] * (2.4 - 1.5 * min(vigour, 1.0))
    width = crisp + (look[8] - crisp) * age * age * (1.4 - 0.6 * up) + foot
    fine = 2.5 * look[2] * (1 + worn)
    stands = bulge
    if f > -fine and f < width + fine and foot < look[5] * 0.25:
        # Threads: the finer noise is drawn along by the coarser.
        drawn = 0.16 * look[5] * wave
        one, two = _noise(volume, x + drawn, y - drawn, z + 0.5 * drawn, look[5], 1)
        fade = 1.0 - foot / (look[5] * 0.25)
        f += fade * vigour * (0.4 + 0.6 * part) * look[2] * (1 + worn) * ((1 - worn) * one + worn * 1.3 * two)
        stands += 0.7 * fade * vigour * one
        if foot < look[6] * 0.25:
            drawn = 0.2 * look[6] * two
            three, four = _noise(volume, x - drawn, y + drawn, z, look[6], 2)
            fade = 1.0 - foot / (look[6] * 0.25)
            f += fade * vigour * look[3] * (1 + 1.5 * worn) * ((1 - worn) * three + worn * four)
            stands += 0.35 * fade * vigour * three
    if f <= 0:
        return f, 0.0, stands
    s = min(f / width, 1.0)
    # Water grows from the flat base up; wisps are thin.
    dense = look[0] * s * s * (3 - 2 * s) * (0.45 + 0.55 * up) * (1 - look[17] * age)
    if d < 0.0:  # what stands far out is thin: no hard crumbs
        dense *= max(0.06, 1.0 + d / (1.5 * look[1]))
    return f, dense, stands


@njit(cache=True, fastmath=True)
def extinctions(
    depth: Grid, old: Grid, base: Grid, volume: Grid, cell: float, rise: float, low: float, look: NDArray[np.float64]
) -> Grid:
    """Extinction of each cell of the grid, 1/m, from eight places in it."""
    n, _, m = depth.shape
    out = np.zeros((n, n, m), np.float32)
    for i in range(n):
        for j in range(n):
            for k in range(m):
                if depth[i, j, k] < -2.4 * look[1] - 1.3 * look[18] - cell:
                    continue
                total = 0.0
                for s in range(4):
                    a, b, c = ((s & 1) - 0.5) * 0.5, ((s >> 1) - 0.5) * 0.5, (((s * 3) & 3) - 1.5) * 0.25
                    _, dense, _ = _inside(
                        (i + a) * cell, (j + b) * cell, low + (k + c) * rise, 12.0, depth, old, base, volume, cell,
                        rise, low, look,
                    )  # fmt: skip
                    total += dense
                out[i, j, k] = total / 4
    return out


@njit(cache=True, fastmath=True)
def sweep(dense: Grid, cell: float, rise: float, dx: float, dy: float, dz: float) -> Grid:
    """Optical depth from each cell on in a direction (a unit vector that points up or down), out of the grid."""
    n, _, m = dense.shape
    out = np.zeros((n, n, m), np.float32)
    up = 1 if dz > 0 else -1
    ahead = rise / abs(dz)
    sx, sy = dx * ahead / cell, dy * ahead / cell
    parts = max(1, math.ceil(max(abs(sx), abs(sy))))
    for s in range(m):
        k = m - 1 - s if up > 0 else s
        past = k + up
        for i in range(n):
            for j in range(n):
                total = 0.5 * dense[i, j, k]
                for q in range(1, parts + 1):
                    t = q / parts
                    x, y, z = i + sx * t, j + sy * t, k + up * t
                    value = 0.0 if z < 0 or z > m - 1 else _grid(dense, x, y, z)
                    total += value * (0.5 if q == parts else 1.0)
                total *= ahead / parts
                if 0 <= past < m:
                    total += _grid(out, i + sx, j + sy, past + 0.0005 - (0.001 if past == m - 1 else 0.0))
                out[i, j, k] = total
    return out


@njit(cache=True, fastmath=True, inline="always")
def _hg(cosine: float, g: float) -> float:
    return (1 - g * g) / (4 * math.pi * (1 + g * g - 2 * g * cosine) ** 1.5)


@njit(cache=True, fastmath=True, inline="always")
def _random(a: int, b: int, c: int) -> float:
    h = (a * 374761393 + b * 668265263 + c * 2147483647) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
    h = h ^ (h >> 16)
    return (h & 0xFFFFFF) / 16777216.0


@njit(cache=True, fastmath=True)
def march_rows(
    first: int, last: int, width: int, height: int, left: int, columns: int,
    depth: Grid, old: Grid, base: Grid, volume: Grid, shade: Grid, above: Grid, below: Grid,
    cell: float, rise: float, low: float, high: float, sun: NDArray[np.float64], lights: NDArray[np.float64],
    sky: NDArray[np.float64], ground: NDArray[np.float64], look: NDArray[np.float64],
) -> Grid:  # fmt: skip
    """Rows of a panorama of clouds alone: (rows, columns, 5), their light, cover, and mean distance in metres.

    `lights` (places, altitudes, 4) is altitude and colour of the sun's irradiance, see `towards`; `sky` and `ground`
    the mean radiance from there; `shade`, `above`, `below` optical depths towards the sun, straight up and down.
    """
    out = np.zeros((last - first, columns, 5), np.float32)
    pixel = math.pi / height
    for row in range(first, last):
        elevation = math.pi / 2 - (row + 0.5) * math.pi / height
        se, ce = math.sin(elevation), math.cos(elevation)
        if se <= 0.0:
            continue
        bend = ce * ce / (2 * EARTH)
        # Where the ray enters and leaves the layer: bend t^2 + se t - z = 0.
        start = 2 * low / (se + math.sqrt(se * se + 4 * bend * low))
        end = min(2 * high / (se + math.sqrt(se * se + 4 * bend * high)), look[14])
        if start >= end:
            continue
        for column in range(columns):
            azimuth = ((left + column + 0.5) / width - 0.5) * 2 * math.pi
            dx, dy, dz = math.sin(azimuth) * ce, math.cos(azimuth) * ce, se
            cosine = dx * sun[0] + dy * sun[1] + dz * sun[2]
            phases = (
                look[11] * (0.6 * _hg(cosine, 0.88) + 0.3 * _hg(cosine, 0.5) + 0.1 * _hg(cosine, -0.2)),
                0.5 * _hg(cosine, 0.55) + 0.5 * _hg(cosine, -0.1),
                0.6 * _hg(cosine, 0.3) + 0.4 * _hg(cosine, -0.1),
            )
            t = start + _random(row, left + column, 7) * 20.0
            light = towards(lights, (dx * sun[0] + dy * sun[1]) * start)
            through, red, green, blue, weight, far = 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
            number = 0
            near, before = 0.0, 0.0
            while t < end and through > 0.004:
                number += 1
                foot = 0.8 * t * pixel
                x, y = dx * t + look[15], dy * t + look[16]
                z = dz * t + bend * t * t
                f, dense, stands = _inside(x, y, z, foot, depth, old, base, volume, cell, rise, low, look)
                if dense <= 0.0:
                    # The relief is as steep as the shape: longer leaps would miss thin parts here and there.
                    t += max(0.6 * -f, max(0.4 * look[13], 1.7 * foot)) * (
                        0.85 + 0.3 * _random(row, left + column, number)
                    )
                    continue
                ds = max(look[13] * (0.6 + 0.5 * (1 - through)), 2.0 * foot)
                ds *= 0.8 + 0.4 * _random(row, left + column, number)
                # Near shadows from the fine shape, far ones from the grid.
                # What is dimmed by half and more takes those of the sample before it now and then.
                reach = max(6.0, 1.5 * foot)
                seen = through > 0.5 or number & 1 or before == 0.0
                if seen:
                    near, before = 0.0, 0.0
                # Where a pixel is half a cell of the grid wide, the grid tells all.
                for s in range(4 if seen and foot < 0.4 * cell else 0):
                    after = reach * 2.6**s
                    at = before + (after - before) * (0.3 + 0.4 * _random(row, left + column, number + 31 * s + 5))
                    _, one, _ = _inside(
                        x + sun[0] * at, y + sun[1] * at, z + sun[2] * at, max(foot, 0.3 * at), depth, old, base,
                        volume, cell, rise, low, look,
                    )  # fmt: skip
                    near += one * (after - before)
                    before = after
                    if after > 160:
                        break
                gx, gy, gz = x / cell, y / cell, (z - low) / rise
                rest = _grid(
                    shade, gx + sun[0] * before / cell, gy + sun[1] * before / cell, gz + sun[2] * before / rise
                )
                tau = near + rest
                up, down = _grid(above, gx, gy, gz), _grid(below, gx, gy, gz)
                # Deep inside light has scattered many times; in a thin edge only once.
                built = 1.0 - math.exp(-0.25 * max(look[0] * max(f, 0.0) * 1.3, min(tau, up) * 1.2) - 0.25)
                straight = phases[0] * math.exp(-tau)
                straight += 0.55 * phases[1] * math.exp(-0.35 * tau) + 0.35 * phases[2] * math.exp(-0.1 * tau)
                straight += look[12] * built / (4 * math.pi) / (1 + DIFFUSION * tau) * math.exp(-0.004 * tau)
                open_ = min(max(0.8 + 0.26 * stands, 0.3), 1.25)
                from_sky = open_ * (0.25 + 0.75 / (1 + DIFFUSION * up)) * (0.55 + 0.45 * math.exp(-0.08 * up))
                from_ground = open_ / (1 + DIFFUSION * down)
                # The sun's colour at this altitude.
                step = (z - light[0, 0]) / (light[1, 0] - light[0, 0])
                k = min(max(int(step), 0), len(light) - 2)
                w = min(max(step - k, 0.0), 1.0)
                alpha = 1.0 - math.exp(-dense * ds)
                part = through * alpha
                red += part * (
                    straight * (light[k, 1] * (1 - w) + light[k + 1, 1] * w)
                    + 0.5 * (from_sky * sky[0] + from_ground * ground[0])
                )
                green += part * (
                    straight * (light[k, 2] * (1 - w) + light[k + 1, 2] * w)
                    + 0.5 * (from_sky * sky[1] + from_ground * ground[1])
                )
                blue += part * (
                    straight * (light[k, 3] * (1 - w) + light[k + 1, 3] * w)
                    + 0.5 * (from_sky * sky[2] + from_ground * ground[2])
                )
                weight += part
                far += part * t
                through *= 1 - alpha
                t += ds
            if weight > 0:
                if through < 0.01:
                    red, green, blue, through = red / weight, green / weight, blue / weight, 0.0
                here = out[row - first, column]
                here[0], here[1], here[2] = red, green, blue
                here[3], here[4] = 1 - through, far / weight
    return out


class Clouds:
    """A `Field` with its light, ready to be looked at."""

    def __init__(self, shape: Field, look: Look, volume: Grid, sun: tuple[float, float]) -> None:
        self.shape, self.look, self.volume = shape, look, volume
        azimuth, elevation = (
            math.radians(sun[0]),
            math.radians(sun[1] if abs(sun[1]) > 0.8 else math.copysign(0.8, sun[1])),
        )
        across = math.cos(elevation)
        self.sun = np.array([math.sin(azimuth) * across, math.cos(azimuth) * across, math.sin(elevation)])
        self._fixed = (shape.depth, shape.old, shape.base, volume)
        dense = extinctions(*self._fixed, shape.cell, shape.rise, shape.low, look.numbers)
        self.dense = dense
        self.shade = sweep(dense, shape.cell, shape.rise, *self.sun)
        self.above = sweep(dense, shape.cell, shape.rise, 0.0, 0.0, 1.0)
        self.below = sweep(dense, shape.cell, shape.rise, 0.0, 0.0, -1.0)

    def rows(
        self, first: int, last: int, width: int, left: int, columns: int,
        light: NDArray[np.float64], sky: NDArray[np.float64], ground: NDArray[np.float64],
    ) -> Grid:  # fmt: skip
        """See `march_rows`; the panorama is `width` wide and half as high.

        Whole rows near the zenith are marched with fewer columns, no wider than a pixel is high.
        """
        shape = self.shape
        lowest = math.cos(math.pi / 2 - last * 2 * math.pi / width)
        fewer = 2 ** int(math.log2(1 / max(lowest, 1 / 64))) if left == 0 and columns == width else 1
        seen = march_rows(
            first, last, width // fewer, width // 2, left, columns // fewer, *self._fixed, self.shade, self.above,
            self.below, shape.cell, shape.rise, shape.low, shape.high, self.sun, light, sky, ground,
            self.look.numbers,
        )  # fmt: skip
        return seen if fewer == 1 else widened(seen, fewer)
