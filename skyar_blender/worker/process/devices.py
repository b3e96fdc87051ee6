# SPDX-License-Identifier: GPL-3.0-or-later
"""Which device the work runs on."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import logging
import sys

from ...contract.errors import ErrorCode, SkyarError
from ...contract.job import Device

_log = logging.getLogger("skyar")


def choose_device(wanted: Device, gpu_helps: bool) -> str:
    """``cpu``, or a GPU: the one asked for by name, or with ``auto`` the one that can be used, if ``gpu_helps``.

    With ``auto`` a torch that cannot be loaded means that no GPU can be used; the log tells of it.

    Raises:
        SkyarError: ``device_unavailable``; an asked-for GPU is never quietly replaced by the processor.
    """
    if wanted == "cpu" or (wanted == "auto" and not (gpu_helps and _gpu_possible())):
        return "cpu"
    try:
        found = available_devices()
    except (ImportError, OSError, RuntimeError) as error:
        if wanted == "auto":
            _log.warning("torch cannot be loaded, so that no GPU is used: %s: %s", type(error).__name__, error)
            return "cpu"
        raise SkyarError(
            ErrorCode.DEVICE_UNAVAILABLE,
            "torch is installed but cannot be loaded, so no GPU can be looked for.",
            f"{type(error).__name__}: {error}",
            "Run Set Up Engine again, or choose the device “cpu”.",
        ) from error
    if wanted == "auto":
        return found[-1]
    if wanted not in found:
        why = f"torch sees only: {', '.join(found)}." if torch_installed() else "torch is not installed."
        raise SkyarError(
            ErrorCode.DEVICE_UNAVAILABLE,
            f"The device “{wanted}” cannot be used.",
            why,
            "Run Set Up Engine for that device, or choose the device “auto” or “cpu”.",
        )
    return wanted


def torch_installed() -> bool:
    """Whether torch can be imported, without importing it (which takes seconds)."""
    return importlib.util.find_spec("torch") is not None


def _gpu_possible() -> bool:
    """Whether importing torch, which takes seconds, may find one: builds for the processor say so by their name."""
    try:
        version = importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        return torch_installed()
    return sys.platform == "darwin" or not version.endswith("+cpu")


def available_devices() -> list[str]:
    """Devices in rising order of speed; ``cpu`` is always first."""
    found = ["cpu"]
    if torch_installed():
        import torch

        if torch.backends.mps.is_available():
            found.append("mps")
        if torch.cuda.is_available():
            found.append("rocm" if getattr(torch.version, "hip", None) else "cuda")
    return found
