# SPDX-License-Identifier: GPL-3.0-or-later
"""In another language the sliders are said so, and the nodes keep the names that drivers and scripts know."""

from __future__ import annotations

from collections.abc import Iterator

import bpy
from hand import draw_all, picture, skyar
from shot import result_strip


def do() -> Iterator[float]:
    view, said = bpy.context.preferences.view, bpy.app.translations.pgettext_iface
    english, names = view.language, named()
    assert said("Sky Exposure") == "Sky Exposure"
    view.language = "de_DE"
    view.use_translate_interface = view.use_translate_tooltips = view.use_translate_new_dataname = True
    yield 1.0
    assert said("Sky Exposure") == "Himmelsbelichtung"
    assert named() == names and "Sky Exposure" in names
    draw_all()
    picture("german")
    view.language = english
    yield 1.0
    assert said("Sky Exposure") == "Sky Exposure"


def named() -> list[str]:
    """Of a result, and of the group as this language makes it."""
    with skyar("addon.nodes.group").made_anew():
        tree = skyar("addon.nodes.groups.composite").GROUP.tree()
        sockets = [item.name for item in tree.interface.items_tree if item.item_type == "SOCKET"]
    shown = skyar("addon.nodes.tree").group_node(result_strip().scene).inputs
    return [*(socket.name for socket in shown), *sockets]
