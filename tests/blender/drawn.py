# SPDX-License-Identifier: GPL-3.0-or-later
"""A layout that takes down what is drawn on it: Blender without a window has no other.

It takes only what a real one would: known functions with known arguments, icons, properties and operators. Import
only after ``conftest`` has started Blender.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType, SimpleNamespace
from typing import Any

import bpy

_FUNCTIONS = bpy.types.UILayout.bl_rna.functions
_SETTINGS = bpy.types.UILayout.bl_rna.properties
_NESTED = {"row", "column", "box", "split", "grid_flow"}


class Layout:
    """Stands for a ``UILayout``; ``calls`` has (function, arguments, what it returned) in order."""

    def __init__(self) -> None:
        object.__setattr__(self, "calls", [])

    def __setattr__(self, name: str, value: Any) -> None:
        setting = _SETTINGS[name]
        assert not setting.is_readonly
        if setting.type == "ENUM":
            assert value in setting.enum_items
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in _FUNCTIONS:
            raise AttributeError(name)

        def call(*arguments: Any, **options: Any) -> Any:
            known = _FUNCTIONS[name].parameters
            named = [each.identifier for each in known if not each.is_output]
            given = dict(zip(named, arguments, strict=False)) | options
            assert len(given) == len(arguments) + len(options) and set(given) <= set(named), (name, given)
            if "icon" in given:
                assert given["icon"] in known["icon"].enum_items, given["icon"]
            result = self._made(name, given)
            self.calls.append((name, given, result))
            return result

        return call

    def _made(self, name: str, given: dict[str, Any]) -> Any:
        if name in _NESTED:
            return Layout()
        if name == "panel":
            return Layout(), Layout()  # unfolded
        if name == "prop":
            assert given["property"] in given["data"].bl_rna.properties, given["property"]
        if name == "menu":
            assert hasattr(bpy.types, given["menu"])
        if name == "operator":
            module, _, function = given["operator"].partition(".")
            rna = getattr(getattr(bpy.ops, module), function).get_rna_type()
            return _OperatorProperties(rna)
        return None

    def all_calls(self) -> Iterator[tuple[str, dict[str, Any], Any]]:
        """The calls, those on layouts inside this one too, in the order in which one reads them."""
        for call in self.calls:
            yield call
            for made in call[2] if isinstance(call[2], tuple) else (call[2],):
                if isinstance(made, Layout):
                    yield from made.all_calls()

    def labels(self) -> list[str]:
        """The words of all labels."""
        return [given["text"] for name, given, _ in self.all_calls() if name == "label" and given.get("text")]

    def properties(self) -> list[str]:
        """Names of all properties."""
        return [given["property"] for name, given, _ in self.all_calls() if name == "prop"]

    def operators(self, name: str) -> list[Any]:
        """What all buttons of the operator ``name`` were given."""
        return [made for call, given, made in self.all_calls() if call == "operator" and given["operator"] == name]


class _OperatorProperties:
    def __init__(self, rna: Any) -> None:
        object.__setattr__(self, "_rna", rna)

    def __setattr__(self, name: str, value: Any) -> None:
        assert name in self._rna.properties, name
        object.__setattr__(self, name, value)


def drawn(cls: Any, context: Any = None, **attributes: Any) -> Layout:
    """What ``draw`` of the class draws, called as on an instance with ``attributes``."""
    instance = SimpleNamespace(layout=Layout(), **attributes)
    for name, value in vars(cls).items():
        if isinstance(value, FunctionType):
            setattr(instance, name, value.__get__(instance))
    cls.draw(instance, context or bpy.context)
    return instance.layout


def shown(cls: Any) -> bool:
    """Whether Blender would draw the panel now."""
    return not hasattr(cls, "poll") or bool(cls.poll(bpy.context))
