# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Cumulus”: fair-weather clouds with flat bases over a summer's day.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_cumulus.py`.
"""

from making import shapes
from making.air import Air
from making.march import Look
from making.marched import Layer, Sky, main

SKY = Sky(
    "cumulus",
    "Cumulus",
    ("cumulus", "fair weather", "summer", "blue", "clouds"),
    sun=(40.0, 50.0),
    air=Air(aerosol=0.1),
    exposure=6.4,
    turn=115.0,
    layers=(
        Layer(
            lambda seed: shapes.cumulus(
                seed, count=420, radius=(330.0, 0.55), base=1250.0, clearing=(1500.0, 4500.0)
            ),
            Look(),
        ),
    ),
)

if __name__ == "__main__":
    main(SKY)
