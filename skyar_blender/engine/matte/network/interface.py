# SPDX-License-Identifier: GPL-3.0-or-later
"""What every network offers, whatever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ...types import FrameRGB

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Found:
    """A network's answer: log odds of sky (height, width), for the picture at that size, (height, width, 3).

    ``sureness``: log odds that the sign of ``logits`` is right, of the same size; None from a network that does not
    say, so that only the size of its log odds tells.
    """

    small: FrameRGB
    logits: Floats
    sureness: Floats | None = None


class SkyFinder(Protocol):
    """A network, ready to run."""

    #: Hash of the file that its weights are from.
    sha256: str
    #: Long side in pixels at which it looks at pictures.
    long_side: int

    def find(self, frame: FrameRGB) -> Found:
        """Look at a frame of any size. Raises SkyarError ``device_unavailable`` when the device fails."""
        ...
