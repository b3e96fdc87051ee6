# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sky, its place and its light are asked by: the same property wherever it is asked for.

Each function makes a property to annotate a class with; ``options`` are those of Blender, ``SKIP`` for a property
that is not remembered from one use to the next.
"""

from __future__ import annotations

import math
from typing import Any

import bpy

from ..contract.job import DEFAULT_MATTE_METHOD, Look, Sky
from . import compat, sky_choice
from .motion.choices import MOTIONS
from .sky_world import search as sky_world_search

SKIP = frozenset({"SKIP_SAVE"})
REMEMBERED = frozenset({"ANIMATABLE"})  # the default of bpy.props

QUALITIES = (
    ("draft", "Draft", "A quick look"),
    ("normal", "Normal", "For most shots"),
    ("high", "High", "Finer edges and motion, slower"),
)
METHODS = (
    ("network", "Network (default)", "A trained network, helped by the clip's own colours where it is in doubt"),
    ("adaptive", "Adaptive (no network)", "Learns from the clip alone; needs neither weights nor their runtime"),
)
LIGHTS = (
    ("sky", "Sky", "The foreground takes the light of all that is seen of the new sky"),
    ("horizon", "Horizon", "The foreground takes the light of the lowest part of the new sky that is seen"),
    ("manual", "By Hand", "Tint and Light Change of the result are yours; no sky changes them"),
    ("off", "Off", "The foreground keeps its light"),
)
_HALF_TURN = math.pi


def sky(default: str, options: frozenset[str] = REMEMBERED) -> Any:
    """A sky by its name."""
    return bpy.props.StringProperty(
        name="Sky", description="Name of a sky", default=default, search=sky_choice.search, options=set(options)
    )


def sky_file(options: frozenset[str] = SKIP) -> Any:
    """A picture in place of a sky that has a name."""
    return bpy.props.StringProperty(
        name="Picture",
        description="A panorama, a picture or a movie of your own; counts in place of Sky",
        subtype="FILE_PATH",
        options=set(options | compat.RELATIVE_PATH),
    )


def sky_world() -> Any:
    """A World of the file by its name."""
    return bpy.props.StringProperty(
        name="World",
        description="A World of this file, rendered to a panorama first; counts in place of Sky and Picture",
        search=sky_world_search,
        options=set(SKIP),
    )


def sky_rotation(options: frozenset[str] = REMEMBERED) -> Any:
    """Radians to the right."""
    return bpy.props.FloatProperty(
        name="Turn",
        description="How far the sky is turned to the right",
        subtype="ANGLE",
        soft_min=-_HALF_TURN,
        soft_max=_HALF_TURN,
        options=set(options),
    )


def sky_raised(options: frozenset[str] = REMEMBERED) -> Any:
    """Radians up."""
    return bpy.props.FloatProperty(
        name="Raise",
        description="How far the sky's horizon is raised",
        subtype="ANGLE",
        min=-_HALF_TURN / 3,
        max=_HALF_TURN / 3,
        soft_min=-_HALF_TURN / 18,
        soft_max=_HALF_TURN / 18,
        options=set(options),
    )


def sky_mirror(options: frozenset[str] = REMEMBERED) -> Any:
    """Whether left is right."""
    return bpy.props.BoolProperty(name="Mirror", description="Swap left and right of the sky", options=set(options))


def sky_fov(options: frozenset[str] = REMEMBERED) -> Any:
    """Radians that the width of an ordinary picture fills."""
    return bpy.props.FloatProperty(
        name="Field of View",
        description="How much of the way around an ordinary picture fills; a panorama fills all",
        subtype="ANGLE",
        default=math.radians(Sky(source="any").field_of_view),
        min=math.radians(1),
        max=2 * _HALF_TURN,
        options=set(options),
    )


def keep_ground(options: frozenset[str] = REMEMBERED) -> Any:
    """Whether the ground stays in a photograph of a sky."""
    return bpy.props.BoolProperty(
        name="Keep Ground",
        description="Leave the ground in an ordinary picture; otherwise it is found and cut off",
        options=set(options),
    )


def aim_sun(options: frozenset[str] = REMEMBERED) -> Any:
    """Whether the new sun goes where the shot's light comes from."""
    return bpy.props.BoolProperty(
        name="Aim the Sun",
        description="Turn the sky so that its sun stands where the shot's light comes from; Turn goes on from there",
        options=set(options),
    )


def find_light(options: frozenset[str] = REMEMBERED) -> Any:
    """Whether it is found where the shot's light comes from."""
    return bpy.props.BoolProperty(
        name="Find Light",
        description="Find where the shot's light comes from",
        default=True,
        options=set(options),
    )


def light_from(options: frozenset[str] = REMEMBERED) -> Any:
    """Radians to the right."""
    return bpy.props.FloatProperty(
        name="Light From",
        description="Where the shot's light comes from: so far to the right of the middle of its first frame",
        subtype="ANGLE",
        soft_min=-_HALF_TURN,
        soft_max=_HALF_TURN,
        options=set(options),
    )


