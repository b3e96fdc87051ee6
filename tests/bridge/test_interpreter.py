# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Python runs the engine, and which one an environment is made from."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from skyar_blender.bridge.base_python import BasePython, find_base_python
from skyar_blender.bridge.interpreter import PYTHON_VARIABLE, find_python
from skyar_blender.bridge.managed import ManagedEnvironment, python_of
from skyar_blender.contract.errors import ErrorCode, SkyarError


def test_an_explicit_python_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = tmp_path / "an environment"
    python = python_of(environment)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    monkeypatch.setenv(PYTHON_VARIABLE, sys.executable)
    assert find_python(str(python), None) == python
    assert find_python(str(environment), None) == python, "the folder of an environment will do"
    assert find_python("", None) == Path(sys.executable)


@pytest.mark.parametrize("where", ["preference", "variable"])
def test_a_missing_explicit_python_is_never_replaced(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PYTHON_VARIABLE, "" if where == "preference" else str(tmp_path / "gone"))
    with pytest.raises(SkyarError) as caught:
        find_python(str(tmp_path / "gone") if where == "preference" else "", None)
    assert caught.value.code == ErrorCode.ENGINE_MISSING
    assert str(tmp_path / "gone") in caught.value.what


def test_an_environment_whose_base_has_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PYTHON_VARIABLE, raising=False)
    python = python_of(tmp_path / "engine-01234567")
    python.parent.mkdir(parents=True)
    python.symlink_to(tmp_path / "removed" / "python")
    (tmp_path / "current.json").write_text(json.dumps({"name": "engine-01234567"}))
    with pytest.raises(SkyarError) as caught:
        find_python("", tmp_path)
    assert "gone" in caught.value.why


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"name": "../elsewhere"}',
        '{"name": "engine-/../../x"}',
        f'{{"name": "engine-{"1" * 5000}"}}',
        "{}",
    ],
)
def test_a_damaged_pointer_names_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "current.json").write_text(text)
    environment = ManagedEnvironment(tmp_path)
    assert environment.current is None and environment.python is None


def test_finds_a_base_python() -> None:
    assert find_base_python(sys.executable) == BasePython(Path(sys.executable), fits=True)


@pytest.mark.skipif(os.name != "posix", reason="scripts as programs")
def test_says_why_no_python_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, answer in (("python3", "3|7|/old"), ("python", "3|13|/without")):
        script = tmp_path / name
        script.write_text(f"#!/bin/sh\necho '{answer}'\nexit 1\n")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SkyarError) as caught:
        find_base_python(None)
    assert caught.value.code == ErrorCode.ENGINE_MISSING
    assert "is Python 3.7" in caught.value.why and "lacks the modules venv and ensurepip" in caught.value.why


@pytest.mark.skipif(os.name != "posix", reason="scripts as programs")
def test_one_of_another_version_serves_where_none_fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "python3"
    script.write_text("#!/bin/sh\nprintf '3|15|/new\\nready\\n'\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_base_python(None) == BasePython(Path("/new"), fits=False)
    assert find_base_python(sys.executable) == BasePython(Path(sys.executable), fits=True)
