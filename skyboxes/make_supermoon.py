# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Supermoon”: a huge moon over the last blue of dusk.

Run it with a Python that has Blender as a module: `python skyboxes/make_supermoon.py`.
"""

import numpy as np
from making import meshes
from making.objects import Light, place
from making.recipe import Objects, Recipe, main
from making.world import SkyWorld, direction_vector

# Behind whoever looks at the moon, just set.
SUN = (172.0, -4.0)
MOON, RADIUS = (14.0, 22.0), 9.0
_DISTANCE = 1000.0


def build_moon() -> None:
    """A sphere with seas and craters."""
    random = np.random.default_rng(4)
    moon = meshes.sphere(8)
    points = moon.vertices
    seas = meshes.fractal(points * 1.25 + 1.3, 6, 0.55)
    dark = np.clip((seas + 0.02) / 0.3, 0, 1)
    height = 0.0014 * meshes.fractal(points * 9, 5, 0.6) * (1 - 0.8 * dark)
    fresh = np.zeros(len(points))
    for _ in range(900):
        centre = random.normal(size=3)
        centre /= np.linalg.norm(centre)
        size = 0.008 * random.uniform(0.02, 1) ** -0.62
        away = np.sqrt(np.maximum(0, 2 - 2 * points @ centre)) / size
        near = away < 6
        bowl = np.where(away < 1, away**2 - 1, 0) * 0.1 * size
        rim = 0.045 * size * np.exp(-(((away - 1.05) / 0.22) ** 2))
        height[near] += (bowl + rim)[near] * (1 - 0.6 * dark[near] * (size < 0.03))
        if random.random() < 0.05 and size > 0.012:  # young ones have bright rays
            spokes = 0.5 + 0.5 * meshes.fractal((points[near] - centre) / size * 0.8, 3)
            fresh[near] += np.exp(-away[near] / 2.2) * spokes
    moon.vertices = points * (1 + height)[:, None]
    grey = 0.62 - 0.42 * dark + 0.08 * meshes.fractal(points * 14, 5, 0.65) + 0.3 * np.clip(fresh, 0, 1)
    moon.colours = np.clip(grey, 0.08, 0.95)[:, None] * np.array([1.0, 0.955, 0.88])
    scale = _DISTANCE * np.tan(np.radians(RADIUS))
    meshes.add(moon.moved(place(_DISTANCE, *MOON), scale), "moon")


def build(world: SkyWorld) -> None:
    """Adds the layers of the dusk, far to near."""
    moon = direction_vector(*MOON)
    world.add_clear_sky(SUN, exposure=0.75, tint=(1.1, 0.98, 0.92), aerosol_density=1.4, ozone_density=2.0)
    world.add_layer("stars", Band=(0, 0, 0), Bulge=(0, 0, 0), Air=(0, 0, 0), Glow=(0, 0, 0), Brightest=0.22)
    world.add_objects(Visibility=55.0)
    world.add_layer("sun", SunDirection=moon, Disc=(0, 0, 0), Glow=(0.05, 0.047, 0.042), GlowAngle=0.16)
    world.add_layer(
        "cloud_layer",
        Base=2.4, Thickness=0.35, Coverage=0.5, Patchiness=0.9, PatchSize=11.0, CellSize=1.1, Stretch=2.4,
        Cellular=0.15, Relief=0.4, Softness=0.4, Erosion=0.55, Octaves=6.0, Extinction=7.0, SunDirection=moon,
        SunLight=(0.075, 0.07, 0.066), SkyLight=(0.03, 0.036, 0.058), GroundLight=(0.012, 0.012, 0.016), Forward=0.7,
        Spread=0.5, Visibility=26.0,
    )  # fmt: skip
    world.add_layer("ground_haze", Ground=(0.012, 0.013, 0.018), Depth=0.15)


if __name__ == "__main__":
    light = Light(sun=(150.0, 4.0), sunlight=(1.7, 1.62, 1.5), skylight=(0.0, 0.0, 0.0))
    tags = ("supermoon", "moon", "stars", "night", "dusk", "blue hour")
    objects = Objects(build_moon, light)
    main(Recipe("supermoon", "Supermoon", tags, build, objects=objects, denoise=False, quality=97), samples=3)
