# SPDX-License-Identifier: GPL-3.0-or-later
"""The method with a network: what it has learnt of all skies, then what is learnt from the clip itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray

from ....contract.errors import ErrorCode, SkyarError
from ...analysis_sizes import NETWORK
from ...types import BoolMask, Float32Array, FrameRGB, Matte
from ..classifier import Classifier
from ..dense_motion import Motion
from ..foliage import crowns, foliage, rough
from ..hints import Hints, imposed
from ..interface import PreviousFrame
from ..over_time.prediction import StoredPrediction
from .adaptation import Adaptation, fit_adaptation
from .carried import Carried
from .confidence import Calibration, margins_of, shipped_calibration
from .flat_areas import with_flat_areas
from .foreign import without_foreign
from .interface import MattingSteps, Prediction
from .islands import without_islands
from .letterbox import scaled
from .mirror import mirrors, without_mirror
from .segmenter import open_steps

#: Answers that are kept where frames are looked at one by one: as many as are looked at ahead, and a few.
_KEPT = 8
#: Log odds of what the artist has marked.
_MARKED = 6.0
#: Log odds of what other frames tell.
_CONTRADICTED = 4.0
#: As a share of the picture's long side: what is rough over more than that to each side is a crown.
_CROWN = 6 / 384
#: By how much foliage lowers the network's log odds.
_FOLIAGE = 4.0


class NetworkMatte:
    """Needs ONNX Runtime, or torch on a GPU; see :class:`..interface.MatteMethod`.

    ``weights`` is a person's own file, or None for those that come with SkyAR; what is wrong with it or its runtime
    is raised at once, see :func:`.segmenter.open_segmenter`.
    """

    name = "network"

    def __init__(self, quality: str = "normal", weights: Path | None = None, device: str = "cpu") -> None:
        self.sample_size = NETWORK[quality]
        self._steps: MattingSteps = open_steps(weights, device, self.sample_size)
        # What log odds are worth is known of the shipped weights alone.
        self._calibration = shipped_calibration() if weights is None else None
        self._roughly = quality == "draft"

    def fit(self, samples: Sequence[FrameRGB], hints: Sequence[Hints | None] | None = None) -> NetworkModel:
        """See :meth:`..interface.MatteMethod.fit`."""
        found = [_without_foliage(each) for each in self._steps.segment(samples, again=True)]
        mirror = mirrors(found)
        if mirror:
            found = [without_mirror(one) for one in found]
        return self._model(fit_adaptation(found, hints or [None] * len(found)), mirror)

    def load(self, path: Path) -> NetworkModel:
        """Raises also SkyarError ``output_taken`` when the mattes so far were made with other weights."""
        with np.load(path, allow_pickle=False) as stored:
            made_with = str(stored["network"]) if "network" in stored else "another method"
            if made_with != self._steps.sha256:
                raise SkyarError(
                    ErrorCode.OUTPUT_TAKEN,
                    "The mattes in this folder were begun with other weights of the network.",
                    f"Then: {made_with[:12]}, now: {self._steps.sha256[:12]}.",
                    "Choose another folder, or remove this one to start anew.",
                )
            mirror = bool(stored["mirror"]) if "mirror" in stored else False
            if "weights" not in stored:
                return self._model(None, mirror)
            classifier = Classifier(stored["mean"], stored["scale"], stored["weights"])
            return self._model(Adaptation(classifier), mirror)

    def _model(self, adaptation: Adaptation | None, mirror: bool) -> NetworkModel:
        return NetworkModel(self._steps, adaptation, self._calibration, mirror, self._roughly)


@dataclass(frozen=True)
class _Answer:
    """What was said of a frame: it is held, so that no other array can have its identity meanwhile."""

    frame: FrameRGB
    found: Prediction
    logits: Float32Array
    #: Where pieces foreign to the open sky were taken away, (height, width).
    foreign: BoolMask
    #: Of a draft, where nothing in the frame is new: the frame before, and the motion from there.
    moved_on: tuple[FrameRGB, Motion] | None = None


@dataclass(frozen=True)
class NetworkModel:
    """The network, and what was learnt from one clip; ``adaptation`` is None where its colours cannot be trusted.

    ``mirror``: whether still water shows the sky once more, see :mod:`.mirror`. ``roughly``: whether answers are
    carried on to more frames, see :mod:`.carried`, and whole mattes where nothing is new.
    """

    steps: MattingSteps
    adaptation: Adaptation | None
    calibration: Calibration | None = None
    mirror: bool = False
    roughly: bool = False
    _answers: dict[int, _Answer] = field(default_factory=dict, repr=False, compare=False)

    @property
    def adapted(self) -> bool:
        return self.adaptation is not None

    def matte(
        self,
        frame: FrameRGB,
        previous: PreviousFrame | None,
        hints: Hints | None = None,
        contradicted: Hints | None = None,
    ) -> Matte:
        """See :meth:`..interface.MatteModel.matte`."""
        answer = self._judged(frame)
        found, logits = answer.found, answer.logits
        if answer.moved_on is not None and previous is not None and not (hints or contradicted):
            before, motion = answer.moved_on
            if previous.frame is before and previous.stale is None:
                return np.asarray(motion.moved(previous.matte) * np.float32(1 / 65535), np.float32)
        for areas, odds in ((contradicted, _CONTRADICTED), (hints, _MARKED)):
            if areas is not None:
                areas = areas.scaled(logits.shape[:2])
                logits = np.select([areas.sky, areas.ground], [np.float32(odds), np.float32(-odds)], logits)
        coarse = _no_larger(without_islands(_probability(logits)), frame)
        refined = self.steps.refine(frame, coarse, rough(found.small))
        return imposed(frame, self.steps.smooth(frame, refined, previous), hints)

    @property
    def batch(self) -> int:
        """See :attr:`..interface.MatteModel.batch`."""
        return self.steps.batch

    def look(self, frames: Sequence[FrameRGB], before: FrameRGB | None = None) -> None:
        """See :meth:`..interface.MatteModel.look`."""
        if before is not None and self._answer(frames[0]) is None:
            carried = self._carried(frames[0], before)
            if carried is not None:
                self._keep(carried)
                return
        new = [frame for frame in frames if self._answer(frame) is None]
        found = self.steps.segment(new)
        if len(new) < 2:
            answers = [self._answered(frame, each) for frame, each in zip(new, found, strict=True)]
        else:  # they come from a GPU, which would wait for them
            with ThreadPoolExecutor(min(len(new), os.cpu_count() or 1)) as threads:
                answers = list(threads.map(self._answered, new, found))
        for answer in answers:
            self._keep(answer)

    def prediction(self, frame: FrameRGB) -> StoredPrediction | None:
        """See :meth:`..interface.MatteModel.prediction`."""
        answer = self._judged(frame)
        found, logits = answer.found, answer.logits
        if found.sureness is None:
            return None
        sureness = np.where((logits > 0) == (found.logits > 0), found.sureness, -found.sureness)
        leafy = crowns(found.small, _CROWN * max(logits.shape))
        return StoredPrediction.of(logits, sureness, leafy, answer.foreign.astype(np.float32))

    def confidence(self, frame: FrameRGB, matte: Matte, hints: Hints | None = None) -> float | None:
        """See :meth:`..interface.MatteModel.confidence`."""
        if self.calibration is None:
            return None
        return self.calibration.frame(margins_of(self.found(frame)), matte, self.adapted, hints)

    def found(self, frame: FrameRGB) -> Prediction:
        """The network's answer."""
        return self._judged(frame).found

    def _judged(self, frame: FrameRGB) -> _Answer:
        """The network's answer, and its log odds with what was learnt from the clip, less pieces foreign to it.

        The last few are kept: frames are looked at ahead, and asked about more than once.
        """
        answer = self._answer(frame)
        if answer is None:
            answer = self._answered(frame, self.steps.segment([frame])[0])
            self._keep(answer)
        return answer

    def _answer(self, frame: FrameRGB) -> _Answer | None:
        answer = self._answers.get(id(frame))
        return answer if answer is not None and answer.frame is frame else None

    def _answered(self, frame: FrameRGB, found: Prediction) -> _Answer:
        """What follows from the network's answer as it ``found`` it."""
        found = _without_foliage(found)
        if self.mirror:
            found = without_mirror(found)
        logits = found.logits if self.adaptation is None else self.adaptation.applied(found)
        # After what the clip teaches, so that a dark cloud that is taken for a window once teaches nothing.
        whole = with_flat_areas(found.small, logits)
        logits = without_foreign(found.small, whole, found.sureness)
        return _Answer(frame, found, logits, (whole > 0) & (logits < whole - 1))

    def _carried(self, frame: FrameRGB, before: FrameRGB) -> _Answer | None:
        """What was said of the frame before, moved along; None where the network has to be asked."""
        motion = self.steps.motion(frame, before) if frame.shape == before.shape else None
        if motion is None:
            return None
        known = self._judged(before)
        small = scaled(frame, max(known.found.small.shape))
        if small.shape != known.found.small.shape:
            return None  # a network that squeezes its images
        way = Carried(small, known.found.small, motion)
        logits = way.floats(known.logits)
        if way.anything_new(logits, self.roughly):
            return None
        sureness = None if known.found.sureness is None else way.floats(known.found.sureness)
        found = Prediction(small, way.floats(known.found.logits), sureness)
        # Leaves in the wind carry the network's answer on, but their edges have to be found anew.
        moved_on = (before, motion) if self.roughly and not way.anything_new(logits, roughly=False) else None
        return _Answer(frame, found, logits, way.mask(known.foreign), moved_on)

    def _keep(self, answer: _Answer) -> None:
        self._answers[id(answer.frame)] = answer
        for old in list(self._answers)[: -_KEPT - 2 * (self.batch - 1)]:
            self._answers.pop(old, None)

    def save(self, file: BinaryIO) -> None:
        arrays: dict[str, NDArray[np.generic]] = {
            "network": np.array(self.steps.sha256),
            "mirror": np.array(self.mirror),
        }
        if self.adaptation is not None:
            classifier = self.adaptation.classifier
            arrays |= {"mean": classifier.mean, "scale": classifier.scale, "weights": classifier.weights}
        np.savez(file, **arrays)  # type: ignore[arg-type]


def _without_foliage(found: Prediction) -> Prediction:
    """The network's answer, less what is foliage by its colour."""
    logits = found.logits - np.float32(_FOLIAGE) * foliage(found.small)
    sureness = found.sureness
    if sureness is not None:
        sureness = np.where((logits > 0) == (found.logits > 0), sureness, -sureness)
    return Prediction(found.small, logits, sureness)


def _probability(logits: Float32Array) -> Matte:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)


def _no_larger(coarse: Matte, frame: FrameRGB) -> Matte:
    """A frame smaller than the network's input was enlarged for it; its matte is not."""
    if max(coarse.shape) <= max(frame.shape[:2]):
        return coarse
    return np.asarray(cv2.resize(coarse, frame.shape[1::-1], interpolation=cv2.INTER_AREA), np.float32)
