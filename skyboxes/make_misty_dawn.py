# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Misty Dawn”: mist on the ground under an early sun, wisps of ice above.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_misty_dawn.py`.
"""

from making.air import Air
from making.cirrus import sheet
from making.marched import Sky, main
from making.mist import misty
from making.streaks import streaks

SKY = Sky(
    "misty_dawn",
    "Misty Dawn",
    ("dawn", "mist", "fog", "morning", "pastel", "sunrise"),
    sun=(30.0, 4.5),
    air=Air(aerosol=0.1, angstrom=1.0, absorbed=(0.02, 0.01), aerosol_height=1.2),
    exposure=15.0,
    balance=(1.07, 0.97, 1.04),
    saturation=1.15,
    behind=sheet(drawn=streaks, heading=0.9, thick=0.11, cover=0.42, bent=0.22, contrast=1.2, fine=0.95, veil=0.25),
    bends=True,
    finish=lambda upper: misty(upper, 5.5, 4, 1.3),
    seed=8,
)

if __name__ == "__main__":
    main(SKY)
