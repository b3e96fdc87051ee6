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


#: The Python that uv fetches where none fits.
MANAGED_PYTHON = "3.13"


@dataclass(frozen=True)
class SetupStep:
    """One command with the words that the person sees while it runs.

    Attributes:
        instead: another way to the same end, should the command fail; empty where it can be done without.
    """

    title: str
    command: tuple[str, ...]
    instead: tuple[str, ...] | None = None


# Builds that the package index does not serve by itself: uv knows where they are.
# "auto" finds the build that suits the driver, but falls back to the CPU without a word: _VERIFY looks at that.
_UV_BACKEND = {TorchBuild.CPU: "cpu", TorchBuild.CUDA: "auto", TorchBuild.ROCM: "auto"}

_PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar", "off")

# uv as a module of the Python that runs this. What pip was told of the index, and of the way there, holds for uv too.
_UV = """
import os, subprocess, sys
names = {"index-url": "UV_DEFAULT_INDEX", "find-links": "UV_FIND_LINKS", "no-index": "UV_NO_INDEX",
         "cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY"}
told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
for line in told.splitlines():
    name, _, value = line.partition("=")
    name, value = name.rpartition(".")[2], value.strip("'")
    if name in names and value:
        os.environ.setdefault(names[name], value)
sys.exit(subprocess.run([sys.executable, "-m", "uv", *sys.argv[1:]], stdin=subprocess.DEVNULL).returncode)
"""

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
    downloads: Path,
    fits: bool = True,
    wandb: bool = False,
    requirements: Path = REQUIREMENTS,
    modules: Sequence[str] = ENGINE_MODULES,
) -> list[SetupStep]:
    """The steps that make ``environment`` out of the interpreter ``base``: uv does the most of it, and pip what uv
    cannot.

    Args:
        base: makes the environment (:func:`.base_python.find_base_python`).
        environment: folder to make.
        build: which PyTorch.
        downloads: folder in which uv keeps what it has fetched, so that another set-up goes on there.
        fits: whether the engine can run on ``base``; if not, uv fetches a Python that it can run on.
        wandb: install the client of Weights & Biases too.
        requirements: folder with ``engine.lock``, ``installer.lock``, ``torch.lock``, ``wandb.lock``.
        modules: what the last step imports as a check.
    """
    python = str(python_of(environment))
    # Wheels only: nothing is compiled, and no package's own code runs while it is installed.
    locked = ("--require-hashes", "--only-binary", ":all:")
    tools = environment if fits else environment.with_name(f"{environment.name}-tools")
    tool = str(python_of(tools))
    cache = ("--no-config", "--cache-dir", str(downloads))

    def uv(title: str, lock: str, *options: str, pip: bool = True) -> SetupStep:
        listed = (*options, "-r", str(requirements / lock))
        command = (tool, "-c", _UV, "pip", "install", *cache, "--python", python, *listed)
        return SetupStep(title, command, (python, *_PIP, *listed) if pip and fits else None)

    steps = [
        SetupStep("Make an environment", (str(base), "-I", "-m", "venv", str(tools))),
        SetupStep(
            "Get the installer uv",
            (tool, *_PIP, *locked, "-r", str(requirements / "installer.lock")),
            () if fits and build not in _UV_BACKEND else None,
        ),
    ]
    if not fits:
        managed = ("venv", *cache, "--managed-python", "--python", MANAGED_PYTHON, "--seed", str(environment))
        steps.append(SetupStep("Fetch a Python", (tool, "-c", _UV, *managed)))
    steps.append(uv("Install the engine", "engine.lock", *locked))
    if build in _UV_BACKEND:
        backend = ("--torch-backend", _UV_BACKEND[build])
        steps.append(uv("Install torch", "torch.lock", *backend, pip=False))
    elif build is not TorchBuild.NONE:
        steps.append(uv("Install torch", "torch.lock", "--only-binary", ":all:"))
    if wandb:
        steps.append(uv("Install Weights & Biases", "wandb.lock", *locked))
    steps.append(SetupStep("Check", (python, "-c", _VERIFY, build, *modules)))
    return steps


def removal_step(base: Path, folders: Sequence[Path]) -> SetupStep:
    """Removes ``folders`` in a process of its own: that takes a while with a large environment."""
    return SetupStep("Clean up", (str(base), "-I", "-c", _REMOVE, *map(str, folders)))
