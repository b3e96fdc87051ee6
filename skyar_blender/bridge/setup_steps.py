# SPDX-License-Identifier: GPL-3.0-or-later
"""What Set Up Engine runs, command by command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .managed import python_of

#: The locked requirements that ship with SkyAR.
REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"

#: What the engine imports; the last step tries them all.
ENGINE_MODULES = (
    *("numpy", "cv2", "av", "OpenEXR", "scipy.ndimage", "onnxruntime", "safetensors"),
    *("msgspec", "typer", "rich"),
)


class TorchBuild(StrEnum):
    """Which build of PyTorch the managed environment gets."""

    NONE = "NONE"
    DEFAULT = "DEFAULT"
    CPU = "CPU"
    CUDA = "CUDA"
    ROCM = "ROCM"
    APPLE = "APPLE"


@dataclass(frozen=True)
class SetupStep:
    """One command with the words that the person sees while it runs."""

    title: str
    command: tuple[str, ...]


# Builds that the package index does not serve by itself: uv knows where they are.
# "auto" finds the build that suits the driver, but falls back to the CPU without a word: _VERIFY looks at that.
_UV_BACKEND = {TorchBuild.CPU: "cpu", TorchBuild.CUDA: "auto", TorchBuild.ROCM: "auto"}

_PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar", "off")

_VERIFY = """
import importlib, sys
build, *modules = sys.argv[1:]
for name in modules:
    importlib.import_module(name)
if build != "NONE":
    import torch
    print("torch", torch.__version__)
    works = {
        "CUDA": lambda: torch.version.cuda and torch.cuda.is_available(),
        "ROCM": lambda: torch.version.hip and torch.cuda.is_available(),
        "APPLE": lambda: torch.backends.mps.is_available(),
    }.get(build, lambda: True)
    if not works():
        sys.exit(f"This torch ({torch.__version__}) finds no {build} device: its driver is missing or too old.")
    device = {"CUDA": "cuda", "ROCM": "cuda", "APPLE": "mps"}.get(build, "cpu")
    torch.ones(2, device=device).sum().item()
"""

_REMOVE = """
import shutil, sys
for path in sys.argv[1:]:
    shutil.rmtree(path, ignore_errors=True)
"""


def setup_steps(
    base: Path,
    environment: Path,
    build: TorchBuild,
    *,
    wandb: bool = False,
    requirements: Path = REQUIREMENTS,
    modules: Sequence[str] = ENGINE_MODULES,
) -> list[SetupStep]:
    """The steps that make ``environment`` out of the interpreter ``base``.

    Args:
        base: makes the environment (:func:`.base_python.find_base_python`).
        environment: folder to make.
        build: which PyTorch.
        wandb: install the client of Weights & Biases too.
        requirements: folder with ``engine.lock``, ``installer.lock``, ``torch.lock``, ``wandb.lock``.
        modules: what the last step imports as a check.
    """
    python = str(python_of(environment))

    def pip(title: str, lock: str, *options: str) -> SetupStep:
        return SetupStep(title, (python, *_PIP, *options, "-r", str(requirements / lock)))

    # Wheels only: nothing is compiled, and no package's own code runs while it is installed.
    locked = ("--require-hashes", "--only-binary", ":all:")
    steps = [
        SetupStep("Make an environment", (str(base), "-I", "-m", "venv", str(environment))),
        pip("Install the engine", "engine.lock", *locked),
    ]
    if build in _UV_BACKEND:
        backend = ("--torch-backend", _UV_BACKEND[build])
        uv = (python, "-m", "uv", "pip", "install", "--no-config", "--no-progress", "--python", python, *backend)
        steps += [
            pip("Install the installer of torch", "installer.lock", *locked),
            SetupStep(f"Install torch ({build})", (*uv, "-r", str(requirements / "torch.lock"))),
        ]
    elif build is not TorchBuild.NONE:
        steps.append(pip("Install torch", "torch.lock", "--only-binary", ":all:"))
    if wandb:
        steps.append(pip("Install Weights & Biases", "wandb.lock", *locked))
    steps.append(SetupStep("Check", (python, "-c", _VERIFY, build, *modules)))
    return steps


def removal_step(base: Path, folders: Sequence[Path]) -> SetupStep:
    """Removes ``folders`` in a process of its own: that takes a while with a large environment."""
    return SetupStep("Clean up", (str(base), "-I", "-c", _REMOVE, *map(str, folders)))
