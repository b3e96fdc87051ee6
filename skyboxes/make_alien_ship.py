# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Alien Ship”: a hull as wide as a city hangs in a hazy evening.

Run it with a Python that has Blender as a module: `python skyboxes/make_alien_ship.py`.
"""

import numpy as np
from making import meshes
from making.objects import Light, place
from making.recipe import Objects, Recipe, main
from making.world import SkyWorld, direction_vector

SUN = (58.0, 7.0)
#: Where the hull's middle is seen, and how far away and how wide it is, km.
SHIP, AWAY, HALF = (-12.0, 16.0), 26.0, 8.5
_HULL, _PLATE, _DARK = (0.23, 0.225, 0.22), (0.3, 0.29, 0.275), (0.11, 0.11, 0.115)


def _plates(random: np.random.Generator) -> list[meshes.Shape]:
    """What stands out from the hull's upper and lower side: rings of boxes, denser towards the middle."""
    found = []
    for side in (1, -1):
        for radius in np.linspace(0.16, 0.93, 22):
            height = side * _surface(radius, side)
            count = int(10 + 120 * radius)
            for angle in np.arange(count) * 2 * np.pi / count:
                if random.random() < 0.4:
                    continue
                wide = random.uniform(0.25, 0.95) * np.pi * radius / count
                deep = random.uniform(0.006, 0.016)
                tall = random.uniform(0.002, 0.011) * (2.2 if random.random() < 0.08 else 1)
                tone = np.array(_PLATE) * random.uniform(0.6, 1.15)
                box = meshes.box((-deep, -wide, 0), (deep, wide, tall), tone)
                cosine, sine = np.cos(angle), np.sin(angle)
                turn = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
                box.vertices[:, 2] *= side
                box.vertices = box.vertices @ turn.T + [radius * cosine, radius * sine, height]
                found.append(box)
    return found


def _surface(radius: float, side: int) -> float:
    """Height of the hull, above or below its rim, at a radius of 0 .. 1."""
    profile = _UPPER if side > 0 else _LOWER
    radii, heights = zip(*sorted(profile), strict=True)
    return float(np.interp(radius, radii, np.abs(heights)))


_UPPER = (
    (0.0, 0.27),
    (0.05, 0.265),
    (0.07, 0.2),
    (0.15, 0.185),
    (0.17, 0.125),
    (0.4, 0.1),
    (0.43, 0.075),
    (0.75, 0.05),
    (0.94, 0.03),
    (1.0, 0.012),
)
_LOWER = (
    (0.0, -0.16),
    (0.1, -0.155),
    (0.12, -0.1),
    (0.3, -0.095),
    (0.33, -0.12),
    (0.36, -0.12),
    (0.39, -0.085),
    (0.7, -0.06),
    (0.93, -0.035),
    (1.0, -0.012),
)


def build_ship() -> None:
    """A disc of rings and steps, covered in plates, with lamps along its rims and a lit throat below."""
    random = np.random.default_rng(11)
    profile = [*_LOWER, *reversed(_UPPER)]
    hull = meshes.turned(profile, 256, _HULL)
    worn = 1 + 0.25 * meshes.fractal(hull.vertices * 6, 3)
    hull.colours = hull.colours * worn[:, None]
    parts = [hull, *_plates(random)]
    for angle in np.arange(12) * np.pi / 6:  # ribs from the middle to the rim
        rib = meshes.box((0.17, -0.008, 0.04), (0.97, 0.008, 0.085), _DARK)
        rib.vertices[:, 2] -= 0.07 * np.clip(rib.vertices[:, 0] - 0.17, 0, 1)
        cosine, sine = np.cos(angle), np.sin(angle)
        rib.vertices = rib.vertices @ np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]]).T
        parts.append(rib)
    lamps = []
    for radius, height, count, size in (
        (0.998, 0.0, 180, 0.0022),
        (0.36, -0.124, 60, 0.0026),
        (0.16, 0.19, 28, 0.002),
    ):
        for angle in np.arange(count) * 2 * np.pi / count:
            if random.random() < 0.75:
                at = np.array([radius * np.cos(angle), radius * np.sin(angle), height])
                lamps.append(meshes.box(at - size, at + size, (1.0, 0.82, 0.5)))
    throat = meshes.turned(((0.02, -0.165), (0.085, -0.158), (0.085, -0.156), (0.02, -0.163)), 64, (0.35, 0.75, 1.0))
    middle = place(AWAY, *SHIP)
    tilt = np.radians(7.0)
    lean = np.array([[1, 0, 0], [0, np.cos(tilt), np.sin(tilt)], [0, -np.sin(tilt), np.cos(tilt)]])
    for name, shape in (("ship", meshes.joined(parts)), ("lamps", meshes.joined(lamps)), ("throat", throat)):
        shape.vertices = shape.vertices @ lean.T
        shape = shape.moved(middle, HALF)
        if name == "ship":
            meshes.add(shape, name, roughness=0.55, smooth=False)
        else:
            meshes.add_glow(shape, name, 3.0 if name == "lamps" else 1.4)


def build(world: SkyWorld) -> None:
    """Adds the layers of the hazy evening, far to near."""
    sun = direction_vector(*SUN)
    world.add_clear_sky((SUN[0], 4.5), exposure=0.12, tint=(1.04, 0.97, 1.0), aerosol_density=3.2, ozone_density=1.3)
    world.add_layer("sun", SunDirection=sun, Disc=(95, 66, 36), Glow=(0.7, 0.42, 0.2), GlowAngle=0.07)
    world.add_layer(
        "cirrus",
        Coverage=0.55, Azimuth=120.0, SunDirection=sun, SunLight=(0.5, 0.36, 0.24), SkyLight=(0.09, 0.09, 0.11),
    )  # fmt: skip
    world.add_objects(Distance=AWAY, Visibility=75.0)
    world.add_layer(
        "cloud_layer",
        Base=1.5, Thickness=0.8, Coverage=0.36, Patchiness=0.8, PatchSize=8.0, CellSize=1.6, Stretch=1.5,
        Cellular=0.3, Relief=0.2, Softness=0.25, Erosion=0.6, Octaves=6.0, Extinction=12.0, SunDirection=sun,
        SunLight=(1.3, 0.75, 0.4), SkyLight=(0.1, 0.1, 0.13), GroundLight=(0.05, 0.042, 0.04), Forward=0.65,
        Spread=0.45, Visibility=20.0,
    )  # fmt: skip
    world.add_layer("ground_haze", Ground=(0.06, 0.052, 0.046))


if __name__ == "__main__":
    light = Light(sun=SUN, sunlight=(2.2, 1.3, 0.72), skylight=(0.1, 0.105, 0.125))
    tags = ("alien ship", "science fiction", "evening", "haze", "fantasy")
    main(Recipe("alien_ship", "Alien Ship", tags, build, objects=Objects(build_ship, light)))
