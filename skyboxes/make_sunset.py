# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Sunset”: a low sun under fields of altocumulus, dark low cloud along the horizon.

Run it with a Python that has Blender as a module: `python skyboxes/make_sunset.py`.
"""

from making.recipe import Recipe, main
from making.world import SkyWorld, direction_vector

SUN = (20.0, 4.5)


def build(world: SkyWorld) -> None:
    """Adds the layers of the sunset, far to near."""
    sun = direction_vector(*SUN)
    # The sky of a sun nearly set, the disc a little higher: the colours of the last minutes with the disc in sight.
    world.add_clear_sky((SUN[0], 2.0), exposure=0.2, tint=(1.06, 0.94, 1.05), aerosol_density=1.8, ozone_density=1.5)
    world.add_layer("sun", SunDirection=sun, Disc=(80, 46, 20), Glow=(0.75, 0.36, 0.1), GlowAngle=0.035)
    world.add_layer(
        "cirrus",
        Coverage=0.6, Azimuth=65.0, SunDirection=sun, SunLight=(0.5, 0.27, 0.15), SkyLight=(0.07, 0.06, 0.09),
    )  # fmt: skip
    world.add_layer(
        "cloud_layer",
        Base=3.6, Thickness=0.6, Coverage=0.66, Patchiness=1.1, PatchSize=15.0, CellSize=0.7, Stretch=1.5,
        Cellular=0.3, Relief=0.5, Softness=0.22, Erosion=0.5, Octaves=6.0, Extinction=10.0, SunDirection=sun,
        SunLight=(1.45, 0.5, 0.18), SkyLight=(0.055, 0.065, 0.12), GroundLight=(0.055, 0.03, 0.04), Forward=0.62,
        Spread=0.45, LightReach=1.6, Visibility=27.0, Steps=40,
    )  # fmt: skip
    world.add_layer(
        "cloud_layer",
        Base=1.3, Thickness=0.8, Coverage=0.41, Patchiness=0.9, PatchSize=10.0, CellSize=1.7, Cellular=0.25,
        Relief=0.15, Softness=0.22, Erosion=0.55, Octaves=6.0, Extinction=14.0, SunDirection=sun,
        SunLight=(0.7, 0.22, 0.06), SkyLight=(0.05, 0.055, 0.095), GroundLight=(0.025, 0.018, 0.024), Forward=0.65,
        Spread=0.35, Visibility=30.0,
    )  # fmt: skip
    world.add_layer("ground_haze", Ground=(0.03, 0.026, 0.03))


if __name__ == "__main__":
    main(Recipe("sunset", "Sunset", ("sunset", "evening", "warm", "clouds"), build))
