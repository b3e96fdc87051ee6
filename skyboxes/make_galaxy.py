# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Galaxy”: the Milky Way over a dark country, stars down to the glow of the air.

Run it with a Python that has Blender as a module: `python skyboxes/make_galaxy.py`.
"""

from making.recipe import Recipe, main
from making.world import SkyWorld, direction_vector


def build(world: SkyWorld) -> None:
    """Adds the layers of the night, far to near."""
    world.add_layer(
        "stars",
        Pole=direction_vector(-78.0, 18.0), Centre=direction_vector(15.0, 12.0), Width=0.2, Brightest=1.5,
        Band=(0.2, 0.197, 0.225), Bulge=(0.33, 0.275, 0.215), Dust=0.8,
        Air=(0.009, 0.012, 0.022), Glow=(0.03, 0.031, 0.036),
    )  # fmt: skip
    world.add_layer("ground_haze", Ground=(0.006, 0.007, 0.009), Depth=0.12)


if __name__ == "__main__":
    main(
        Recipe(
            "galaxy", "Galaxy", ("galaxy", "milky way", "stars", "night", "dark"), build, denoise=False, quality=94
        ),
        samples=3,
    )
