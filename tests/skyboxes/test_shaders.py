# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipes name parameters that their shaders have: rendering, which would tell, is too long for a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SKYBOXES = Path(__file__).parents[2] / "skyboxes"
RECIPES = [path for path in sorted(SKYBOXES.rglob("*.py")) if "add_layer(" in path.read_text(encoding="utf-8")]


def parameters(shader: str) -> set[str]:
    """The input parameters of ``making/shaders/<shader>.osl``."""
    source = (SKYBOXES / "making" / "shaders" / f"{shader}.osl").read_text(encoding="utf-8")
    head = source[source.index(f"shader {shader}(") :].split("{")[0]
    return set(re.findall(r"^\s*(?:float|int|color|vector|point|normal) (\w+) =", head, re.MULTILINE))


def layers(path: Path) -> list[tuple[str, list[str]]]:
    """Each layer that a file adds: its shader, and the parameters that are given by name."""
    calls = [each for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(each, ast.Call)]
    return [
        (str(call.args[0].value), [each.arg for each in call.keywords if each.arg])
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "add_layer"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_parameters_are_there(path: Path) -> None:
    found = layers(path)
    assert found
    for shader, given in found:
        assert set(given) <= parameters(shader), shader
