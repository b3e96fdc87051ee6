# SPDX-License-Identifier: GPL-3.0-or-later
"""PyTorch is fetched for a graphics card that answers, and not otherwise."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from skyar_blender.bridge import graphics
from skyar_blender.bridge.setup_steps import TorchBuild


@pytest.mark.parametrize(
    ("system", "machine", "nvidia", "amd", "build"),
    [
        ("linux", "x86_64", "GPU 0: some card (UUID: GPU-1)\n", False, "CUDA"),
        ("linux", "x86_64", "No devices were found\n", False, "NONE"),
        ("linux", "x86_64", OSError("no such driver"), False, "NONE"),
        ("linux", "x86_64", subprocess.TimeoutExpired("nvidia-smi", 10), True, "ROCM"),
        ("linux", "x86_64", None, True, "ROCM"),
        ("linux", "x86_64", None, False, "NONE"),
        ("win32", "AMD64", "GPU 0: some card (UUID: GPU-1)\n", False, "CUDA"),
        ("win32", "AMD64", None, True, "NONE"),
        ("darwin", "arm64", None, False, "APPLE"),
        ("darwin", "x86_64", None, False, "NONE"),
    ],
)
def test_the_build_is_that_of_the_card(system, machine, nvidia, amd, build, monkeypatch, tmp_path):
    def run(*_: object, **__: object) -> SimpleNamespace:
        if isinstance(nvidia, Exception):
            raise nvidia
        return SimpleNamespace(returncode=0, stdout=nvidia)

    monkeypatch.setattr(graphics.sys, "platform", system)
    monkeypatch.setattr(graphics.platform, "machine", lambda: machine)
    monkeypatch.setattr(graphics.shutil, "which", lambda _: None if nvidia is None else "/bin/nvidia-smi")
    monkeypatch.setattr(graphics.subprocess, "run", run)
    monkeypatch.setattr(graphics, "_AMD", tmp_path if amd else Path("/nowhere/kfd"))
    assert graphics.build_for_graphics() is TorchBuild(build)
