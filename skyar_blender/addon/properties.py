# SPDX-License-Identifier: GPL-3.0-or-later
"""Choices of the sidebar, kept with the scene."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from ..contract.job import DEFAULT_MATTE_METHOD
from . import compat, sky_choice
from .motion.choices import MOTIONS, is_camera
from .operators.replace_sky import METHODS, QUALITIES


class SkyarSceneSettings(bpy.types.PropertyGroup):
    """``scene.skyar``."""

    sky: bpy.props.StringProperty(name="Sky", description="Name of a sky", default="sunset", search=sky_choice.search)
    sky_file: bpy.props.StringProperty(
        name="Picture",
        description="A panorama or a picture of your own; counts in place of Sky",
        subtype="FILE_PATH",
        options={"ANIMATABLE"} | compat.RELATIVE_PATH,
    )
    quality: bpy.props.EnumProperty(
        name="Quality", description="Size at which sky and motion are analysed", items=QUALITIES, default="normal"
    )
    matte_method: bpy.props.EnumProperty(
        name="Method", description="How the sky is found", items=METHODS, default=DEFAULT_MATTE_METHOD
    )
    motion: bpy.props.EnumProperty(
        name="Motion", description="Where the motion of the camera comes from", items=MOTIONS, default="SOLVE"
    )
    camera: bpy.props.PointerProperty(
        name="Camera",
        description="The camera that moves as the real one did; none takes that of the scene",
        type=bpy.types.Object,
        poll=is_camera,
    )
    movie_clip: bpy.props.PointerProperty(
        name="Movie Clip",
        description="The movie clip whose camera was solved; none takes that of the strip's file",
        type=bpy.types.MovieClip,
    )


CLASSES = (SkyarSceneSettings,)


def register() -> None:
    """Attach the settings to scenes."""
    bpy.types.Scene.skyar = bpy.props.PointerProperty(type=SkyarSceneSettings)


def unregister() -> None:
    """Take them off again; what a .blend holds stays in it."""
    del bpy.types.Scene.skyar
