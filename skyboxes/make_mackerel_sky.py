# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Mackerel Sky”: fields of small altocumulus over a fair day.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_mackerel_sky.py`.
"""

from making import shapes
from making.air import Air
from making.cirrus import sheet
from making.march import Look
from making.marched import Layer, Sky, main

SKY = Sky(
    "mackerel_sky",
    "Mackerel Sky",
    ("altocumulus", "mackerel", "fields", "ripples", "high clouds", "day"),
    sun=(-50.0, 33.0),
    air=Air(aerosol=0.09, angstrom=1.3, absorbed=(0.03, 0.02)),
    exposure=6.4,
    balance=(0.97, 1.0, 1.1),
    saturation=1.3,
    behind=sheet(thick=0.1, cover=0.4, length=170.0, bent=0.22, contrast=0.42),
    layers=(
        Layer(
            lambda seed: shapes.layer(
                seed,
                base=5200.0,
                thickness=90.0,
                cover=0.5,
                size=420.0,
                unevenness=1.5,
                sag=15.0,
                rolls=0.3,
                rise=18.0,
                cells=1024,
                cell=36.0,
                age=(0.5, 0.35),
            ),
            Look(
                extinction=0.011,
                relief=(32.0, 9.0, 2.5),
                tiles=(420.0, 110.0, 30.0),
                crisp=20.0,
                worn=130.0,
                flat=0.95,
                step=14.0,
                reach=90_000.0,
                warp=30.0,
                shift=(6000.0, 3000.0),
            ),
        ),
    ),
    level=75.0,
    seed=10,
)

if __name__ == "__main__":
    main(SKY)
