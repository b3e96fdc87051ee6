# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Floating Castle”: an island with a castle among the clouds of a golden afternoon.

Run it with a Python that has Blender as a module: `python skyboxes/make_floating_castle.py`.
"""

import numpy as np
from making import meshes
from making.objects import Light, place
from making.recipe import Objects, Recipe, main
from making.world import SkyWorld, direction_vector

SUN = (-52.0, 24.0)
#: Where the island's ground is seen, how far away it is and how wide, km.
ISLAND, AWAY, HALF = (16.0, 19.0), 4.2, 1.05
_ROCK, _EARTH, _GRASS, _LEAF = (0.3, 0.235, 0.17), (0.2, 0.15, 0.1), (0.1, 0.16, 0.035), (0.045, 0.085, 0.02)
_STONE, _ROOF, _WOOD = (0.52, 0.47, 0.4), (0.13, 0.2, 0.3), (0.12, 0.08, 0.05)


def _island() -> list[meshes.Shape]:
    """Ground above, rock that hangs in spurs below."""
    around, rings = 220, 70
    angle = np.tile(np.arange(around) * 2 * np.pi / around, rings)
    ring = np.repeat(np.arange(rings), around) / (rings - 1)
    top = ring > 0.62
    # From the lowest tip out to the rim, then in again over the ground.
    radius = np.where(top, 1 - (ring - 0.62) / 0.38, (ring / 0.62) ** 0.62)
    outline = np.column_stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)])
    wide = 1 + 0.2 * meshes.fractal(outline * 1.3 + 5, 4)
    x, y = radius * wide * np.cos(angle), radius * wide * np.sin(angle)
    spurs = meshes.fractal(np.column_stack([x * 4.2, y * 4.2, ring * 0]), 4, 0.55)
    depth = -((1 - radius) ** 0.8) * (1.05 + 0.55 * spurs)
    ground = 0.05 * meshes.fractal(np.column_stack([x * 2.5, y * 2.5, x * 0]), 5) + 0.07 * np.exp(-(radius**2) / 0.12)
    z = np.where(top, ground, np.minimum(depth, 0.02))
    points = np.column_stack([x, y, z])
    rough = np.column_stack([meshes.fractal(points * 7 + shift, 5, 0.6) for shift in (0, 31, 67)])
    points += rough * np.where(top, 0.008, 0.075)[:, None] * np.minimum(1, 3 * radius + 0.2)[:, None]
    layers = 0.85 + 0.3 * meshes.fractal(np.column_stack([x * 2, y * 2, z * 14]), 4, 0.6)
    colour = np.where(top[:, None], np.array(_GRASS), np.array(_ROCK)) * layers[:, None]
    edge = np.abs(ring - 0.62) < 0.02
    colour[edge] = np.array(_EARTH)
    faces = [
        (r * around + a, r * around + (a + 1) % around, (r + 1) * around + (a + 1) % around, (r + 1) * around + a)
        for r in range(rings - 1)
        for a in range(around)
    ]
    return [meshes.Shape(points, faces, np.clip(colour, 0, 1))]


def _tower(at: tuple[float, float], radius: float, low: float, high: float, spire: float) -> list[meshes.Shape]:
    """A round tower with a wider top, battlements, windows and, where ``spire`` is above 0, a pointed roof."""
    r = radius
    body = [(r * 1.12, low), (r, low + 0.03), (r * 0.95, high - 1.6 * r), (r * 1.2, high - 1.1 * r), (r * 1.2, high)]
    parts = [meshes.turned([*body, (r * 1.05, high), (r * 1.05, high - 0.4 * r), (0, high - 0.4 * r)], 28, _STONE)]
    for angle in np.arange(10) * np.pi / 5:
        x, y = 1.12 * r * np.cos(angle), 1.12 * r * np.sin(angle)
        parts.append(
            meshes.box((x - 0.15 * r, y - 0.15 * r, high), (x + 0.15 * r, y + 0.15 * r, high + 0.35 * r), _STONE)
        )
    if spire > 0:
        roof = [
            (r * 1.3, high + 0.25 * r),
            (r * 0.75, high + 0.45 * spire),
            (r * 0.06, high + spire),
            (0, high + 1.1 * spire),
        ]
        parts.append(meshes.turned(roof, 28, _ROOF))
    for height in np.arange(low + 0.1, high - 2 * r, 0.09):
        for angle in (0.3, 2.4, 4.4):
            x, y = r * np.cos(angle + 7 * height), r * np.sin(angle + 7 * height)
            parts.append(
                meshes.box((x - 0.006, y - 0.006, height), (x + 0.006, y + 0.006, height + 0.03), (0.03, 0.03, 0.035))
            )
    return [part.moved((*at, 0)) for part in parts]


def _wall(start: tuple[float, float], end: tuple[float, float], low: float, high: float) -> list[meshes.Shape]:
    """A straight wall with battlements."""
    first, last = np.array(start), np.array(end)
    length = float(np.hypot(*(last - first)))
    along = (last - first) / length
    parts = [meshes.box((0, -0.018, low), (length, 0.018, high), _STONE)]
    for step in np.arange(0.01, length - 0.02, 0.034):
        parts.append(meshes.box((step, -0.02, high), (step + 0.018, 0.02, high + 0.02), _STONE))
    turn = np.array([[along[0], -along[1], 0], [along[1], along[0], 0], [0, 0, 1]])
    for part in parts:
        part.vertices = part.vertices @ turn.T + [*first, 0]
    return parts


def _castle() -> list[meshes.Shape]:
    corners = [(0.36 * np.cos(a), 0.3 * np.sin(a)) for a in np.radians((20, 80, 145, 210, 270, 330))]
    parts: list[meshes.Shape] = []
    for number, corner in enumerate(corners):
        parts += _tower(corner, 0.045, 0.0, 0.3 + 0.03 * (number % 3), 0.16)
        parts += _wall(corner, corners[(number + 1) % 6], 0.0, 0.2)
    parts += [
        meshes.box((-0.17, -0.12, 0.0), (0.15, 0.12, 0.38), _STONE),
        meshes.box((-0.1, -0.08, 0.38), (0.08, 0.08, 0.5), _STONE),
    ]
    roof = meshes.box((-0.18, -0.13, 0.38), (0.16, 0.13, 0.46), _ROOF)
    roof.vertices[4:, 1] *= 0.05
    parts.append(roof)
    for at, radius, high, spire in (
        ((-0.17, -0.12), 0.05, 0.56, 0.24),
        ((0.15, -0.12), 0.045, 0.5, 0.2),
        ((0.15, 0.12), 0.05, 0.62, 0.25),
        ((-0.17, 0.12), 0.04, 0.52, 0.2),
        ((0.0, 0.0), 0.065, 0.82, 0.34),
        ((0.1, 0.02), 0.03, 0.7, 0.2),
    ):
        parts += _tower(at, radius, 0.1, high, spire)
    return [part.moved((0, 0, 0.06), 1.35) for part in parts]


def _trees(random: np.random.Generator) -> list[meshes.Shape]:
    found = []
    ball = meshes.sphere(2)
    for _ in range(320):
        angle, radius = random.uniform(0, 2 * np.pi), random.uniform(0.42, 0.9)
        size = random.uniform(0.018, 0.04)
        bumps = 1 + 0.35 * meshes.fractal(ball.vertices * 2.5 + random.uniform(0, 99), 2)
        tone = np.array(_LEAF) * random.uniform(0.7, 1.5)
        crown = meshes.Shape(
            ball.vertices * bumps[:, None] * [1, 1, 1.25], ball.faces, np.tile(tone, (len(ball.vertices), 1))
        )
        found.append(crown.moved((radius * np.cos(angle), radius * np.sin(angle), 0.03 + size), size))
    return found


def build_castle() -> None:
    """The island, the castle and its trees, and two rocks that have come loose."""
    random = np.random.default_rng(5)
    middle = place(AWAY, *ISLAND)
    turn = np.radians(35)
    spin = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    stone = meshes.joined(_castle())
    stone.colours = stone.colours * (1 + 0.15 * meshes.fractal(stone.vertices * 9, 3))[:, None]
    for name, shape, smooth in (
        ("island", meshes.joined(_island()), True),
        ("castle", stone, False),
        ("trees", meshes.joined(_trees(random)), True),
    ):
        shape.vertices = shape.vertices @ spin.T
        meshes.add(shape.moved(middle, HALF), name, smooth=smooth)
    for offset, size in (((1.25, 0.2, -0.35), 0.09), ((-1.2, -0.3, -0.55), 0.13), ((0.9, -0.6, -0.9), 0.05)):
        rock = meshes.sphere(5)
        rock.vertices *= (1 + 0.4 * meshes.fractal(rock.vertices * 1.6 + size * 99, 5))[:, None]
        rock.colours = np.tile(np.array(_ROCK), (len(rock.vertices), 1))
        meshes.add(rock.moved(np.array(middle) + np.array(offset) * HALF, size * HALF), f"rock {size}")


def build(world: SkyWorld) -> None:
    """Adds the layers of the golden afternoon, far to near."""
    sun = direction_vector(*SUN)
    world.add_clear_sky(SUN, exposure=0.085, tint=(1.05, 0.98, 0.95), aerosol_density=1.2)
    world.add_layer("sun", SunDirection=sun, Disc=(300, 255, 195), Glow=(0.34, 0.28, 0.2), GlowAngle=0.04)
    world.add_layer(
        "cirrus",
        Coverage=0.5, Azimuth=60.0, SunDirection=sun, SunLight=(0.6, 0.52, 0.42), SkyLight=(0.16, 0.18, 0.21),
    )  # fmt: skip
    cloud = {
        "Cellular": 0.45, "Relief": 0.15, "Softness": 0.12, "Erosion": 0.62, "Octaves": 6.0, "SunDirection": sun,
        "SunLight": (2.1, 1.75, 1.35), "SkyLight": (0.2, 0.22, 0.26), "GroundLight": (0.12, 0.11, 0.1),
        "Forward": 0.7, "Spread": 0.55, "LightReach": 1.4, "Steps": 52,
    }  # fmt: skip
    world.add_layer(
        "cloud_layer",
        Base=1.6, Thickness=1.4, Coverage=0.5, Patchiness=0.6, PatchSize=10.0, CellSize=2.0, Extinction=28.0,
        Visibility=34.0, **cloud,
    )  # fmt: skip
    world.add_objects(Distance=AWAY, Visibility=45.0)
    world.add_layer(
        "cloud_layer",
        Base=0.6, Thickness=0.55, Coverage=0.34, Patchiness=0.9, PatchSize=5.0, CellSize=1.3, Extinction=16.0,
        Visibility=9.0, **cloud,
    )  # fmt: skip
    world.add_layer("ground_haze", Ground=(0.17, 0.16, 0.145))


if __name__ == "__main__":
    light = Light(sun=SUN, sunlight=(2.9, 2.2, 1.4), skylight=(0.3, 0.34, 0.4))
    tags = ("floating castle", "castle", "island", "fantasy", "clouds", "afternoon")
    main(Recipe("floating_castle", "Floating Castle", tags, build, objects=Objects(build_castle, light)))
