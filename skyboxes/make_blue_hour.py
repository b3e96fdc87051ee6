# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Blue Hour”: the last light low in the west, dark clouds before a deep blue.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_blue_hour.py`.
"""

from making import shapes
from making.air import Air
from making.cirrus import sheet
from making.march import Look
from making.marched import Layer, Sky, main

SKY = Sky(
    "blue_hour",
    "Blue Hour",
    ("blue hour", "dusk", "twilight", "evening", "last light"),
    sun=(15.0, -5.0),
    air=Air(aerosol=0.07, angstrom=1.2, absorbed=(0.04, 0.03), ozone=350.0),
    exposure=1700.0,
    balance=(1.0, 0.97, 1.1),
    saturation=1.2,
    behind=sheet(thick=0.05, cover=0.35, length=220.0, bent=0.22, contrast=0.42),
    layers=(
        Layer(
            lambda seed: shapes.layer(
                seed,
                base=2600.0,
                thickness=120.0,
                cover=0.2,
                size=1500.0,
                unevenness=1.7,
                sag=25.0,
                rolls=0.6,
                rise=22.0,
                cells=512,
                age=(0.7, 0.25),
            ),
            Look(
                extinction=0.014,
                relief=(50.0, 16.0, 4.0),
                tiles=(900.0, 210.0, 45.0),
                worn=220.0,
                flat=0.9,
                step=20.0,
                reach=80_000.0,
                warp=80.0,
            ),
        ),
    ),
    disc=0.0,
    horizon_blur=0.6,
    seed=9,
)

if __name__ == "__main__":
    main(SKY)
