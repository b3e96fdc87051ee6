# SPDX-License-Identifier: GPL-3.0-or-later
"""What every network offers, whatever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ...types import Float32Array, FrameRGB


@dataclass(frozen=True)
class Prediction:
    """A network's answer: log odds of sky (height, width), for the image at that size, (height, width, 3).

    ``sureness``: log odds that the sign of ``logits`` is right, of the same size; None from a network that does not
    say, so that only the size of its log odds tells.
    """

    small: FrameRGB
    logits: Float32Array
    sureness: Float32Array | None = None


class Segmenter(Protocol):
    """A network, ready to run."""

    #: Hash of the file that its weights are from.
    sha256: str
    #: Long side in pixels at which it looks at images.
    long_side: int

    def find(self, frame: FrameRGB) -> Prediction:
        """Look at a frame of any size. Raises SkyarError ``device_unavailable`` when the device fails."""
        ...
