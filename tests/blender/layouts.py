# SPDX-License-Identifier: GPL-3.0-or-later
"""A layout that draws nothing and knows what it was asked for: without a window, panels are never drawn."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import bpy

_PARAMETERS = bpy.types.UILayout.bl_rna.functions
ICONS = set(_PARAMETERS["label"].parameters["icon"].enum_items.keys())


class FakeLayout:
    """Notes labels, properties and operators, and refuses what Blender's own layout would refuse."""

    def __init__(self, said: list[tuple[str, Any]] | None = None) -> None:
        self.said: list[tuple[str, Any]] = [] if said is None else said

    def row(self, **options: Any) -> FakeLayout:
        return self._part("row", options)

    def column(self, **options: Any) -> FakeLayout:
        return self._part("column", options)

    def box(self) -> FakeLayout:
        return FakeLayout(self.said)

    def separator(self, **_options: Any) -> None:
        pass

    def label(self, **options: Any) -> None:
        self._known("label", options)
        self.said.append(("label", options.get("text", "")))

    def progress(self, **options: Any) -> None:
        self._known("progress", options)
        self.said.append(("progress", options["text"]))

    def prop(self, data: Any, name: str, **options: Any) -> None:
        self._known("prop", options)
        assert name in data.bl_rna.properties, f"{data} has no {name}"
        self.said.append(("prop", name))

    def prop_search(self, data: Any, name: str, _collection: Any, found_in: str, **options: Any) -> None:
        self._known("prop_search", options)
        assert name in data.bl_rna.properties and found_in
        self.said.append(("prop", name))

    def operator(self, name: str, **options: Any) -> Any:
        self._known("operator", options)
        group, _, operator = name.partition(".")
        assert operator in dir(getattr(bpy.ops, group)), f"there is no {name}"
        asked = SimpleNamespace(text=options.get("text"), icon=options.get("icon"))
        self.said.append((name, asked))
        return asked

    def texts(self) -> list[str]:
        return [text for kind, text in self.said if kind in ("label", "progress")]

    def asked(self, name: str) -> list[Any]:
        return [asked for kind, asked in self.said if kind == name]

    def _part(self, kind: str, options: dict[str, Any]) -> FakeLayout:
        self._known(kind, options)
        return FakeLayout(self.said)

    def _known(self, function: str, options: dict[str, Any]) -> None:
        parameters = _PARAMETERS[function].parameters
        assert not set(options) - set(parameters.keys()), f"{function} does not know all of {options}"
        assert options.get("icon", "NONE") in ICONS, f"there is no icon {options['icon']}"


def drawn(cls: Any, operator: Any = None) -> FakeLayout:
    """What a panel draws now, or the dialog of an operator whose properties ``operator`` has."""
    layout = FakeLayout()

    class Stand:
        def __getattr__(self, name: str) -> Any:
            if operator is not None and name in operator.bl_rna.properties:
                return getattr(operator, name)
            value = getattr(cls, name)
            return value.__get__(self) if callable(value) else value

    stand = Stand()
    stand.layout = layout
    if operator is not None:
        stand.bl_rna = operator.bl_rna
    cls.draw(stand, bpy.context)
    return layout
