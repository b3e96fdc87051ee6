# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Towering Clouds”: a summer afternoon's towers, lit from the side.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_towering_clouds.py`.
"""

from making import shapes
from making.air import Air
from making.cirrus import sheet
from making.march import Look
from making.marched import Layer, Sky, main

#: x, y, radius, height, metres.
TOWERS = (
    (-7000.0, 12000.0, 2300.0, 7200.0),
    (-10500.0, 12500.0, 1700.0, 5200.0),
    (9000.0, 15500.0, 2600.0, 6600.0),
    (-2500.0, -16000.0, 2500.0, 7400.0),
    (14000.0, -6000.0, 1500.0, 4600.0),
)

SKY = Sky(
    "towering_clouds",
    "Towering Clouds",
    ("cumulus", "towers", "summer", "afternoon", "dramatic", "clouds"),
    sun=(95.0, 24.0),
    air=Air(aerosol=0.11, angstrom=1.3, absorbed=(0.03, 0.02), aerosol_height=1.5),
    exposure=7.4,
    balance=(0.97, 1.0, 1.1),
    behind=sheet(thick=0.05, cover=0.3, length=230.0, bent=0.25, contrast=0.45, veil=0.3),
    layers=(
        Layer(
            lambda seed: shapes.cumulus(
                seed,
                count=240,
                radius=(420.0, 0.65),
                base=1100.0,
                high=9600.0,
                cells=512,
                cell=90.0,
                rise=70.0,
                towers=0.05,
                grouping=1.6,
                clearing=(3500.0, 9000.0),
                extra=TOWERS,
            ),
            Look(
                relief=(110.0, 32.0, 8.0),
                tiles=(2300.0, 420.0, 80.0),
                crisp=12.0,
                worn=230.0,
                warp=110.0,
                step=20.0,
            ),
        ),
    ),
    seed=5,
)

if __name__ == "__main__":
    main(SKY)
