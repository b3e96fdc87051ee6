# SPDX-License-Identifier: GPL-3.0-or-later
"""What every matting method offers: look at some frames of the clip, then give a matte for each frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from ..types import FrameRGB, Matte, StoredMatte
from .hints import Hints, Marks
from .over_time.prediction import StoredPrediction


@dataclass(frozen=True)
class PreviousFrame:
    """The frame before, as it was decoded, and its matte, as it was stored.

    State between frames goes through what is on disk, so that a resumed run gives the same bytes as an
    undisturbed one. ``stale`` is where the artist's marks have shaped that matte, (height, width) bool: nothing may
    be carried over from there, since what is there may have moved out of the marks.
    """

    frame: FrameRGB
    matte: StoredMatte
    stale: Marks | None = None


class MatteModel(Protocol):
    """A method fitted to one clip."""

    def matte(
        self,
        frame: FrameRGB,
        previous: PreviousFrame | None,
        hints: Hints | None = None,
        contradicted: Hints | None = None,
    ) -> Matte:
        """Matte of one frame, at the frame's size. A pure function of its arguments and of the fitted model.

        ``hints``, of the frame's size, are always right: see :func:`.hints.imposed`. ``contradicted``, of any size,
        are areas by what other frames say; their edges are looked for in the frame.
        """
        ...

    @property
    def batch(self) -> int:
        """How many frames it likes to look at together."""
        ...

    def look(self, frames: Sequence[FrameRGB], before: FrameRGB | None = None) -> None:
        """Do ahead, in another thread, what of :meth:`matte` needs these frames alone, at most :attr:`batch`.

        It holds where those very arrays are asked about before eight others, or two batches, are looked at.
        ``before``: the frame before the only one of ``frames``: what is known of it may be carried on, which is
        quicker. Not to be given for that frame itself, so that a frame's answer depends on no more than two frames.
        """
        ...

    def prediction(self, frame: FrameRGB) -> StoredPrediction | None:
        """What the model says of a frame before its edges are looked for; None where it does not say how sure it is.

        Cheapest right after :meth:`matte` of the same frame.
        """
        ...

    def confidence(self, frame: FrameRGB, matte: Matte, hints: Hints | None = None) -> float | None:
        """How likely (0..1) the ``matte`` of a frame, as made or as stored, is good; None where that is not known.

        Good means an overlap of .9 with the true sky, edges left aside. Cheapest right after :meth:`matte` of it.
        """
        ...

    @property
    def adapted(self) -> bool:
        """Whether the clip's own colours could be learnt."""
        ...

    def save(self, file: BinaryIO) -> None:
        """Write the model to ``file``, exactly enough that :meth:`MatteMethod.load` gives the same mattes."""
        ...


class MatteMethod(Protocol):
    """A way to find the sky."""

    #: Name in the job's settings.
    name: str

    def fit(self, samples: Sequence[FrameRGB], hints: Sequence[Hints | None] | None = None) -> MatteModel:
        """Prediction at frames spread over the clip (1 to about 36, long side at most :attr:`sample_size`).

        ``hints``, where given, has one entry per sample, of any size: what is learnt from them helps all frames.
        """
        ...

    def load(self, path: Path) -> MatteModel:
        """Read a model that :meth:`MatteModel.save` wrote."""
        ...

    @property
    def sample_size(self) -> int:
        """Long side in pixels that the samples should be scaled down to."""
        ...
