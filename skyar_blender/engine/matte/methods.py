# SPDX-License-Identifier: GPL-3.0-or-later
"""The matting method for a job's settings."""

from __future__ import annotations

from .adaptive import AdaptiveMatte
from .interface import MatteMethod


def matte_method(name: str, quality: str) -> MatteMethod:
    """The method called ``name``; ``quality`` is ``draft``, ``normal`` or ``high``. Raises ValueError for others."""
    if name != "adaptive" or quality not in ("draft", "normal", "high"):
        raise ValueError(f"no matting method {name!r} of quality {quality!r}")
    return AdaptiveMatte(quality)
