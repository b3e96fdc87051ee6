# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties by which a sky, a camera and an output folder are chosen, wherever they are; options of a job are
:mod:`.option_properties`.

Each function makes a property to annotate a class with.
"""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat
from ..bases import PropertyFlag
from ..motion.choices import search_cameras, search_clips
from ..skies import sky_choice
from ..skies.sky_world import search as sky_world_search
from .option_properties import REMEMBERED, SKIP


def sky(default: str, options: frozenset[PropertyFlag] = REMEMBERED) -> Any:
    """A sky by its name."""
    return bpy.props.StringProperty(
        name="Sky", description="Name of a sky", default=default, search=sky_choice.search, options=set(options)
    )


def sky_file(options: frozenset[PropertyFlag] = SKIP) -> Any:
    """An image in place of a sky that has a name."""
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


def camera() -> Any:
    """A camera by its name."""
    return bpy.props.StringProperty(
        name="Camera",
        description="Name of the camera that moves as the real one did; empty takes that of the scene",
        search=search_cameras,
        options=set(SKIP),
    )


def movie_clip() -> Any:
    """A movie clip by its name."""
    return bpy.props.StringProperty(
        name="Movie Clip",
        description="Name of the movie clip whose camera was solved; empty takes that of the strip's file",
        search=search_clips,
        options=set(SKIP),
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
