# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Cloudy”: a closed deck of stratocumulus with torn scud beneath it; the sun is hidden.

Run it with a Python that has Blender as a module: `python skyboxes/make_cloudy.py`.
"""

from making.recipe import Recipe, main
from making.world import SkyWorld, direction_vector

SUN = (-35.0, 55.0)


def build(world: SkyWorld) -> None:
    """Adds the layers of the overcast sky, far to near."""
    sun = direction_vector(*SUN)
    world.add_layer("veil", Top=(0.66, 0.68, 0.71), Horizon=(0.42, 0.435, 0.455), SunDirection=sun, SunGlow=0.2)
    world.add_layer(
        "cloud_layer",
        Base=1.5, Thickness=0.7, Coverage=0.88, Patchiness=0.62, PatchSize=5.0, CellSize=0.55, Stretch=2.0,
        Cellular=0.35, Relief=0.9, Softness=0.4, Erosion=0.6, Octaves=6.0, Extinction=45.0, SunDirection=sun,
        SunLight=(0.05, 0.05, 0.048), SkyLight=(0.545, 0.565, 0.595), GroundLight=(0.035, 0.037, 0.041), Forward=0.5,
        Spread=0.5, LightReach=1.0, Visibility=16.0,
    )  # fmt: skip
    world.add_layer(
        "cloud_layer",
        Base=0.8, Thickness=0.45, Coverage=0.36, Patchiness=0.8, PatchSize=4.0, CellSize=0.8, Stretch=1.4,
        Cellular=0.0, Relief=0.8, Softness=0.6, Erosion=0.6, Octaves=6.0, Extinction=6.0, SunDirection=sun,
        SunLight=(0.02, 0.02, 0.02), SkyLight=(0.26, 0.275, 0.295), GroundLight=(0.05, 0.052, 0.055), Forward=0.3,
        Visibility=9.0,
    )  # fmt: skip
    world.add_layer("ground_haze", Ground=(0.10, 0.10, 0.105))


if __name__ == "__main__":
    main(Recipe("cloudy", "Cloudy", ("cloudy", "overcast", "grey", "soft light"), build))
