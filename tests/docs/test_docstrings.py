# SPDX-License-Identifier: GPL-3.0-or-later
"""Who reads the engine learns the shape of each array from its type's name or from the docstring."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[2] / "skyar_blender" / "engine"
#: Types that say nothing of the shape; the others of ``types.py`` do.
_ANY_SHAPE = re.compile(r"\b(ndarray|NDArray|Float32Array|Float64Array)\b")
#: ``(height, width)``, the word itself, or another function that says it.
_SHAPE = re.compile(r"\([\w.][\w./+* ]*,[^)]*\)|\bshape\b|:(func|meth):")


def public_functions(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node)


def without_shape(path: Path) -> list[str]:
    """Functions that take or give arrays and do not say of which shape."""
    found = []
    for function in public_functions(ast.parse(path.read_text(encoding="utf-8"))):
        given = [each.annotation for each in (*function.args.args, *function.args.kwonlyargs)] + [function.returns]
        types = " ".join(ast.unparse(each) for each in given if each is not None)
        if _ANY_SHAPE.search(types) and not _SHAPE.search(ast.get_docstring(function) or ""):
            found.append(f"{function.name}, line {function.lineno}")
    return found


def test_arrays_have_a_shape() -> None:
    missing = {str(each.relative_to(ENGINE)): without_shape(each) for each in sorted(ENGINE.rglob("*.py"))}
    assert not {name: functions for name, functions in missing.items() if functions}


def test_one_that_says_nothing_is_found(tmp_path: Path) -> None:
    mute = tmp_path / "mute.py"
    mute.write_text('def twice(image: NDArray[np.uint8]) -> Matte:\n    """Twice."""\n')
    assert without_shape(mute) == ["twice, line 1"]
