# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Sunny”: a fair day, hardly a wisp of ice high up.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_sunny.py`.
"""

from making.air import Air
from making.cirrus import sheet
from making.marched import Sky, main

SKY = Sky(
    "sunny",
    "Sunny",
    ("sunny", "clear", "blue", "noon", "day"),
    sun=(35.0, 44.0),
    air=Air(aerosol=0.085),
    exposure=7.0,
    saturation=1.4,
    behind=sheet(thick=0.06, cover=0.26, length=160.0, bent=0.6),
    seed=4,
)

if __name__ == "__main__":
    main(SKY)
