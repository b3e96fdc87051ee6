# SPDX-License-Identifier: GPL-3.0-or-later
"""Take it away, and the add-on too."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import watching
from hand import act, picture, skyar
from shot import strips


def do() -> Iterator[float]:
    for strip in strips():
        strip.select = True
    act("sequencer.delete")
    yield 1.0
    found = skyar("addon.compat").all_strips(bpy.context.scene.sequence_editor)
    assert not [strip for strip in found if strip.type == "SCENE"]
    watching.end()
    bpy.ops.preferences.addon_disable(module="bl_ext.user_default.skyar")
    yield 2.0
    picture("removed")
    bpy.ops.preferences.addon_enable(module="bl_ext.user_default.skyar")  # for the steps to come
    yield 1.0
    watching.begin()
