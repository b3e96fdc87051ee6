# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks at everything that a job needs, and runs one frame through it."""

from __future__ import annotations

import importlib
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..common.sky_library import list_skies
from ..contract.errors import SkyarError
from ..contract.job import DEFAULT_MATTE_METHOD, Clip, Job, Settings, Sky
from .process.devices import available_devices, torch_installed

_PACKAGES = {
    "numpy": "numpy",
    "OpenCV": "cv2",
    "PyAV": "av",
    "OpenEXR": "OpenEXR",
    "SciPy": "scipy",
    "ONNX Runtime": "onnxruntime",
}
_LEAST_FREE = 2 * 2**30


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the check: ``value`` is what was found, ``todo`` what to do when ``ok`` is false."""

    name: str
    ok: bool
    value: str
    todo: str = ""


def check_engine(disk: Path) -> list[Finding]:
    """All findings; ``disk`` is where results would go. Takes a few seconds, raises nothing."""
    findings = [_interpreter()]
    findings += [_package(name, module) for name, module in _PACKAGES.items()]
    findings += [_torch(), _device(), _weights(), _skies(), _disk(disk)]
    findings.append(_one_frame())
    return findings


def _interpreter() -> Finding:
    return Finding(
        name="interpreter",
        ok=sys.version_info >= (3, 11),
        value=f"Python {platform.python_version()}, {sys.executable}",
        todo="Use Python 3.11 or newer.",
    )


def _package(name: str, module: str) -> Finding:
    try:
        version = str(getattr(importlib.import_module(module), "__version__", "installed"))
        return Finding(name=name, ok=True, value=version)
    except ImportError as error:
        return Finding(name=name, ok=False, value=str(error), todo="Run Set Up Engine again, or install the package.")


def _torch() -> Finding:
    if not torch_installed():
        return Finding(name="torch", ok=True, value="not installed; only a GPU needs it")
    try:
        import torch

        return Finding(name="torch", ok=True, value=str(torch.__version__))
    except (ImportError, OSError) as error:
        return Finding(name="torch", ok=False, value=str(error), todo="Run Set Up Engine again for your device.")


def _device() -> Finding:
    try:
        return Finding(name="device", ok=True, value=", ".join(available_devices()))
    except (ImportError, OSError, RuntimeError) as error:
        return Finding(name="device", ok=False, value=str(error), todo="Update the driver of the GPU.")


def _weights() -> Finding:
    """The shipped weights, whole and runnable; without them the default method must be one that needs none."""
    try:
        from ..engine.matte.network.method import NetworkMatte
        from ..engine.matte.network.weights import shipped_metadata

        NetworkMatte()
        metadata = shipped_metadata()
        return Finding(name="weights", ok=True, value=f"{metadata.get('name')} {metadata.get('version')}")
    except SkyarError as error:
        needed = DEFAULT_MATTE_METHOD == "network"
        return Finding(name="weights", ok=not needed, value=f"{error.what} {error.why}", todo=error.todo)
    except ImportError as error:
        return Finding(name="weights", ok=False, value=str(error), todo="Run Set Up Engine again.")


def _skies() -> Finding:
    try:
        missing = [sky.name for sky in list_skies() if not sky.image.is_file()]
        names = ", ".join(sky.name for sky in list_skies())
    except SkyarError as error:
        return Finding(name="skies", ok=False, value=error.what, todo=error.todo)
    if missing or not names:
        return Finding(
            name="skies",
            ok=False,
            value=f"missing: {', '.join(missing) or 'all'}",
            todo="Install SkyAR again: the pictures of its skies are not complete.",
        )
    return Finding(name="skies", ok=True, value=names)


def _disk(place: Path) -> Finding:
    while not place.exists() and place != place.parent:
        place = place.parent
    free = shutil.disk_usage(place).free
    return Finding(
        name="free disk",
        ok=free >= _LEAST_FREE,
        value=f"{free / 2**30:.1f} GB at {place}",
        todo="Free some space: a minute of 1080p takes about 1 GB.",
    )


def _one_frame() -> Finding:
    start = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="skyar-check-") as folder:
            _replace_one_frame(Path(folder))
    except SkyarError as error:
        return Finding(name="one frame", ok=False, value=f"{error.what} {error.why}", todo=error.todo)
    except Exception as error:
        return Finding(
            name="one frame",
            ok=False,
            value=f"{type(error).__name__}: {error}",
            todo="Run Set Up Engine again; if that does not help, report this line.",
        )
    return Finding(name="one frame", ok=True, value=f"replaced in {time.monotonic() - start:.1f} s")


def _replace_one_frame(folder: Path) -> None:
    import numpy as np

    from ..engine.media.images import read_matte_png, write_png
    from .process.control import CancelToken
    from .run.run_job import run_job

    random = np.random.default_rng(1)
    image = np.full((120, 160, 3), (150, 180, 220), np.uint8)
    image[70:] = random.integers(20, 110, (50, 160, 3))
    write_png(folder / "frame.png", image)
    job = Job(
        clip=Clip(path=str(folder), kind="sequence", files=["frame.png"]),
        sky=Sky(source=list_skies()[0].name),
        output=str(folder / "out"),
        settings=Settings(quality="draft"),
    )
    silent: Callable[[object], None] = lambda event: None  # noqa: E731
    run_job(job, silent, CancelToken())
    matte = read_matte_png(folder / "out" / "matte" / "000001.png")
    if not matte[:50].mean() > 60000 > 5000 > matte[90:].mean():
        raise ValueError("the matte of a plain picture is wrong")
