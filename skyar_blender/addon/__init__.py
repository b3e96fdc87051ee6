# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that touches Blender.

``operators``  what the user starts            ``strips``   strip -> clip of a job
``panels``     the sidebar                     ``result``   output folder -> scene, strip, images
``menus``      entries in Blender's menus      ``nodes``    the compositor tree and its node group
``motion``     cameras that Blender knows
``compat``     what differs between versions of Blender, and nowhere else
"""

from __future__ import annotations

import bpy

from . import command, menus, operators, panels, translations
from .draft import leaving
from .jobs import automatic_bake, opened, runner, unwatched
from .panels import bars, thumbnails
from .preferences import engine_state, last_choices, preferences
from .properties import draft_properties, scene_properties
from .result import in_step, movie_or_nodes, refresh

_MODULES = (
    *(preferences, scene_properties, draft_properties),
    *operators.MODULES,
    menus,
    *panels.MODULES,
)


def register() -> None:
    """Make the add-on known to Blender."""
    for module in _MODULES:
        for cls in module.CLASSES:
            bpy.utils.register_class(cls)
    translations.register(cls for module in _MODULES for cls in module.CLASSES)
    scene_properties.register()
    draft_properties.register()
    last_choices.register()
    leaving.register()
    bars.register()
    thumbnails.register()
    menus.register()
    refresh.register()
    in_step.register()
    movie_or_nodes.register()
    opened.register()
    unwatched.register()
    automatic_bake.register()
    command.register()


def unregister() -> None:
    """Undo :func:`register`; whatever is at work ends."""
    runner.stop()
    automatic_bake.unregister()
    unwatched.unregister()
    opened.unregister()
    translations.unregister()
    leaving.unregister()
    engine_state.stop()
    command.unregister()
    movie_or_nodes.unregister()
    in_step.unregister()
    refresh.unregister()
    menus.unregister()
    thumbnails.unregister()
    bars.unregister()
    last_choices.unregister()
    draft_properties.unregister()
    scene_properties.unregister()
    for module in reversed(_MODULES):
        for cls in reversed(module.CLASSES):
            bpy.utils.unregister_class(cls)
