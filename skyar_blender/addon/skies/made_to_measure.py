# SPDX-License-Identifier: GPL-3.0-or-later
"""The World “Made to Measure”: a sky by sliders, rendered as any other World when it becomes a shot's sky."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...common.sky_library import skyboxes_folder
from ...contract.report import SunFigures

NAME = "Made to Measure"
#: Name of its node group, and of that one's input for the sun's azimuth.
NODE, SUN_DIRECTION = "SkyAR Made to Measure", "Sun Direction"
HELP = "A sky by its sun, its air, its clouds and its stars: the inputs of its node are live"
TAGS = ("clouds", "sun", "sunset", "night", "procedural")
#: Least and most width of its panorama, which is rendered at this many times the width of the shot.
_LEAST, _MOST, _PER_SHOT = 512, 8192, 8 / 3


def controls_of(world: Any) -> Any:
    """The node whose inputs are the sliders of ``world``; None where it has none."""
    nodes = world.node_tree.nodes if world is not None and world.node_tree else ()
    groups = [node for node in nodes if node.type == "GROUP" and node.node_tree]
    return next((node for node in groups if node.node_tree.name.startswith(NODE)), None)


def width_for(shot: int) -> int:
    """Width of the panorama for a shot of that width, in pixels."""
    return min(max(512 * round(_PER_SHOT * shot / 512), _LEAST), _MOST)


def aim(world: Any, suns: SunFigures, turn: float) -> float:
    """Let the sun stand where the shot's light comes from, where the sky is turned by ``turn`` degrees to the right.

    The azimuth that was set, degrees to the right of the sky's middle.
    """
    azimuth = (suns.light_from - turn + 180) % 360 - 180
    controls_of(world).inputs[SUN_DIRECTION].default_value = azimuth
    return azimuth


def thumbnail() -> Path:
    """A picture of it, as it is when it is new."""
    return skyboxes_folder() / "made_to_measure" / "thumbnail.jpg"
