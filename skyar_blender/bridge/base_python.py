# SPDX-License-Identifier: GPL-3.0-or-later
"""A Python from which a virtual environment can be made."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..contract.errors import ErrorCode, SkyarError
from .launch import clean_environment

#: Versions for which the locked requirements have wheels, the best tried first. For Macs with processors of Intel
#: there is no ONNX Runtime for 3.14.
VERSIONS_BY_SYSTEM = {
    "others": ((3, 13), (3, 12), (3, 11), (3, 14)),
    "intel mac": ((3, 13), (3, 12), (3, 11)),
}
_INTEL_MAC = (sys.platform, platform.machine()) == ("darwin", "x86_64")
VERSIONS = VERSIONS_BY_SYSTEM["intel mac" if _INTEL_MAC else "others"]
#: From which on a Python can run the installer uv, which fetches another where that does not fit.
_LEAST_FOR_UV = (3, 8)
_PROBE = """
import sys
print(*sys.version_info[:2], sys.executable, sep="|")
import venv, ensurepip
print("ready")
"""
_PROBE_SECONDS = 20


@dataclass(frozen=True)
class BasePython:
    """An interpreter that can make virtual environments; ``fits``: the engine can run on its version."""

    path: Path
    fits: bool


def find_base_python(own: str | None) -> BasePython:
    """A Python 3.11 to 3.14 that can make virtual environments, or else one of another version that can.

    Args:
        own: Blender's interpreter (``sys.executable`` there), tried first; it is only used to make the
            environment, nothing is installed into it.

    Raises:
        SkyarError: ``engine_missing``; its ``why`` names what was tried.
    """
    tried: list[str] = []
    other: BasePython | None = None
    for command in _candidates(own):
        found, complaint = _probe(command)
        if found is not None and found.fits:
            return found
        other = other or found
        if complaint not in tried:
            tried.append(complaint)
    if other is not None:
        return other
    if sys.platform == "win32":
        todo = "Install Python 3.11 or later from python.org, then press Set Up Engine again."
    elif sys.platform == "darwin":
        todo = "Install Python 3.11 or later (python.org or Homebrew), then press Set Up Engine again."
    else:
        todo = "Install Python's venv module (Debian, Ubuntu: “apt install python3-venv”), then press again."
    raise SkyarError(
        ErrorCode.ENGINE_MISSING,
        "No Python was found that can make an environment for the engine.",
        f"Tried: {'; '.join(tried) or 'nothing, for there is none'}.",
        todo + " Or point Engine Python to a Python that has SkyAR's requirements.",
    )


def _candidates(own: str | None) -> Iterator[list[str]]:
    if own and Path(own).is_file():
        yield [own]
    if sys.platform == "win32" and (launcher := shutil.which("py")):
        for major, minor in VERSIONS:
            yield [launcher, f"-{major}.{minor}"]
    names = [f"python{major}.{minor}" for major, minor in VERSIONS]
    for name in [*names, "python3", "python"]:
        if path := shutil.which(name):
            yield [path]


def _probe(command: list[str]) -> tuple[BasePython | None, str]:
    """The interpreter behind ``command`` if it can make environments, and what is wrong with it."""
    name = " ".join(command)
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW
    try:
        answer = subprocess.run(
            [*command, "-I", "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env=clean_environment(),
            timeout=_PROBE_SECONDS,
            creationflags=flags,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None, f"{name} does not start"
    first, _, rest = answer.stdout.partition("\n")
    major, _, version_rest = first.partition("|")
    minor, _, executable = version_rest.partition("|")
    if not (major.isdigit() and minor.isdigit() and executable):
        return None, f"{name} does not start"
    version = int(major), int(minor)
    ready = rest.strip() == "ready" and version >= _LEAST_FOR_UV
    if version not in VERSIONS:
        return BasePython(Path(executable), False) if ready else None, f"{name} is Python {major}.{minor}"
    if not ready:
        return None, f"{name} lacks the modules venv and ensurepip"
    return BasePython(Path(executable), True), ""
