# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Galaxy”: the Milky Way over a dark country, stars down to the glow of the air.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_galaxy.py`.
"""

import argparse
from pathlib import Path

import numpy as np
from making.finish import grained, with_ground
from making.marched import SKYBOXES, save_sky
from making.night import Night, night_sky

TAGS = ("galaxy", "milky way", "stars", "night", "dark")

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Makes the sky “Galaxy”.")
    parser.add_argument("--size", type=int, default=8192, help="width in pixels; the height is half of it")
    parser.add_argument("--seed", type=int, default=3, help="another seed is another night")
    parser.add_argument("--output", type=Path, default=SKYBOXES / "galaxy", help="folder to write to")
    options = parser.parse_args()
    upper = grained(night_sky(Night(), options.size, options.seed), 0.015, options.seed)
    whole = with_ground(upper, np.array([0.004, 0.0045, 0.005]))
    save_sky(whole, options.output, "galaxy", "Galaxy", TAGS)
