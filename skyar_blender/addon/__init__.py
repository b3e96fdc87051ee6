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

from . import command, menus, translations
from .draft import leaving
from .jobs import automatic_bake, opened, runner, unwatched
from .operators import (
    add_assets,
    add_own_sky,
    add_tracked_camera,
    apply_as_modifier,
    bake,
    cancel,
    change_sky,
    check_engine,
    choose_sky,
    clear_mark,
    clear_strokes,
    copy_text,
    dismiss,
    draft_by_hand,
    draft_frame,
    draw_shadow,
    favourite_sky,
    go_on,
    go_to_frames,
    log_render,
    make_to_measure,
    mark_not_sky,
    mark_sky,
    match_shot,
    play,
    remove_assets,
    remove_unused,
    replace_sky,
    setup_engine,
    submit_farm_job,
    try_skies,
    wandb_login,
)
from .panels import (
    bars,
    draft,
    first,
    made_to_measure,
    marks,
    matte,
    messages,
    on_disk,
    sidebar,
    skies,
    sun,
    thumbnails,
    tracking,
    wandb,
)
from .preferences import engine_state, last_choices, preferences
from .properties import draft_properties, scene_properties
from .result import in_step, movie_or_nodes, refresh

_MODULES = (
    *(
        preferences,
        scene_properties,
        draft_properties,
        draft_frame,
        draft_by_hand,
        setup_engine,
        check_engine,
        replace_sky,
        change_sky,
        try_skies,
        submit_farm_job,
        cancel,
    ),
    *(add_tracked_camera, mark_sky, mark_not_sky, clear_mark, clear_strokes, menus),
    *(
        choose_sky,
        favourite_sky,
        add_own_sky,
        go_to_frames,
        draw_shadow,
        first,
        messages,
        sidebar,
        draft,
        skies,
        make_to_measure,
        match_shot,
        made_to_measure,
        matte,
        tracking,
        sun,
        wandb,
        marks,
    ),
    *(wandb_login, copy_text, log_render, dismiss),
    *(add_assets, remove_assets, apply_as_modifier, play, bake, go_on, remove_unused, on_disk),
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
