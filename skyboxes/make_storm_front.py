# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Storm Front”: a front comes up, its shelf ahead of a dark base and rain, a bright strip below.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_storm_front.py`.
"""

from making.air import Air
from making.cirrus import sheet
from making.drift import Drift
from making.front import rain_curtain, storm_front
from making.march import Look
from making.marched import Layer, Sky, main

SKY = Sky(
    "storm_front",
    "Storm Front",
    ("storm", "storm front", "shelf cloud", "dark", "dramatic", "rain", "towers"),
    sun=(-74.0, 17.0),
    air=Air(aerosol=0.12, angstrom=1.2, absorbed=(0.03, 0.02), aerosol_height=1.5),
    exposure=5.6,
    balance=(0.97, 1.0, 1.1),
    saturation=1.25,
    behind=sheet(thick=0.08, cover=0.35, length=220.0, bent=0.25, contrast=0.45, veil=0.3),
    layers=(
        Layer(
            storm_front,
            Look(
                relief=(120.0, 34.0, 8.0),
                tiles=(2300.0, 420.0, 80.0),
                crisp=14.0,
                worn=240.0,
                warp=110.0,
                step=22.0,
                reach=25_000.0,
                flat=0.35,
            ),
            lit=0.7,
            sky=0.75,
        ),
        Layer(
            lambda seed: rain_curtain(seed - 10),  # the seed of the front itself
            Look(
                extinction=0.0008,
                relief=(30.0, 8.0, 2.0),
                crisp=260.0,
                worn=300.0,
                flat=1.0,
                warp=40.0,
                step=90.0,
                reach=25_000.0,
                varied=0.3,
            ),
            lit=0.12,
            sky=0.5,
        ),
    ),
    glare=0.6,
    most=2.4,
    drift=Drift(heading=75.0, height=1000.0, speed=10.0, behind=2.0),
    seed=2,
)

if __name__ == "__main__":
    main(SKY)
