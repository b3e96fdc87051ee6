# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Sunny”: a clear blue day with a high sun and a breath of ice cloud.

Run it with a Python that has Blender as a module: `python skyboxes/make_sunny.py`.
"""

from making.recipe import Recipe, main
from making.world import SkyWorld, direction_vector

SUN = (35.0, 42.0)


def build(world: SkyWorld) -> None:
    """Adds the layers of the clear day, far to near."""
    sun = direction_vector(*SUN)
    world.add_clear_sky(SUN, exposure=0.085, tint=(1.0, 1.0, 1.02), aerosol_density=1.1)
    world.add_layer("sun", SunDirection=sun, Disc=(420, 400, 370), Glow=(0.62, 0.6, 0.55), GlowAngle=0.05)
    world.add_layer(
        "cirrus",
        Coverage=0.42, PatchSize=38.0, Length=18.0, Width=1.4, Azimuth=105.0, Depth=0.32, SunDirection=sun,
        SunLight=(0.62, 0.61, 0.58), SkyLight=(0.2, 0.22, 0.26),
    )  # fmt: skip
    world.add_layer("ground_haze", Ground=(0.16, 0.16, 0.145))


if __name__ == "__main__":
    main(Recipe("sunny", "Sunny", ("sunny", "clear", "blue", "noon", "day"), build))
