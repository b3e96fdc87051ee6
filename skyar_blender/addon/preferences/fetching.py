# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine may fetch, and where it keeps that and its speed: told in variables of its environment."""

from __future__ import annotations

import contextlib
from pathlib import Path

import bpy

from ...common.speeds import SPEEDS_VARIABLE, speeds_file
from .preferences import ROOT_PACKAGE


def fetching() -> dict[str, str]:
    """Variables for the engine: the extension's own folder, and whether Blender may use the network."""
    variables = {}
    with contextlib.suppress(ValueError):  # not an extension: the usual folder
        variables["SKYAR_CACHE"] = bpy.utils.extension_path_user(ROOT_PACKAGE, path="fetched")
    if not bpy.app.online_access:
        variables["SKYAR_OFFLINE"] = "1"
    speeds = speeds_path()
    if speeds is not None:
        variables[SPEEDS_VARIABLE] = str(speeds)
    return variables


def speeds_path() -> Path | None:
    """The file with how long earlier runs took; None where only the engine knows it."""
    own = None
    with contextlib.suppress(ValueError):
        own = Path(bpy.utils.extension_path_user(ROOT_PACKAGE)) / "speeds.json"
    return speeds_file(own)
