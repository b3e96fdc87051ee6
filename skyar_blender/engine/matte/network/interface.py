# SPDX-License-Identifier: GPL-3.0-or-later
"""What every network offers, whatever runs it, and the steps of matting, whatever does them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from ...types import Float32Array, FrameRGB, Matte
from ..dense_motion import Motion
from ..interface import PreviousFrame

#: A matte where it was made: an array, or a tensor on a GPU.
HeldMatte: TypeAlias = Any
#: Pixels of the analysed image to which an edge is known: the network answers at half its size, and softly.
EDGE_PIXELS = 4.0


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

    def find(self, frame: FrameRGB, again: bool = False) -> Prediction:
        """Look at a frame of any size; ``again``: the same will be asked about once more, at this or a larger size.

        Raises SkyarError ``device_unavailable`` when the device fails.
        """
        ...


class MattingSteps(Protocol):
    """The steps from a frame to its matte. Each implementation gives what the others give, within a tolerance."""

    #: Hash of the network's weights.
    sha256: str
    #: How many frames it likes to look at together.
    batch: int

    def segment(self, frames: Sequence[FrameRGB], again: bool = False) -> list[Prediction]:
        """What the network says of each of the ``frames``, any number of any size; ``again``: see :class:`Segmenter`.

        Raises SkyarError ``device_unavailable`` when the device fails.
        """
        ...

    def motion(self, frame: FrameRGB, before: FrameRGB) -> Motion | None:
        """Where the pixels of a frame were in the one before, of the same size; None where that is not worth it.

        What :meth:`smooth` needs of the same frames soon is kept for it.
        """
        ...

    def refine(self, frame: FrameRGB, coarse: Matte, roughness: Matte) -> HeldMatte:
        """The matte with the edges of the full image, less what is foliage.

        ``coarse`` (h, w): probability of sky, 0..1, not larger than the frame; ``roughness`` (h, w): see
        :func:`..foliage.rough`.
        """
        ...

    def smooth(self, frame: FrameRGB, matte: HeldMatte, previous: PreviousFrame | None) -> Matte:
        """What :meth:`refine` gave for this frame, with the matte of the frame before mixed in; (height, width)."""
        ...
