# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “High Cirrus”: threads of ice all over a noon sky, and a ring around the sun.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_high_cirrus.py`.
"""

from making.air import Air
from making.cirrus import sheet
from making.marched import Sky, main

SKY = Sky(
    "high_cirrus",
    "High Cirrus",
    ("cirrus", "high clouds", "noon", "halo", "wisps"),
    sun=(-30.0, 50.0),
    air=Air(aerosol=0.09),
    exposure=5.6,
    saturation=1.35,
    behind=sheet(thick=0.2, cover=0.62, length=170.0, bent=0.75, veil=0.3, halo=0.5),
    seed=12,
)

if __name__ == "__main__":
    main(SKY)
