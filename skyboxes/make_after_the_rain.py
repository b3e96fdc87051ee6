# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “After the Rain”: broken heaps before a low sun, its beams in the wet haze below them.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_after_the_rain.py`.
"""

from making import shapes
from making.air import Air
from making.beams import Beams
from making.cirrus import sheet
from making.drift import Drift
from making.march import Look
from making.marched import Layer, Sky, main

SKY = Sky(
    "after_the_rain",
    "After the Rain",
    ("after the rain", "sunbeams", "crepuscular", "low sun", "broken clouds", "evening", "dramatic"),
    sun=(15.0, 12.0),
    air=Air(aerosol=0.1, angstrom=1.2, absorbed=(0.03, 0.02), ozone=320.0),
    exposure=7.8,
    balance=(1.02, 0.98, 1.08),
    saturation=1.2,
    behind=sheet(thick=0.08, cover=0.4, length=230.0, bent=0.25, contrast=0.45, veil=0.25),
    layers=(
        Layer(
            lambda seed: shapes.layer(
                seed,
                base=1250.0,
                thickness=520.0,
                cover=0.5,
                size=2400.0,
                unevenness=0.9,
                sag=90.0,
                age=(0.45, 0.35),
                rise=35.0,
            ),
            Look(
                extinction=0.045,
                relief=(85.0, 24.0, 5.0),
                worn=190.0,
                flat=0.7,
                warp=90.0,
                step=14.0,
                shift=(17820.0, 20880.0),
            ),
        ),
    ),
    shadowed=0.2,
    deck=1.2,
    beams=Beams(haze=0.09, height=1.6, base=1.2, around=0.5, soft=70.0),
    drift=Drift(heading=-75.0, height=1250.0, speed=9.0, behind=2.0),
    glare=0.55,
    most=2.2,
    seed=3,
)

if __name__ == "__main__":
    main(SKY)
