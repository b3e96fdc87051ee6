# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Red Planet”: dust in thin air, bluish where the sun is.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_red_planet.py`.
"""

from dataclasses import dataclass

import numpy as np
from making.air import RAYLEIGH, WAVELENGTHS, Air, Floats, lobe
from making.cirrus import sheet
from making.marched import Sky, main


@dataclass(frozen=True)
class Dust(Air):
    """Thin air full of fine dust, which absorbs blue and sends what is left of it on, close to the sun."""

    def coefficients(self, altitude: Floats) -> tuple[Floats, Floats, Floats]:
        h = np.maximum(altitude, 0)[..., None]
        dust = self.aerosol / self.aerosol_height * np.exp(-h / self.aerosol_height) * np.ones(len(WAVELENGTHS))
        absorbed = np.interp(WAVELENGTHS, (400, 450, 550, 700), (0.30, 0.24, 0.08, 0.012))
        molecules = 0.012 * RAYLEIGH * np.exp(-h / 11.0)
        return molecules, dust * (1 - absorbed), molecules + dust

    def phases(self, cosine: Floats) -> tuple[Floats, Floats]:
        blue = np.interp(WAVELENGTHS, (400, 700), (1.0, 0.0))
        c = cosine[..., None]
        forward = (0.06 + 0.62 * blue) * lobe(c, 0.8) + (0.76 - 0.62 * blue) * lobe(c, 0.45)
        return 3 / (16 * np.pi) * (1 + c**2), forward + 0.18 * lobe(c, 0.0)


SKY = Sky(
    "red_planet",
    "Red Planet",
    ("mars", "red planet", "dust", "alien", "desert", "science fiction"),
    sun=(25.0, 9.0),
    air=Dust(aerosol=0.5, aerosol_height=11.0, albedo=0.25),
    exposure=11.0,
    balance=(1.2, 0.96, 0.98),
    saturation=1.35,
    behind=sheet(thick=0.05, cover=0.3, length=260.0, bent=0.2, contrast=0.45, veil=0.3),
    glare=0.5,
    ground=(0.3, 0.19, 0.12),
    seed=13,
)

if __name__ == "__main__":
    main(SKY)
