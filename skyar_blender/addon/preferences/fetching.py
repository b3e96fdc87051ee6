# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine may fetch, and where it keeps that: told in variables of its environment."""

from __future__ import annotations

import contextlib

import bpy

from .preferences import ROOT_PACKAGE


def fetching() -> dict[str, str]:
    """Variables for the engine: the extension's own folder, and whether Blender may use the network."""
    variables = {}
    with contextlib.suppress(ValueError):  # not an extension: the usual folder
        variables["SKYAR_CACHE"] = bpy.utils.extension_path_user(ROOT_PACKAGE, path="fetched")
    if not bpy.app.online_access:
        variables["SKYAR_OFFLINE"] = "1"
    return variables
