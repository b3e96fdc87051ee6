# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Sunset”: the sun's last minutes under fields of altocumulus, some heaps far off.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_sunset.py`.
"""

from making import shapes
from making.air import Air
from making.cirrus import sheet
from making.march import Look
from making.marched import Layer, Sky, main

SKY = Sky(
    "sunset",
    "Sunset",
    ("sunset", "evening", "warm", "clouds"),
    sun=(20.0, 1.9),
    air=Air(aerosol=0.16, angstrom=1.2, ozone=340.0),
    exposure=25.0,
    balance=(1.04, 0.955, 1.09),
    saturation=1.3,
    behind=sheet(thick=0.1, cover=0.45, length=150.0, bent=0.4),
    layers=(
        Layer(
            lambda seed: shapes.layer(
                seed,
                base=3900.0,
                thickness=230.0,
                cover=0.5,
                size=900.0,
                unevenness=1.0,
                sag=40.0,
                rolls=0.35,
                rise=25.0,
                cells=768,
            ),
            Look(
                extinction=0.02,
                relief=(60.0, 16.0, 3.5),
                tiles=(900.0, 210.0, 45.0),
                worn=170.0,
                flat=0.9,
                step=16.0,
                reach=120_000.0,
            ),
            sun=1.5,
        ),
        Layer(
            lambda seed: shapes.cumulus(
                seed,
                count=160,
                radius=(300.0, 0.5),
                tallness=0.7,
                base=1150.0,
                high=3200.0,
                towers=0.03,
                clearing=(6000.0, 16000.0),
            ),
            Look(step=16.0),
        ),
    ),
    ground=(0.2, 0.18, 0.17),
    seed=3,
)
if __name__ == "__main__":
    main(SKY)
