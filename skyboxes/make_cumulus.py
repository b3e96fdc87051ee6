# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Cumulus”: fair-weather clouds with flat bases over a summer's day.

Run it with a Python that has Blender as a module: `python skyboxes/make_cumulus.py`.
"""

from making.recipe import Recipe, main
from making.world import SkyWorld, direction_vector

SUN = (30.0, 52.0)


def build(world: SkyWorld) -> None:
    """Adds the layers of the summer's day, far to near."""
    sun = direction_vector(*SUN)
    world.add_clear_sky(SUN, exposure=0.08, tint=(1.0, 1.0, 1.02), aerosol_density=1.2)
    world.add_layer("sun", SunDirection=sun, Disc=(400, 385, 355), Glow=(0.5, 0.48, 0.44), GlowAngle=0.045)
    world.add_layer(
        "cirrus",
        Coverage=0.3, Azimuth=70.0, Depth=0.25, SunDirection=sun,
        SunLight=(0.55, 0.54, 0.52), SkyLight=(0.2, 0.22, 0.26),
    )  # fmt: skip
    world.add_layer(
        "cloud_layer",
        Base=1.2, Thickness=1.5, Coverage=0.46, Patchiness=0.6, PatchSize=12.0, CellSize=2.2, Cellular=0.5,
        Relief=0.0, Softness=0.1, Erosion=0.62, Octaves=6.0, Extinction=32.0, SunDirection=sun,
        SunLight=(2.3, 2.22, 2.1), SkyLight=(0.24, 0.27, 0.33), GroundLight=(0.11, 0.11, 0.105), Forward=0.7,
        Spread=0.55, LightReach=1.4, Visibility=38.0, Steps=56, LightSteps=7,
    )  # fmt: skip
    world.add_layer("ground_haze", Ground=(0.15, 0.15, 0.135))


if __name__ == "__main__":
    main(Recipe("cumulus", "Cumulus", ("cumulus", "fair weather", "summer", "blue", "clouds"), build))
