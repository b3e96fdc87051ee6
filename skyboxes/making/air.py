# SPDX-License-Identifier: GPL-3.0-or-later
"""The clear sky and the air in front of clouds: a spherical atmosphere of molecules, aerosol and ozone.

Single scattering is integrated along each view ray, higher orders come from a table as in Hillaire, "A Scalable and
Production Ready Sky and Atmosphere Rendering Technique" (2020), here for eleven wavelengths, which are then turned
into linear Rec.709 by the colour-matching functions of Wyman, Sloan and Shirley (2013). Lengths are in kilometres.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EARTH, TOP = 6360.0, 6460.0
WAVELENGTHS = np.arange(400.0, 701.0, 30.0)  # nm
#: Irradiance of the sun above the air, W/m2/nm (after ASTM E490).
SUN = np.array([1.69, 1.60, 2.05, 1.95, 1.86, 1.87, 1.83, 1.70, 1.61, 1.53, 1.42])
#: Cross section of ozone at these wavelengths, 1e-21 cm2 (after Serdyuchenko et al. 2014, rounded).
OZONE = np.array([0.01, 0.06, 0.25, 0.75, 1.8, 3.4, 4.75, 4.6, 3.0, 1.8, 0.9])
_MICRONS = WAVELENGTHS / 1000
#: Scattering by molecules at sea level, 1/km (Hansen and Travis 1974, over a scale height of 8 km).
RAYLEIGH = 0.008569 * _MICRONS**-4 * (1 + 0.0113 * _MICRONS**-2 + 0.00013 * _MICRONS**-4) / 8.0
RAYLEIGH_HEIGHT = 8.0
#: Distances from the camera at which the light of the air is kept, km.
DISTANCES = np.concatenate([[0.0], np.geomspace(0.5, 160.0, 23), [1200.0]])
_TO_709 = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])


def _lobe(x: Floats, mean: float, below: float, above: float) -> Floats:
    return np.exp(-0.5 * ((x - mean) * np.where(x < mean, below, above)) ** 2)


def _matching() -> Floats:
    w = WAVELENGTHS
    x = 1.056 * _lobe(w, 599.8, 0.0264, 0.0323) + 0.362 * _lobe(w, 442.0, 0.0624, 0.0374)
    x -= 0.065 * _lobe(w, 501.1, 0.0490, 0.0382)
    y = 0.821 * _lobe(w, 568.8, 0.0213, 0.0247) + 0.286 * _lobe(w, 530.9, 0.0613, 0.0322)
    z = 1.217 * _lobe(w, 437.0, 0.0845, 0.0278) + 0.681 * _lobe(w, 459.0, 0.0385, 0.0725)
    return np.stack([x, y, z]) * 30.0


def rgb_of(spectrum: Floats) -> Floats:
    """Linear Rec.709 (..., 3) of spectra (..., 11); the sun above the air is white (1, 1, 1)."""
    to_rgb = _TO_709 @ _matching()
    return np.asarray(spectrum @ (to_rgb / (to_rgb @ SUN)[:, None]).T)


@dataclass(frozen=True)
class Air:
    """How clear the air is.

    Attributes:
        aerosol: optical depth of the aerosol at 550 nm, straight up: 0.03 on a mountain, 0.1 clear, 0.4 hazy.
        aerosol_height: its scale height, km.
        angstrom: how much more it scatters blue than red; 1.3 fine smoke, 0.3 dust and drops.
        absorbed: part of the light that it absorbs at 400 and at 700 nm; dust takes blue.
        ozone: Dobson units.
    """

    aerosol: float = 0.1
    aerosol_height: float = 1.3
    angstrom: float = 1.1
    absorbed: tuple[float, float] = (0.06, 0.06)
    ozone: float = 300.0
    forward: float = 0.8
    albedo: float = 0.2

    def coefficients(self, altitude: Floats) -> tuple[Floats, Floats, Floats]:
        """Scattering by molecules and by aerosol, and all extinction, (..., 11) in 1/km at altitudes in km."""
        h = np.maximum(altitude, 0)[..., None]
        molecules = RAYLEIGH * np.exp(-h / RAYLEIGH_HEIGHT)
        aerosol = self.aerosol / self.aerosol_height * (WAVELENGTHS / 550) ** -self.angstrom
        aerosol = aerosol * np.exp(-h / self.aerosol_height)
        absorbed = np.interp(WAVELENGTHS, (400, 700), self.absorbed)
        layer = np.maximum(0, 1 - np.abs(h - 25) / 15) / 15
        ozone = self.ozone * 2.687e16 * OZONE * 1e-21 * layer
        return molecules, aerosol * (1 - absorbed), molecules + aerosol + ozone

    def phases(self, cosine: Floats) -> tuple[Floats, Floats]:
        """Phase functions of molecules and of aerosol, 1/sr, (..., 1) or (..., 11)."""
        rayleigh = 3 / (16 * np.pi) * (1 + cosine**2)
        peak = 0.12 * lobe(cosine, min(0.96, self.forward + 0.14)) + 0.73 * lobe(cosine, self.forward * 0.85)
        return rayleigh[..., None], (peak + 0.15 * lobe(cosine, -0.1))[..., None]


def lobe(cosine: Floats, g: float) -> Floats:
    """The phase function of Henyey and Greenstein (1941), 1/sr, for a mean cosine `g`."""
    return np.asarray((1 - g * g) / (4 * np.pi * (1 + g * g - 2 * g * cosine) ** 1.5))


def _to_edge(r: Floats, mu: Floats, radius: float) -> Floats:
    """Distance to the outer sphere of that radius."""
    return -r * mu + np.sqrt(np.maximum(r * r * (mu * mu - 1) + radius * radius, 0))


def _hits_ground(r: Floats, mu: Floats) -> NDArray[np.bool_]:
    return (mu < 0) & (r * r * (mu * mu - 1) + EARTH * EARTH > 0)


class Atmosphere:
    """The tables of one `Air`; the sun's elevation is in radians."""

    def __init__(self, air: Air) -> None:
        self.air = air
        self._heights = np.concatenate([[0.0], np.geomspace(0.2, TOP - EARTH, 39)])
        self._mus = np.concatenate(
            [np.linspace(-1, -0.2, 9)[:-1], np.linspace(-0.2, 0.2, 81), np.linspace(0.2, 1, 15)[1:]]
        )
        self._through = self._transmittances()
        self._more = self._multiple()

    def _transmittances(self) -> Floats:
        r = EARTH + self._heights[:, None]
        mu = self._mus[None, :]
        far = _to_edge(r, mu, TOP)
        u = (np.arange(80) + 0.5) / 80
        total = np.zeros((*np.broadcast(r, mu).shape, 11))
        for part, before in zip(u**2, np.arange(80) / 80, strict=True):
            step = far * ((before + 1 / 80) ** 2 - before**2)
            t = far * part
            altitude = np.sqrt(r * r + t * t + 2 * r * mu * t) - EARTH
            total += self.air.coefficients(altitude)[2] * step[..., None]
        through = np.exp(-total)
        through[np.broadcast_to(_hits_ground(r, mu), through.shape[:2])] = 0
        return through

    def sunlight(self, altitude: Floats, mu: Floats) -> Floats:
        """Part of the sun's light that arrives at an altitude (km) under a sun of cosine `mu` to the vertical."""
        i = np.interp(altitude, self._heights, np.arange(len(self._heights)))
        j = np.interp(mu, self._mus, np.arange(len(self._mus)))
        return _bilinear(self._through, i, j)

    def _multiple(self) -> Floats:
        heights, mus = self._heights[::2], self._mus[::2]
        h, s = np.meshgrid(heights, mus, indexing="ij")
        r = EARTH + h
        light, back = np.zeros((*h.shape, 11)), np.zeros((*h.shape, 11))
        count = 48
        for n in range(count):
            z = 1 - (2 * n + 1) / count
            around = n * np.pi * (3 - np.sqrt(5))
            x = np.sqrt(1 - z * z) * np.cos(around)
            cosine = z * s + x * np.sqrt(np.maximum(0, 1 - s * s))
            ground = _hits_ground(r, np.full_like(r, z))
            far = _to_edge(r, np.full_like(r, z), TOP)
            down = -r * z - np.sqrt(np.maximum(r * r * (z * z - 1) + EARTH**2, 0))
            far = np.where(ground, down, far)
            through = np.ones((*h.shape, 11))
            steps = 24
            for k in range(steps):
                t = far * ((k + 0.5) / steps) ** 2
                ds = far * (((k + 1) / steps) ** 2 - (k / steps) ** 2)
                rr = np.sqrt(r * r + t * t + 2 * r * z * t)
                sun = (r * s + t * cosine) / rr
                molecules, aerosol, extinction = self.air.coefficients(rr - EARTH)
                part = (1 - np.exp(-extinction * ds[..., None])) / np.maximum(extinction, 1e-12) * through
                scattered = (molecules + aerosol) * part
                light += scattered * self.sunlight(rr - EARTH, sun) / (4 * np.pi)
                back += scattered
                through *= np.exp(-extinction * ds[..., None])
            rr = np.sqrt(r * r + far * far + 2 * r * z * far)
            sun = (r * s + far * cosine) / rr
            floor = self.sunlight(np.zeros_like(sun), sun) * np.maximum(sun, 0)[..., None] * self.air.albedo / np.pi
            light += np.where(ground[..., None], through * floor, 0)
        return light / count / (1 - back / count)

    def multiple(self, altitude: Floats, mu: Floats) -> Floats:
        """Light that has scattered more than once, per scattering and unit of the sun's, as a mean radiance."""
        i = np.interp(altitude, self._heights[::2], np.arange(len(self._heights[::2])))
        j = np.interp(mu, self._mus[::2], np.arange(len(self._mus[::2])))
        return _bilinear(self._more, i, j)

    def along(self, sun: float, elevations: Floats, azimuths: Floats, eye: float = 0.05) -> tuple[Floats, Floats]:
        """Light of the air up to each of `DISTANCES`, and what the air lets through to there.

        Args:
            sun: its elevation, radians.
            elevations, azimuths: of the view, radians; azimuths from the sun's.
            eye: altitude of the camera, km.

        Returns:
            (distances, elevations, azimuths, 3), where the sun above the air is worth an irradiance of 1, and
            (distances, elevations, 3).
        """
        e, a = np.meshgrid(elevations, azimuths, indexing="ij")
        z, cosine = np.sin(e), np.sin(e) * np.sin(sun) + np.cos(e) * np.cos(sun) * np.cos(a)
        r, far = EARTH + eye, _to_edge(np.array(EARTH + eye), z, TOP)
        rayleigh, mie = self.air.phases(cosine)
        through, light = np.ones((*e.shape, 11)), np.zeros((*e.shape, 11))
        lights, throughs = [np.zeros((*e.shape, 3))], [np.ones((len(elevations), 3))]
        white = np.maximum(SUN, 0)
        for near, past in itertools.pairwise(DISTANCES):
            parts = 24 if past == DISTANCES[-1] else 3
            for k in range(parts):
                a0, a1 = near + (past - near) * (k / parts) ** 1.5, near + (past - near) * ((k + 1) / parts) ** 1.5
                ds = np.clip(np.minimum(a1, far) - a0, 0, None)
                t = np.minimum(0.5 * (a0 + a1), far)
                rr = np.sqrt(r * r + t * t + 2 * r * z * t)
                up = (r * np.sin(sun) + t * cosine) / rr
                molecules, aerosol, extinction = self.air.coefficients(rr - EARTH)
                part = (1 - np.exp(-extinction * ds[..., None])) / np.maximum(extinction, 1e-12) * through
                once = (molecules * rayleigh + aerosol * mie) * self.sunlight(rr - EARTH, up)
                light += part * (once + (molecules + aerosol) * self.multiple(rr - EARTH, up))
                through *= np.exp(-extinction * ds[..., None])
            lights.append(rgb_of(light * white))
            throughs.append(rgb_of(through * white)[:, 0])
        return np.maximum(np.stack(lights), 0), np.clip(np.stack(throughs), 0, 1)

    def sun_at(self, altitude: Floats, sun: float) -> Floats:
        """Linear colour (..., 3) of the sun's irradiance at altitudes in km, across its rays; 1 above the air."""
        # From high up the horizon lies lower, and the disc is half a degree wide.
        around = [self.sunlight(altitude, np.full_like(altitude, np.sin(sun + d))) for d in (-0.003, 0.0, 0.003)]
        return np.maximum(rgb_of(np.mean(around, axis=0) * SUN), 0)


def _bilinear(table: Floats, i: Floats, j: Floats) -> Floats:
    i0, j0 = np.minimum(i.astype(int), table.shape[0] - 2), np.minimum(j.astype(int), table.shape[1] - 2)
    u, v = (i - i0)[..., None], (j - j0)[..., None]
    above = table[i0, j0] * (1 - v) + table[i0, j0 + 1] * v
    below = table[i0 + 1, j0] * (1 - v) + table[i0 + 1, j0 + 1] * v
    return np.asarray(above * (1 - u) + below * u)
