# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Rainy”: a low dark deck with torn scud below it, a little brighter towards one side.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_rainy.py`.
"""

from making import shapes
from making.air import Air
from making.drift import Drift
from making.finish import capped
from making.march import Look
from making.marched import Layer, Sky, main

SKY = Sky(
    "rainy",
    "Rainy",
    ("rainy", "rain", "dark", "overcast", "grey"),
    sun=(-60.0, 35.0),
    air=Air(aerosol=0.35, angstrom=0.6),
    exposure=6.0,
    balance=(0.96, 1.0, 1.11),
    saturation=1.1,
    layers=(
        Layer(
            lambda seed: shapes.layer(
                seed,
                base=1000.0,
                thickness=600.0,
                cover=0.995,
                size=2600.0,
                unevenness=0.5,
                sag=130.0,
                rolls=0.3,
                rise=35.0,
                age=(0.55, 0.25),
            ),
            Look(extinction=0.022, relief=(75.0, 18.0, 3.5), flat=1.0, worn=240.0, diffuse=1.7, reach=130_000.0),
        ),
        Layer(
            lambda seed: shapes.layer(
                seed,
                base=520.0,
                thickness=170.0,
                cover=0.3,
                size=700.0,
                unevenness=1.2,
                sag=60.0,
                rise=25.0,
                age=(0.8, 0.2),
            ),
            Look(extinction=0.02, relief=(55.0, 18.0, 4.0), flat=1.0, worn=200.0),
            lit=0.04,
            sky=0.35,
        ),
    ),
    disc=0.0,
    shadowed=0.7,
    horizon_blur=0.5,
    drift=Drift(heading=40.0, height=900.0, speed=11.0, closed=True),
    rain=True,
    # Through a gap shines a bright cloud, not the sun.
    finish=lambda upper: capped(upper, 0.92),
    seed=5,
)
if __name__ == "__main__":
    main(SKY)
