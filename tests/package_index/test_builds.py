# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is locked has builds for every system and Python that is claimed: the package index is asked for them.

``make lock-check``, as it takes a minute of waiting for the network; what the locks say by themselves is tested in
``tests/bridge/test_locks.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from skyar_blender.bridge.base_python import VERSIONS_BY_SYSTEM
from skyar_blender.bridge.environment import LEAST_MACOS
from skyar_blender.bridge.setup_steps import REQUIREMENTS

#: By the names that uv has for them, the key in ``VERSIONS_BY_SYSTEM``.
SYSTEMS = {
    "x86_64-unknown-linux-gnu": "others",
    "aarch64-unknown-linux-gnu": "others",
    "x86_64-pc-windows-msvc": "others",
    "aarch64-apple-darwin": "others",
    "x86_64-apple-darwin": "intel mac",
}
LOCKS = ("engine", "wandb", "installer")
#: What uv says where it cannot ask the index at all.
_NO_INDEX = ("dns error", "error sending request", "Network is unreachable", "timed out")


def resolved(system: str, version: tuple[int, int], lock: str, macos: int = LEAST_MACOS) -> tuple[bool, str]:
    """Whether uv finds a build of each package, and what it said."""
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--no-config",
        "--dry-run",
        "--no-deps",
        "--require-hashes",
    ]
    command += [
        "--only-binary",
        ":all:",
        "--python-platform",
        system,
        "--python-version",
        ".".join(map(str, version)),
    ]
    command += ["--target", "nowhere", "-r", str(REQUIREMENTS / f"{lock}.lock")]
    environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": f"{macos}.0"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    if done.returncode and any(sign in done.stderr for sign in _NO_INDEX):
        if os.environ.get("CI"):
            pytest.fail(f"the package index does not answer: {done.stderr[-500:]}")
        pytest.skip(f"the package index does not answer: {done.stderr[-200:]}")
    return done.returncode == 0, done.stderr


def test_every_lock_has_builds_for_all_that_is_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = [
        (system, version, lock)
        for system, kind in SYSTEMS.items()
        for version in VERSIONS_BY_SYSTEM[kind]
        for lock in LOCKS
    ]
    assert len(wanted) == 57
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda each: resolved(*each), wanted))
    missing = {each: said[-300:] for each, (whole, said) in zip(wanted, found, strict=True) if not whole}
    assert not missing


def test_an_older_macos_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the claim is no more modest than it must be, and the test above can fail."""
    monkeypatch.chdir(tmp_path)
    whole, said = resolved("aarch64-apple-darwin", (3, 12), "engine", LEAST_MACOS - 1)
    assert not whole and "Wheels are required" in said
