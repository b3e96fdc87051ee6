# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Jupiter”: a giant banded planet and its moons at dusk.

Run it with a Python that has Blender as a module: `python skyboxes/make_jupiter.py`.
"""

import numpy as np
from making import meshes
from making.objects import Light, place
from making.recipe import Objects, Recipe, main
from making.world import SkyWorld, direction_vector

SUN = (-70.0, 3.0)
PLANET, RADIUS = (22.0, 26.0), 19.0
_DISTANCE = 1000.0
_CREAM, _RUST, _BROWN, _WHITE = (
    np.array(c) for c in ((0.8, 0.66, 0.5), (0.55, 0.29, 0.16), (0.36, 0.22, 0.15), (0.88, 0.83, 0.75))
)
# Sines of the latitudes at which belts end, from the south, and what lies between them.
_ENDS = (-0.78, -0.6, -0.5, -0.42, -0.31, -0.12, 0.08, 0.13, 0.29, 0.4, 0.47, 0.62, 0.8)
_BELTS = (_BROWN, _CREAM, _RUST, _WHITE, _CREAM, _RUST, _WHITE, _CREAM, _RUST, _CREAM, _BROWN, _CREAM, _RUST, _BROWN)


def _belts(latitude: np.ndarray) -> np.ndarray:
    """Colour of each latitude (its sine), the belts' edges soft."""
    colour = np.tile(_BELTS[0], (len(latitude), 1))
    for end, after in zip(_ENDS, _BELTS[1:], strict=True):
        part = np.clip((latitude - end) / 0.03 + 0.5, 0, 1)[:, None]
        colour = colour * (1 - part) + after * part
    return colour


def build_planet() -> None:
    """The planet, a little flat, its great storm, and three moons."""
    planet = meshes.sphere(8)
    points = planet.vertices
    x, y, z = points.T
    # Winds draw all things out along the belts, and curl their edges.
    drawn = np.column_stack([x * 2.2, y * 2.2, z * 9.0])
    curl = meshes.fractal(drawn, 5, 0.55) * 0.035 + meshes.fractal(drawn * 3.1 + 5, 4, 0.6) * 0.012
    colour = _belts(z + curl * (1 - z**2))
    fine = meshes.fractal(np.column_stack([x * 3, y * 3, z * 40]) + curl[:, None] * 20, 4, 0.6)
    colour *= (1 + 0.14 * fine)[:, None]
    # The storm, south of the equator, on the side that is seen.
    spot = np.array([-0.55, -0.76, -0.36])
    spot /= np.linalg.norm(spot)
    east = np.cross([0, 0, 1.0], spot)
    east /= np.linalg.norm(east)
    far = np.hypot((points @ east) / 0.17, (z - spot[2]) / 0.085) + (points @ spot < 0) * 9
    swirl = 0.5 + 0.5 * np.sin(9 * far + 4 * curl / 0.035)
    inside, ring = np.clip((1 - far) / 0.15, 0, 1), np.exp(-(((far - 1.12) / 0.12) ** 2))
    colour = colour * (1 - 0.75 * ring)[:, None] + 0.75 * ring[:, None] * _WHITE
    colour = colour * (1 - inside)[:, None] + inside[:, None] * (_RUST * (1.0 + 0.3 * swirl[:, None]))
    planet.colours = np.clip(colour * np.array([1.0, 1.0, 1.0]), 0, 1)
    planet.vertices = points * np.array([1, 1, 0.94])
    tilt = np.radians(14)
    cosine, sine = np.cos(tilt), np.sin(tilt)
    turn = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
    planet.vertices = planet.vertices @ turn.T
    meshes.add(planet.moved(place(_DISTANCE, *PLANET), _DISTANCE * np.tan(np.radians(RADIUS))), "planet")
    for number, (azimuth, elevation, radius, tone) in enumerate(
        (
            (-14.0, 40.0, 1.1, (0.75, 0.66, 0.42)),
            (56.0, 14.0, 0.7, (0.7, 0.66, 0.6)),
            (-4.0, 15.0, 0.45, (0.5, 0.46, 0.42)),
        )
    ):
        moon = meshes.sphere(5)
        spots = 0.75 + 0.35 * meshes.fractal(moon.vertices * 2.3 + 9 * number, 5, 0.6)
        moon.colours = np.clip(spots[:, None] * np.array(tone), 0, 1)
        near = 0.8 * _DISTANCE
        meshes.add(moon.moved(place(near, azimuth, elevation), near * np.tan(np.radians(radius))), f"moon {number}")


def build(world: SkyWorld) -> None:
    """Adds the layers of the dusk, far to near."""
    sun = direction_vector(*SUN)
    world.add_clear_sky((SUN[0], 1.5), exposure=0.2, tint=(1.05, 0.95, 1.05), aerosol_density=1.5, ozone_density=1.6)
    world.add_layer("sun", SunDirection=sun, Disc=(70, 40, 18), Glow=(0.6, 0.3, 0.1), GlowAngle=0.04)
    world.add_objects(Visibility=70.0)
    world.add_layer(
        "cirrus",
        Coverage=0.5, Azimuth=40.0, SunDirection=sun, SunLight=(0.5, 0.28, 0.16), SkyLight=(0.07, 0.065, 0.09),
    )  # fmt: skip
    world.add_layer(
        "cloud_layer",
        Base=1.6, Thickness=0.7, Coverage=0.42, Patchiness=0.9, PatchSize=11.0, CellSize=1.5, Stretch=1.6,
        Cellular=0.25, Relief=0.2, Softness=0.22, Erosion=0.55, Octaves=6.0, Extinction=13.0, SunDirection=sun,
        SunLight=(0.85, 0.32, 0.11), SkyLight=(0.05, 0.055, 0.1), GroundLight=(0.03, 0.02, 0.026), Forward=0.65,
        Spread=0.4, Visibility=30.0,
    )  # fmt: skip
    world.add_layer("ground_haze", Ground=(0.028, 0.025, 0.03))


if __name__ == "__main__":
    light = Light(sun=SUN, sunlight=(0.85, 0.72, 0.6), skylight=(0.0, 0.0, 0.0))
    tags = ("jupiter", "planet", "moons", "dusk", "space", "fantasy")
    main(Recipe("jupiter", "Jupiter", tags, build, objects=Objects(build_planet, light)))
