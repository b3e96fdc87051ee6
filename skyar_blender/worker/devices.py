# SPDX-License-Identifier: GPL-3.0-or-later
"""Which device the work runs on."""

from __future__ import annotations

import importlib.util

from ..contract.errors import ErrorCode, SkyarError
from ..contract.job import Device


def choose_device(wanted: Device) -> str:
    """``cpu``, or the GPU that was asked for by name.

    ``auto`` takes the processor, where all methods of this version run.

    Raises:
        SkyarError: ``device_unavailable``; an asked-for GPU is never quietly replaced by the processor.
    """
    if wanted in ("auto", "cpu"):
        return "cpu"
    found = available_devices()
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
