# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Rainy”: a low dark deck with torn scud below it, bright towards one side.

Run it with a Python that has Blender as a module: `python skyboxes/make_rainy.py`.
"""

from making.recipe import Recipe, main
from making.world import SkyWorld, direction_vector

SUN = (-60.0, 25.0)


def build(world: SkyWorld) -> None:
    """Adds the layers of the rainy day, far to near."""
    sun = direction_vector(*SUN)
    world.add_layer("veil", Top=(0.22, 0.235, 0.26), Horizon=(0.30, 0.315, 0.335), SunDirection=sun, SunGlow=0.5)
    world.add_layer(
        "cloud_layer",
        Base=0.9, Thickness=0.9, Coverage=0.98, Patchiness=0.6, PatchSize=4.5, CellSize=0.9, Stretch=1.6,
        Cellular=0.2, Relief=1.0, Softness=0.5, Erosion=0.55, Octaves=6.0, Extinction=40.0, SunDirection=sun,
        SunLight=(0.03, 0.03, 0.03), SkyLight=(0.30, 0.32, 0.35), GroundLight=(0.028, 0.03, 0.033), Forward=0.5,
        Spread=0.5, LightReach=1.0, Visibility=9.0,
    )  # fmt: skip
    world.add_layer(
        "cloud_layer",
        Base=0.45, Thickness=0.4, Coverage=0.52, Patchiness=0.9, PatchSize=3.0, CellSize=0.7, Stretch=1.8,
        Cellular=0.0, Relief=0.9, Softness=0.55, Erosion=0.65, Octaves=6.0, Extinction=9.0, SunDirection=sun,
        SunLight=(0.012, 0.012, 0.012), SkyLight=(0.115, 0.122, 0.135), GroundLight=(0.02, 0.021, 0.023), Forward=0.3,
        Visibility=5.0,
    )  # fmt: skip
    world.add_layer("ground_haze", Ground=(0.07, 0.072, 0.076), Depth=0.3)


if __name__ == "__main__":
    main(Recipe("rainy", "Rainy", ("rainy", "rain", "dark", "overcast", "grey"), build, rain=True))
