# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Cumulus”: fair-weather clouds with flat bases over a summer's day.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_cumulus.py`.
"""

from making import shapes
from making.air import Air
from making.drift import Drift
from making.march import Look
from making.marched import Layer, Sky, main

SKY = Sky(
    "cumulus",
    "Cumulus",
    ("cumulus", "fair weather", "summer", "blue", "clouds"),
    sun=(40.0, 50.0),
    air=Air(aerosol=0.13, angstrom=1.3, absorbed=(0.03, 0.02), aerosol_height=1.6),
    exposure=7.4,
    balance=(0.95, 1.0, 1.12),
    saturation=1.3,
    turn=115.0,
    layers=(
        Layer(
            lambda seed: shapes.cumulus(
                seed,
                count=520,
                radius=(290.0, 0.6),
                base=1350.0,
                tallness=0.8,
                clearing=(2200.0, 6000.0),
            ),
            Look(extinction=0.065, relief=(70.0, 19.0, 4.5), crisp=8.0, worn=170.0, diffuse=1.6),
        ),
    ),
    drift=Drift(heading=60.0, height=1350.0, speed=8.0),
    seed=5,
)

if __name__ == "__main__":
    main(SKY)
