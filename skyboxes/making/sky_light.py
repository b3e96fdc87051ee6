# SPDX-License-Identifier: GPL-3.0-or-later
"""The light of a sky: what the air shows in each direction, what falls on clouds, and air in front of them."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from .air import DISTANCES, EARTH, Air, Atmosphere

Floats = NDArray[np.float64]
Image = NDArray[np.float32]


@njit(cache=True, fastmath=True)
def _between(table: Image, k: int, i: float, j: float, c: int) -> float:
    i0, j0 = min(int(i), table.shape[1] - 2), min(int(j), table.shape[2] - 2)
    u, v = i - i0, j - j0
    top = table[k, i0, j0, c] * (1 - v) + table[k, i0, j0 + 1, c] * v
    return top * (1 - u) + (table[k, i0 + 1, j0, c] * (1 - v) + table[k, i0 + 1, j0 + 1, c] * v) * u


@njit(cache=True, fastmath=True)
def _through(table: Image, k: int, i: float, c: int) -> float:
    i0 = min(int(i), table.shape[1] - 2)
    u = i - i0
    return table[k, i0, c] * (1 - u) + table[k, i0 + 1, c] * u


@njit(cache=True, fastmath=True)
def clear_rows(first: int, last: int, width: int, left: int, columns: int, sun: float, light: Image) -> Image:
    """Rows of the clear sky, (rows, columns, 3)."""
    out = np.zeros((last - first, columns, 3), np.float32)
    ne, na = light.shape[1], light.shape[2]
    for row in range(first, last):
        e = max(math.pi / 2 - (row + 0.5) * 2 * math.pi / width, 0.0)
        i = math.sqrt(e / (math.pi / 2)) * (ne - 1)
        for column in range(columns):
            a = ((left + column + 0.5) / width - 0.5) * 2 * math.pi - sun
            a = abs(math.atan2(math.sin(a), math.cos(a)))
            j = math.sqrt(a / math.pi) * (na - 1)
            for c in range(3):
                out[row - first, column, c] = _between(light, light.shape[0] - 1, i, j, c)
    return out


@njit(cache=True, fastmath=True)
def put_before(
    behind: Image, clouds: Image, first: int, width: int, left: int, sun: float, height: float, light: Image,
    through: Image, distances: Floats,
) -> None:  # fmt: skip
    """Puts `clouds` (rows, columns, 5) with the air in front of them before what is `behind`, in place."""
    ne, na = light.shape[1], light.shape[2]
    for r in range(behind.shape[0]):
        e = max(math.pi / 2 - (first + r + 0.5) * 2 * math.pi / width, 0.0)
        i = math.sqrt(e / (math.pi / 2)) * (ne - 1)
        for column in range(behind.shape[1]):
            cover = clouds[r, column, 3]
            if cover <= 0:
                continue
            a = ((left + column + 0.5) / width - 0.5) * 2 * math.pi - sun
            a = abs(math.atan2(math.sin(a), math.cos(a)))
            j = math.sqrt(a / math.pi) * (na - 1)
            far = clouds[r, column, 4] / 1000
            # Between the eye and a cloud that hides the sun, the air lies in its shadow.
            near = math.sin(e) * math.sin(height) + math.cos(e) * math.cos(height) * math.cos(a)
            dimmed = 1 - 0.92 * cover * math.exp((near - 1) * 22)
            k = 0
            while k < len(distances) - 2 and distances[k + 1] < far:
                k += 1
            w = min(max((far - distances[k]) / (distances[k + 1] - distances[k]), 0.0), 1.0)
            for c in range(3):
                t = _through(through, k, i, c) * (1 - w) + _through(through, k + 1, i, c) * w
                air = _between(light, k, i, j, c) * (1 - w) + _between(light, k + 1, i, j, c) * w
                behind[r, column, c] = (
                    behind[r, column, c] * (1 - cover) + t * clouds[r, column, c] + air * cover * dimmed
                )


def _finer(table: Image, times: int = 5) -> Image:
    """A table with that many times the steps; its first and last values stay where they are."""
    at = np.meshgrid(*(np.linspace(0, n - 1, (n - 1) * times + 1) for n in table.shape), indexing="ij")
    return np.asarray(ndimage.map_coordinates(table, at, order=3, mode="mirror"), np.float32)


def _shadowed(lights: Floats, elevations: Floats, part: float, deck: float) -> Floats:
    """Clouds throw their shadows into the air below them, as far as they reach: at the horizon into nearly all of it.

    Were only near air in their shadow, a pale band would lie at the horizon of a closed sky.
    """
    if not part:
        return lights
    out = lights.copy()
    rise = np.sin(elevations)
    away = 2 * deck / (rise + np.sqrt(rise**2 + 2 * np.cos(elevations) ** 2 * deck / EARTH))
    for row, far in enumerate(away):
        k = min(int(np.searchsorted(DISTANCES, far)), len(DISTANCES) - 1)
        w = (far - DISTANCES[k - 1]) / (DISTANCES[k] - DISTANCES[k - 1])
        below = lights[k - 1, row] * (1 - w) + lights[k, row] * w
        out[:, row] -= part * np.where((far < DISTANCES)[:, None, None], below, lights[:, row])
    return out


#: How much higher or lower the sun stands where it is looked up in `SkyLight.suns`, radians.
HIGHER = np.radians(np.linspace(-4.0, 4.0, 41))


@njit(cache=True, fastmath=True)
def towards(lights: Floats, metres: float) -> Floats:
    """Values for each of `HIGHER`, or one for all: that of a place so far towards the sun, which is higher there."""
    if lights.shape[0] == 1:
        return lights[0]
    at = (metres / 1000 / EARTH - HIGHER[0]) / (HIGHER[1] - HIGHER[0])
    at = min(max(at, 0.0), lights.shape[0] - 1.001)
    k = int(at)
    return lights[k] * (1 - (at - k)) + lights[k + 1] * (at - k)


class SkyLight:
    """All of it for one sun (azimuth, elevation in degrees) and one `Air`; the sun above the air is worth `exposure`
    of irradiance, and `balance` is the camera's white."""

    def __init__(
        self,
        air: Air,
        sun: tuple[float, float],
        exposure: float,
        balance: tuple[float, float, float] = (1.0, 1.0, 1.0),
        shadowed: float = 0.0,
        deck: float = 1.2,
        bends: bool = False,
    ) -> None:
        """`shadowed` is the part of the light of the air below `deck`, km, that clouds keep away; where the earth
        `bends`, the sun stands lower over what is far off on the other side."""
        self.azimuth, self.elevation = math.radians(sun[0]), math.radians(sun[1])
        self.scale = exposure * np.array(balance)
        self.atmosphere = Atmosphere(air)
        elevations = (np.linspace(0, 1, 112) ** 2) * math.pi / 2
        azimuths = (np.linspace(0, 1, 80) ** 2) * math.pi
        lights, throughs = self.atmosphere.along(self.elevation, elevations, azimuths)
        lights = _shadowed(lights, elevations, shadowed, deck)
        self.lights = np.ascontiguousarray(lights * self.scale, np.float32)
        # Finer by cubic interpolation, so that no gradient has a kink.
        sky = np.log(np.maximum(self.lights[-1], 1e-7))
        fine = np.stack([_finer(sky[..., c]) for c in range(3)], axis=-1)
        self.whole = np.ascontiguousarray(np.exp(fine)[None], np.float32)
        self.throughs = np.ascontiguousarray(throughs, np.float32)
        altitudes = np.linspace(0, 12, 49)
        colours = self.atmosphere.sun_at(altitudes, self.elevation)
        self.sunlight = np.column_stack([altitudes * 1000, colours * self.scale])
        #: The same where the sun stands higher by `HIGHER`, (41, altitudes, 4).
        self.suns = np.stack(
            [
                np.column_stack(
                    [altitudes * 1000, self.atmosphere.sun_at(altitudes, self.elevation + more) * self.scale]
                )
                for more in (HIGHER if bends else ())
            ]
            or [self.sunlight]
        )
        weights = np.gradient(elevations)[:, None] * np.cos(elevations)[:, None] * np.gradient(azimuths)[None, :]
        whole = lights[-1] * self.scale
        self.mean = np.asarray((whole * weights[..., None]).sum((0, 1)) / weights.sum())
        falls = weights * np.sin(elevations)[:, None]
        #: Irradiance on the ground by the sky alone and by the sun.
        self.on_ground = (whole * falls[..., None]).sum((0, 1)) / falls.sum() * math.pi
        self.sun_on_ground = self.sunlight[0, 1:] * max(math.sin(self.elevation), 0)

    def ground(self, albedo: tuple[float, float, float] = (0.16, 0.17, 0.13), shade: float = 0.0) -> Floats:
        """Radiance of the ground, lit by sun and sky; `shade` is the part of the sun that clouds keep away."""
        return np.asarray(np.array(albedo) / math.pi * (self.on_ground + (1 - shade) * self.sun_on_ground))

    def clear(self, first: int, last: int, width: int, left: int, columns: int) -> Image:
        return clear_rows(first, last, width, left, columns, self.azimuth, self.whole)

    def before(self, behind: Image, clouds: Image, first: int, width: int, left: int) -> None:
        put_before(
            behind, clouds, first, width, left, self.azimuth, self.elevation, self.lights, self.throughs, DISTANCES
        )