def sky_start(options: frozenset[str] = REMEMBERED) -> Any:
    """Seconds into a sky that moves."""
    return bpy.props.FloatProperty(
        name="Start",
        description="Seconds into a sky that moves, at the first frame",
        min=-86400.0,
        max=86400.0,
        soft_min=0.0,
        soft_max=60.0,
        options=set(options),
    )


def sky_speed(options: frozenset[str] = REMEMBERED) -> Any:
    """Times its own speed."""
    return bpy.props.FloatProperty(
        name="Speed",
        description="How many times as fast as its own a sky moves; 0 stands still",
        default=1.0,
        min=-100.0,
        max=100.0,
        soft_min=0.0,
        soft_max=4.0,
        options=set(options),
    )


def find_horizon(options: frozenset[str] = REMEMBERED) -> Any:
    """Whether the horizon is found rather than given."""
    return bpy.props.BoolProperty(
        name="Find Horizon",
        description="Find the height of the horizon in the first frame",
        default=True,
        options=set(options),
    )


def horizon(options: frozenset[str] = REMEMBERED) -> Any:
    """Heights of the picture from its lower edge up."""
    return bpy.props.FloatProperty(
        name="Horizon",
        description="Height of the horizon in the first frame: 0 is the lower edge of the picture, 1 the upper",
        default=0.5,
        min=-3.0,
        max=4.0,
        soft_min=0.0,
        soft_max=1.0,
        options=set(options),
    )


def wind(options: frozenset[str] = REMEMBERED) -> Any:
    """Degrees per second to the right."""
    return bpy.props.FloatProperty(
        name="Wind",
        description="Degrees per second by which the new sky drifts to the right; the report tells that of the old",
        min=-90.0,
        max=90.0,
        soft_min=-3.0,
        soft_max=3.0,
        options=set(options),
    )


def light(options: frozenset[str] = REMEMBERED) -> Any:
    """A ``LightMode`` of the contract."""
    return bpy.props.EnumProperty(
        name="Light",
        description="What the foreground takes of the new sky",
        items=LIGHTS,
        default=Look().light,
        options=set(options),
    )


def rain(options: frozenset[str] = REMEMBERED) -> Any:
    """0..1."""
    return bpy.props.FloatProperty(
        name="Rain",
        description="How much rain falls before the picture; if it is not touched, as much as the sky brings along",
        subtype="FACTOR",
        min=0.0,
        max=1.0,
        options=set(options),
    )


def reflections(options: frozenset[str] = REMEMBERED) -> Any:
    """0..1."""
    return bpy.props.FloatProperty(
        name="Reflections",
        description="How far water mirrors the new sky. For shots that show water: wet or smooth ground may be taken "
        "for it; at 0 none is looked for",
        subtype="FACTOR",
        min=0.0,
        max=1.0,
        options=set(options),
    )


def quality() -> Any:
    """A ``Quality`` of the contract."""
    return bpy.props.EnumProperty(
        name="Quality", description="Size at which sky and motion are analysed", items=QUALITIES, default="normal"
    )


def matte_method() -> Any:
    """A ``MatteMethodName`` of the contract."""
    return bpy.props.EnumProperty(
        name="Method", description="How the sky is found", items=METHODS, default=DEFAULT_MATTE_METHOD
    )


def motion() -> Any:
    """A ``Motion`` of the contract."""
    return bpy.props.EnumProperty(
        name="Motion", description="Where the motion of the camera comes from", items=MOTIONS, default="SOLVE"
    )


def output() -> Any:
    """A folder, or empty."""
    return bpy.props.StringProperty(
        name="Output",
        description="Folder for the files of the result; empty takes a new one as set in the preferences",
        subtype="DIR_PATH",
        options=set(SKIP | compat.RELATIVE_PATH),
    )


def ask() -> Any:
    """Whether a dialog comes first."""
    return bpy.props.BoolProperty(
        name="Ask", description="Show these choices first", default=True, options={"HIDDEN", "SKIP_SAVE"}
    )


def draw_light(layout: Any, operator: Any) -> None:
    """Aim the Sun, and where from unless it is to be found."""
    layout.prop(operator, "aim_sun")
    layout.prop(operator, "find_light")
    row = layout.row()
    row.enabled = not operator.find_light
    row.prop(operator, "light_from")


def chosen_light(operator: Any) -> float | None:
    """Degrees that :func:`light_from` says, which needs no other word; None where it is to be found."""
    said = operator.properties.is_property_set
    if operator.find_light if said("find_light") else not said("light_from"):
        return None
    return math.degrees(operator.light_from)


def draw_horizon(layout: Any, owner: Any) -> None:
    """Where the horizon is, and how the sky drifts."""
    layout.prop(owner, "find_horizon")
    row = layout.row()
    row.enabled = not owner.find_horizon
    row.prop(owner, "horizon")
    layout.prop(owner, "wind")
