# SPDX-License-Identifier: GPL-3.0-or-later
"""Operators, one per file; a new one is listed here."""

from __future__ import annotations

from importlib import import_module

_NAMES = (
    "add_assets",
    "add_own_sky",
    "add_tracked_camera",
    "apply_as_modifier",
    "bake",
    "cancel",
    "change_sky",
    "check_engine",
    "choose_sky",
    "clear_mark",
    "clear_strokes",
    "copy_text",
    "dismiss",
    "draft_by_hand",
    "draft_frame",
    "draw_shadow",
    "favourite_sky",
    "go_on",
    "go_to_frames",
    "log_render",
    "make_to_measure",
    "mark_not_sky",
    "mark_sky",
    "match_shot",
    "play",
    "remove_assets",
    "remove_unused",
    "replace_sky",
    "setup_engine",
    "submit_farm_job",
    "try_skies",
    "wandb_login",
)
#: Those that Blender is to know.
MODULES = tuple(import_module(f"{__name__}.{name}") for name in _NAMES)
