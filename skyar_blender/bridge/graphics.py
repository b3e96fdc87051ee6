# SPDX-License-Identifier: GPL-3.0-or-later
"""Which graphics card there is that the engine could use, found without PyTorch."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

from .setup_steps import TorchBuild

_SECONDS = 10
#: What the kernel's driver for AMD's cards shows where one can compute.
_AMD = Path("/dev/kfd")


def build_for_graphics() -> TorchBuild:
    """The build of PyTorch for the graphics card of this machine; none where there is no card that it could use.

    The engine does without: ONNX Runtime works on the processor.
    """
    if sys.platform == "darwin":
        return TorchBuild.APPLE if platform.machine() == "arm64" else TorchBuild.NONE
    if _nvidia_answers():
        return TorchBuild.CUDA
    return TorchBuild.ROCM if sys.platform == "linux" and _AMD.exists() else TorchBuild.NONE


def _nvidia_answers() -> bool:
    """Whether NVIDIA's driver lists a card."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return False
    try:
        listed = subprocess.run([tool, "-L"], capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return listed.returncode == 0 and "GPU" in listed.stdout
