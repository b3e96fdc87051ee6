# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Cloudy”: a broken layer of stratocumulus with blue between its heaps.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_cloudy.py`.
"""

from making import shapes
from making.air import Air
from making.drift import Drift
from making.march import Look
from making.marched import Layer, Sky, main

SKY = Sky(
    "cloudy",
    "Cloudy",
    ("cloudy", "overcast", "grey", "soft light"),
    sun=(25.0, 42.0),
    air=Air(aerosol=0.16),
    exposure=5.75,
    layers=(
        Layer(
            lambda seed: shapes.layer(
                seed, base=1250.0, thickness=380.0, cover=0.84, size=1700.0, sag=70.0, rolls=0.3
            ),
            Look(
                extinction=0.036,
                relief=(60.0, 15.0, 3.0),
                flat=0.6,
                worn=170.0,
                shift=(9000.0, 4000.0),
                reach=130_000.0,
            ),
        ),
    ),
    disc=0.0,
    shadowed=0.45,
    drift=Drift(heading=-50.0, height=1250.0, speed=9.0, closed=True),
    seed=2,
)

if __name__ == "__main__":
    main(SKY)
