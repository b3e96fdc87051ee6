# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Galaxy”: the Milky Way over a dark country, stars down to the glow of the air.

Run it with a Python that has `making/requirements.lock`: `python skyboxes/make_galaxy.py`.
"""

import numpy as np
from making.finish import grained, with_ground
from making.marched import command_line, save_sky
from making.night import Night, night_sky

TAGS = ("galaxy", "milky way", "stars", "night", "dark")

if __name__ == "__main__":
    options = command_line("galaxy", "Galaxy", seed=3)
    upper = grained(night_sky(Night(), options.size, options.seed), 0.015, options.seed)
    whole = with_ground(upper, np.array([0.004, 0.0045, 0.005]))
    save_sky(whole, options.output, "galaxy", "Galaxy", TAGS)
