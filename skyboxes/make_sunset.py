# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Sunset”: the sun's last minutes under fields of altocumulus, some heaps far off.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_sunset.py`.
"""

from making import shapes
from making.air import Air
from making.cirrus import sheet
from making.drift import Drift
from making.finish import without_gaps
from making.march import Look
from making.marched import Layer, Sky, main
from making.streaks import streaks

SKY = Sky(
    "sunset",
    "Sunset",
    ("sunset", "evening", "warm", "clouds"),
    sun=(20.0, 1.8),
    air=Air(aerosol=0.07, angstrom=1.3, absorbed=(0.03, 0.02), ozone=340.0),
    exposure=23.0,
    balance=(1.06, 0.93, 1.12),
    behind=sheet(drawn=streaks, thick=0.15, cover=0.35, bent=0.24, contrast=1.4, fine=0.95, veil=0.15),
    bends=True,
    layers=(
        Layer(
            lambda seed: shapes.layer(
                seed,
                base=4200.0,
                thickness=200.0,
                cover=0.36,
                size=1100.0,
                unevenness=1.5,
                sag=30.0,
                rolls=0.45,
                rise=25.0,
                cells=768,
                age=(0.55, 0.35),
            ),
            Look(
                extinction=0.018,
                diffuse=1.0,
                crisp=22.0,
                relief=(60.0, 18.0, 5.0),
                tiles=(900.0, 210.0, 45.0),
                worn=230.0,
                flat=0.9,
                step=18.0,
                reach=85_000.0,
                warp=70.0,
            ),
            sky=1.4,
            sun=1.2,
        ),
        Layer(
            lambda seed: shapes.cumulus(
                seed,
                count=130,
                radius=(300.0, 0.5),
                tallness=0.7,
                base=1150.0,
                high=3200.0,
                towers=0.03,
                clearing=(9000.0, 20000.0),
            ),
            Look(step=16.0, diffuse=1.1, crisp=14.0),
            sky=1.3,
        ),
    ),
    drift=Drift(heading=-65.0, height=4200.0, speed=18.0, speeds=(1.0, 0.5), behind=1.4),
    ground=(0.2, 0.18, 0.17),
    disc=1200.0,
    least=0.15,
    horizon_blur=0.4,
    horizon_across=0.7,
    finish=without_gaps,
    most=1.5,
    level=80.0,
    seed=7,
)

if __name__ == "__main__":
    main(SKY)
