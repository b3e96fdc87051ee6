# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how steady a method's mattes are: once frame after frame, once each frame alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...engine.flicker import SmallFrame, flicker, small_frame
from ...engine.matte.interface import MatteMethod, PreviousFrame
from ...engine.matte.samples import SAMPLES, sample_of
from ...engine.types import FrameRGB, Matte, StoredMatte
from ...worker.job.running_job import evenly_spread
from ...worker.stages.matte import store
from ..metrics.matte_errors import LEAST_SKY, coverage, matte_errors
from ..metrics.temporal_errors import dtssd
from ..metrics.truth import read_truth
from .footage import Footage

#: The one with state between frames, the one without, and the truth itself.
KINDS = ("", "_alone", "_truth")
Figures = dict[str, float | None]


@dataclass
class _Pass:
    """Mattes of one kind, frame after frame; the figures of each against the frame before and the truth."""

    small: SmallFrame | None = None
    matte: Matte | None = None
    truth: Matte | None = None
    frames: list[Figures] = field(default_factory=list)

    def look(self, frame: FrameRGB, stored: StoredMatte, truth: Matte | None) -> None:
        found: Figures = {}
        small = small_frame(frame, stored)
        found["flicker"] = flicker(self.small, small) if self.small is not None else None
        matte = stored.astype(np.float32) / np.float32(65535)
        if truth is not None:
            with_sky = coverage(truth) > LEAST_SKY
            errors = matte_errors(matte, truth)
            found |= {"iou": errors.iou if with_sky else None, "mae": errors.mae, "dtssd": None}
            if self.matte is not None and self.truth is not None:
                found["dtssd"] = dtssd(self.matte, matte, self.truth, truth)
        self.small, self.matte, self.truth = small, matte, truth
        self.frames.append(found)

    def mean(self, name: str) -> float | None:
        found = [value for frame in self.frames if (value := frame.get(name)) is not None]
        return float(np.mean(found)) if found else None


@dataclass(frozen=True)
class FlickerFigures:
    """What was found in one clip.

    Attributes:
        summary: ``n`` frames; means over them of ``flicker`` (0..1) and, with truth, of ``dtssd`` (times 100),
            ``iou`` (frames with sky) and ``mae``; the same ``_alone``, without state between frames;
            ``flicker_truth`` of the exact mattes; ``dtssd_ratio`` and ``flicker_ratio``, with state to without;
            ``ms`` of one matte.
        frames: the same figures per frame, None where there is no frame before.
    """

    summary: dict[str, float | int | None]
    frames: list[Figures]

    def to_dict(self) -> dict[str, object]:
        """Plain data: the summary, and ``frames``."""
        return {**self.summary, "frames": self.frames}


def evaluate_clip(
    method: MatteMethod, footage: Footage, step: Callable[[], None], limit: int | None = None, every: int = 1
) -> FlickerFigures:
    """Measure ``method`` on the first ``limit`` frames of a clip; ``step`` is called after each.

    What was found in the frame before is carried on where it holds, but at every ``every``-th frame.

    Raises:
        SkyarError: a file cannot be read, or what the method raises.
    """
    numbers = list(range(min(footage.reader.count, limit or footage.reader.count)))
    chosen = evenly_spread(numbers, SAMPLES)
    model = method.fit([sample_of(frame, method.sample_size) for _, frame in footage.reader.frames(chosen)])
    passes = {kind: _Pass() for kind in KINDS}
    previous: PreviousFrame | None = None
    milliseconds: list[float] = []
    for number, frame in footage.reader.frames(numbers):
        truth = None if footage.alphas is None else read_truth(footage.alphas[number], frame.shape[:2])
        began = time.perf_counter()
        model.look([frame], previous.frame if previous is not None and number % every else None)
        stored = store(model.matte(frame, previous))
        milliseconds.append(1000 * (time.perf_counter() - began))
        passes[""].look(frame, stored, truth)
        passes["_alone"].look(frame, store(model.matte(frame, None)), truth)
        if truth is not None:
            passes["_truth"].look(frame, store(truth), truth)
        previous = PreviousFrame(frame, stored)
        step()
    return FlickerFigures(_summary(passes, milliseconds, footage.alphas is not None), _per_frame(passes))


def mean_summary(clips: Sequence[FlickerFigures]) -> dict[str, float | int | None]:
    """Mean of each figure over the clips that have it; ``n`` is the sum. Ratios are those of the means."""
    summaries = [clip.summary for clip in clips]
    names = dict.fromkeys(name for summary in summaries for name in summary)
    mean: dict[str, float | int | None] = {}
    for name in names:
        found = [value for summary in summaries if (value := summary.get(name)) is not None]
        mean[name] = None if not found else sum(found) if name == "n" else _rounded(float(np.mean(found)))
    return _with_ratios(mean)


def name_of(path: Path) -> str:
    """A clip's name in the figures: its path as it was given."""
    return path.as_posix()


def _summary(passes: dict[str, _Pass], milliseconds: list[float], with_truth: bool) -> dict[str, float | int | None]:
    names = ["dtssd", "iou", "mae", "flicker"] if with_truth else ["flicker"]
    summary: dict[str, float | int | None] = {"n": len(milliseconds)}
    for name in names:
        for kind in ("", "_alone"):
            summary[name + kind] = _rounded(passes[kind].mean(name))
    if with_truth:
        summary["flicker_truth"] = _rounded(passes["_truth"].mean("flicker"))
    # The first matte may load weights and start threads.
    summary["ms"] = round(float(np.mean(milliseconds[1:] or milliseconds)), 2)
    return _with_ratios(summary)


def _with_ratios(summary: dict[str, float | int | None]) -> dict[str, float | int | None]:
    for name in ("dtssd", "flicker"):
        if name in summary:
            ours, alone = summary[name], summary[f"{name}_alone"]
            summary[f"{name}_ratio"] = _rounded(ours / alone) if ours is not None and alone else None
    return summary


def _per_frame(passes: dict[str, _Pass]) -> list[Figures]:
    frames: list[Figures] = []
    for ours, alone in zip(passes[""].frames, passes["_alone"].frames, strict=True):
        frames.append(
            {name: _rounded(value) for name, value in ours.items()}
            | {f"{name}_alone": _rounded(value) for name, value in alone.items()}
        )
    return frames


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
