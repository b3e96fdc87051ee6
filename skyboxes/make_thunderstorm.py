# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the sky “Thunderstorm”, a loop: a low black base that drifts over, lit from within by lightning.

Run it with a Python that has Blender as a module, SKYAR_ENGINE_PYTHON naming the engine's Python:
`python skyboxes/make_thunderstorm.py`.
"""

from typing import Any

from making.loop import Flash, Layer, Loop, main
from making.world import Colour, SkyWorld, direction_vector

SUN = (-75.0, 20.0)
BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
DECK = {
    "Base": 0.9, "Thickness": 1.5, "Coverage": 0.97, "Patchiness": 0.95, "PatchSize": 6.5, "CellSize": 1.5,
    "Stretch": 1.7, "Cellular": 0.25, "Relief": 1.0, "Softness": 0.45, "Erosion": 0.6, "Octaves": 6.0,
    "Extinction": 40.0, "SunDirection": direction_vector(*SUN), "Forward": 0.5, "Spread": 0.5, "LightReach": 1.2,
    "Visibility": 13.0,
}  # fmt: skip
SCUD = {
    "Base": 0.5, "Thickness": 0.45, "Coverage": 0.44, "Patchiness": 0.95, "PatchSize": 3.4, "CellSize": 0.8,
    "Stretch": 2.0, "Cellular": 0.0, "Relief": 0.9, "Softness": 0.55, "Erosion": 0.7, "Octaves": 6.0,
    "Extinction": 8.0, "SunDirection": direction_vector(*SUN), "Forward": 0.3, "Visibility": 6.0,
}  # fmt: skip
FAR: dict[str, Colour] = {"Top": (0.10, 0.115, 0.13), "Horizon": (0.19, 0.215, 0.21)}

FLASHES = (
    Flash((1.5, 3.6, 1.35), (2.6, 2.7, 3.3), 2.2, ((1.0, 1.0, 0.05), (1.17, 0.6, 0.12)), bolt=True),
    Flash((-4.0, 3.2, 1.5), (3.6, 3.8, 4.7), 3.2, ((3.25, 0.55, 0.09), (3.5, 1.0, 0.16))),
    Flash((0.8, -4.6, 1.5), (3.2, 3.4, 4.3), 3.2, ((4.7, 0.9, 0.12),)),
)


def deck(world: SkyWorld, flash: Flash | None) -> None:
    """The storm's base, the far sky behind it and the land below."""
    if flash is None:
        world.add_layer("veil", **FAR, SunDirection=direction_vector(*SUN), SunGlow=0.35)
        lights: dict[str, Any] = {
            "SunLight": (0.02, 0.021, 0.021), "SkyLight": (0.135, 0.15, 0.17), "GroundLight": (0.008, 0.009, 0.01),
        }  # fmt: skip
        ground = (0.025, 0.027, 0.028)
    else:
        world.add_layer("veil", Top=BLACK, Horizon=BLACK, SunGlow=0.0)
        lights = {"SunLight": BLACK, "SkyLight": BLACK, "GroundLight": BLACK, **flash.inputs}
        ground = BLACK
    world.add_layer("cloud_layer", **DECK, **lights)
    world.add_layer("ground_haze", Ground=ground, Depth=0.16)


def scud(world: SkyWorld, flash: Flash | None) -> None:
    """Torn cloud below the base, over black."""
    lights: dict[str, Any] = {
        "SunLight": (0.007, 0.007, 0.007), "SkyLight": (0.05, 0.056, 0.063), "GroundLight": (0.006, 0.007, 0.0075),
    }  # fmt: skip
    if flash is not None:
        lights = {"SunLight": BLACK, "SkyLight": BLACK, "GroundLight": BLACK, **flash.inputs}
    world.add_layer("cloud_layer", **SCUD, **lights, Haze=BLACK)


def through_scud(world: SkyWorld) -> None:
    """White where nothing stands before the storm's base."""
    lights = {"SunLight": BLACK, "SkyLight": BLACK, "GroundLight": BLACK}
    # Far scud lets through what is behind it, so that it fades into that.
    world.add_layer("cloud_layer", **SCUD, **lights, Behind=WHITE, Haze=WHITE)


if __name__ == "__main__":
    main(
        Loop(
            "thunderstorm", "Thunderstorm", ("thunderstorm", "storm", "lightning", "dark", "animated", "rain"),
            (Layer(0.9, deck), Layer(0.5, scud, through_scud)), FLASHES, wind=(0.022, -0.018), rain=True,
            thumbnail_at=1.06,
        )
    )  # fmt: skip
