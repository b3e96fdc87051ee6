# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Golden Hour”: a clear evening, the sun low, a few small clouds far off.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_golden_hour.py`.
"""

from making import shapes
from making.air import Air
from making.cirrus import sheet
from making.march import Look
from making.marched import Layer, Sky, main

SKY = Sky(
    "golden_hour",
    "Golden Hour",
    ("golden hour", "clear", "warm", "evening", "low sun"),
    sun=(-35.0, 6.5),
    air=Air(aerosol=0.085, angstrom=1.3, absorbed=(0.03, 0.02), aerosol_height=1.4),
    exposure=11.5,
    balance=(1.02, 0.985, 1.07),
    saturation=1.2,
    behind=sheet(thick=0.045, cover=0.4, length=260.0, bent=0.2, contrast=0.45, veil=0.3),
    layers=(
        Layer(
            lambda seed: shapes.cumulus(
                seed,
                count=150,
                radius=(260.0, 0.5),
                tallness=0.55,
                base=1300.0,
                high=3000.0,
                towers=0.02,
                grouping=1.8,
                clearing=(9000.0, 22000.0),
            ),
            Look(worn=200.0, step=16.0),
        ),
    ),
    seed=6,
)

if __name__ == "__main__":
    main(SKY)
