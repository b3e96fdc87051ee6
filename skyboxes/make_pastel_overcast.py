# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Pastel Overcast”: a veil of ice all over the sky, rosy where the low sun is behind it.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_pastel_overcast.py`.
"""

from making.air import Air
from making.cirrus import sheet
from making.finish import capped
from making.marched import Sky, main

SKY = Sky(
    "pastel_overcast",
    "Pastel Overcast",
    ("overcast", "pastel", "soft light", "veil", "evening"),
    sun=(40.0, 7.0),
    air=Air(aerosol=0.12, angstrom=1.1, absorbed=(0.02, 0.01)),
    exposure=10.5,
    balance=(1.05, 0.965, 1.08),
    saturation=1.1,
    behind=sheet(thick=0.8, cover=0.75, length=260.0, bent=0.2, contrast=0.35, veil=1.3),
    disc=0.0,
    # A veil as thick as this lets no more through.
    finish=lambda upper: capped(upper, 2.1),
    seed=11,
)

if __name__ == "__main__":
    main(SKY)
