# SPDX-License-Identifier: GPL-3.0-or-later
"""The locks pin what ``pyproject.toml`` asks for, on every system and Python that is claimed.

Whether what they pin can be had is asked of the package index by ``make lock-check``.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from skyar_blender.bridge.base_python import VERSIONS_BY_SYSTEM
from skyar_blender.bridge.setup_steps import REQUIREMENTS

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: ``sys_platform``, ``platform_machine``, and the key in ``VERSIONS_BY_SYSTEM``.
SYSTEMS = (
    *(("linux", "x86_64", "others"), ("linux", "aarch64", "others"), ("win32", "AMD64", "others")),
    *(("darwin", "arm64", "others"), ("darwin", "x86_64", "intel mac")),
)
PLACES = [(*system[:2], version) for system in SYSTEMS for version in VERSIONS_BY_SYSTEM[system[2]]]
#: By lock, what of the optional dependencies is in it.
LOCKS = {"engine": (), "wandb": ("wandb",), "dev": ("dev", "wandb")}


def pinned(lock: str) -> list[tuple[Requirement, int]]:
    """The requirements of a lock, each with how many hashes it has."""
    text = re.sub(r"^#.*\n", "", (REQUIREMENTS / f"{lock}.lock").read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = text.replace("\\\n", " ").splitlines()
    return [(Requirement(entry.split("--hash=")[0]), entry.count("--hash=sha256:")) for entry in entries]


def versions(lock: str, environment: dict[str, str]) -> dict[str, list[str]]:
    """By package, which versions a lock installs in one place; one, unless the lock is wrong."""
    found: dict[str, list[str]] = {}
    for each, _ in pinned(lock):
        if each.marker is None or each.marker.evaluate(environment):
            (pin,) = each.specifier
            found.setdefault(canonicalize_name(each.name), []).append(pin.version)
    return found


def environment_of(system: str, machine: str, version: tuple[int, int]) -> dict[str, str]:
    minor = f"{version[0]}.{version[1]}"
    return {
        "sys_platform": system,
        "platform_machine": machine,
        "python_version": minor,
        "python_full_version": f"{minor}.0",
        "os_name": "nt" if system == "win32" else "posix",
        "platform_system": {"win32": "Windows", "darwin": "Darwin"}.get(system, "Linux"),
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }


@pytest.mark.parametrize("lock", ("engine", "wandb", "installer", "dev"))
def test_everything_is_pinned_to_one_version_by_hashes(lock: str) -> None:
    entries = pinned(lock)
    assert entries
    for each, hashes in entries:
        assert [pin.operator for pin in each.specifier] == ["=="] and hashes > 0, each


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_lock_has_what_is_asked_for(place: tuple[str, str, tuple[int, int]]) -> None:
    environment = environment_of(*place)
    engine = versions("engine", environment)
    for lock, extras in LOCKS.items():
        found = versions(lock, environment)
        assert {name: twice for name, twice in found.items() if len(twice) > 1} == {}, lock
        asked = [
            *PROJECT["dependencies"],
            *(each for extra in extras for each in PROJECT["optional-dependencies"][extra]),
        ]
        for wanted in map(Requirement, asked):
            if wanted.name == "skyar" or (wanted.marker is not None and not wanted.marker.evaluate(environment)):
                continue
            (version,) = found[canonicalize_name(wanted.name)]
            assert wanted.specifier.contains(version), f"{lock}: {wanted} is {version}; run: make lock"
        # What an artist has is what was tested, with Weights & Biases or without.
        assert {name: found[name] for name in engine} == engine, lock


def test_torch_has_the_version_that_is_asked_for_and_the_engines_safetensors() -> None:
    torch = {each.name: str(each.specifier) for each, _ in pinned("torch")}
    (wanted,) = map(Requirement, PROJECT["optional-dependencies"]["torch"])
    (safetensors,) = versions("engine", environment_of("linux", "x86_64", (3, 12)))["safetensors"]
    assert torch == {"torch": str(wanted.specifier), "safetensors": f"=={safetensors}"}
