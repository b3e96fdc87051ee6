# SPDX-License-Identifier: GPL-3.0-or-later
"""The matting method for a job's settings."""

from __future__ import annotations

from pathlib import Path

from ...common.stored_sizes import WHOLE
from ..analysis_sizes import MATTE, NETWORK
from .adaptive import AdaptiveMatte
from .interface import MatteMethod
from .network.method import NetworkMatte
from .reduced import ReducedMatte


def matte_method(name: str, quality: str, weights: Path | None = None, device: str = "cpu") -> MatteMethod:
    """The method called ``name``; ``quality`` is ``draft``, ``normal`` or ``high``. Raises ValueError for others.

    ``weights`` (None: those that come with SkyAR) and ``device`` (``cpu``, ``cuda``, ``rocm``, ``mps``) concern the
    network alone.
    """
    method: MatteMethod | None = None
    if quality in NETWORK and name == "network":
        method = NetworkMatte(quality, weights, device)
    elif quality in NETWORK and name == "adaptive":
        method = AdaptiveMatte(quality)
    if method is not None:
        return method if MATTE[quality] == WHOLE else ReducedMatte(method, MATTE[quality])
    raise ValueError(f"no matting method {name!r} of quality {quality!r}")
