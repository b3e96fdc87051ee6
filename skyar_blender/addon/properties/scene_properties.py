# SPDX-License-Identifier: GPL-3.0-or-later
"""Choices of the sidebar, kept with the scene."""

# No `from __future__ import annotations` here: Blender reads the properties off the annotations.

import bpy

from ..motion.choices import is_camera
from . import option_properties, sky_properties


@option_properties.keeps_options_of("replace")
class SkyarSceneSettings(bpy.types.PropertyGroup):
    """``scene.skyar``."""

    sky: sky_properties.sky(default="sunset")
    sky_file: sky_properties.sky_file(option_properties.REMEMBERED)
    sky_world: bpy.props.PointerProperty(
        name="World",
        description="A World of this file as the sky; counts in place of Sky and Picture",
        type=bpy.types.World,
    )
    sky_search: bpy.props.StringProperty(
        name="Search", description="Words in names and tags of skies", options={"TEXTEDIT_UPDATE"}
    )
    only_favourites: bpy.props.BoolProperty(
        name="Favourites", description="Show favourite skies alone", options={"SKIP_SAVE"}
    )
    all_skies: bpy.props.BoolProperty(
        name="All Skies", description="Show all skies, not only the first ones", options={"SKIP_SAVE"}
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
    bpy.types.Scene.skyar = bpy.props.PointerProperty(type=SkyarSceneSettings)  # type: ignore[attr-defined]


def unregister() -> None:
    """Take them off again; what a .blend holds stays in it."""
    del bpy.types.Scene.skyar  # type: ignore[attr-defined]
