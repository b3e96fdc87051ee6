# SPDX-License-Identifier: GPL-3.0-or-later
"""The zip, by Preferences > Get Extensions > Install from Disk."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from hand import ZIP


def do() -> Iterator[float]:
    bpy.ops.extensions.package_install_files(filepath=str(ZIP), repo="user_default", enable_on_install=True)
    yield 1.0
    assert "bl_ext.user_default.skyar" in bpy.context.preferences.addons, "the extension is not enabled"
