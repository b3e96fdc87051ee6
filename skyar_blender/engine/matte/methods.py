# SPDX-License-Identifier: GPL-3.0-or-later
"""The matting method for a job's settings."""

from __future__ import annotations

from pathlib import Path

from ..analysis_sizes import NETWORK
from .adaptive import AdaptiveMatte
from .interface import MatteMethod
from .network.method import NetworkMatte


def matte_method(name: str, quality: str, weights: Path | None = None, device: str = "cpu") -> MatteMethod:
    """The method called ``name``; ``quality`` is ``draft``, ``normal`` or ``high``. Raises ValueError for others.

    ``weights`` (None: those that come with SkyAR) and ``device`` (``cpu``, ``cuda``, ``rocm``, ``mps``) concern the
    network alone.
    """
    if quality in NETWORK:
        if name == "network":
            return NetworkMatte(quality, weights, device)
        if name == "adaptive":
            return AdaptiveMatte(quality)
    raise ValueError(f"no matting method {name!r} of quality {quality!r}")
