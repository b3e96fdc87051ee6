# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a method on labelled images, each taken for a clip of one frame."""

from __future__ import annotations

import heapq
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...contract.errors import ErrorCode, SkyarError
from ...engine.matte.interface import MatteMethod
from ...engine.matte.samples import sample_of
from ...engine.media.images import read_frame
from ...engine.types import FrameRGB, Matte
from ..metrics.contact_sheet import contact_sheet, entry
from ..metrics.matte_errors import LEAST_SKY, MatteErrors, coverage, intersection_over_union, matte_errors
from ..metrics.truth import read_counted, read_truth
from .labelled import LabelledImage

#: So many of the worst are on the sheet.
WORST = 24
_DIGITS = 6


@dataclass
class SetFigures:
    """What was found in the images of one set so far."""

    with_sky: list[MatteErrors] = field(default_factory=list)
    false_sky: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float | int | None]:
        """``iou`` and errors: means over the images with sky; ``false_sky``: over those without; None of none.

        ``edge_mae`` leaves out images whose truth has no edge. ``ms`` is the mean time to look at one image and
        make its matte, without reading files.
        """
        edges = [errors.edge_mae for errors in self.with_sky if errors.edge_mae is not None]
        return {
            "n": len(self.milliseconds),
            "iou": _mean([errors.iou for errors in self.with_sky]),
            "mae": _mean([errors.mae for errors in self.with_sky]),
            "mse": _mean([errors.mse for errors in self.with_sky]),
            "edge_mae": _mean(edges),
            "grad": _mean([errors.grad for errors in self.with_sky]),
            "false_sky": _mean(self.false_sky),
            "ms": _mean(self.milliseconds, 2),
        }


@dataclass
class KindFigures:
    """What was found in the images of one kind so far; one entry per image, all parts of what counts of it."""

    iou: list[float] = field(default_factory=list)
    mae: list[float] = field(default_factory=list)
    sky: list[float] = field(default_factory=list)
    false_sky: list[float] = field(default_factory=list)
    missed_sky: list[float] = field(default_factory=list)

    def add(self, matte: Matte, truth: Matte | None, counted: NDArray[np.bool_] | None) -> None:
        """Take in an image; all are (height, width), and ``truth`` None means that nothing of it is sky."""
        truth = np.zeros(matte.shape, np.float32) if truth is None else truth
        counted = np.ones(matte.shape, np.bool_) if counted is None else counted
        more = (matte - truth)[counted]
        self.mae.append(float(np.abs(more).mean(dtype=np.float64)))
        self.sky.append(coverage(truth, counted))
        self.false_sky.append(float(np.maximum(more, 0).mean(dtype=np.float64)))
        self.missed_sky.append(float(np.maximum(-more, 0).mean(dtype=np.float64)))
        if self.sky[-1] > LEAST_SKY:
            self.iou.append(intersection_over_union(matte, truth, counted))

    def summary(self) -> dict[str, float | int | None]:
        """``iou``: mean over the images with sky; ``mae``: over all.

        ``false_sky`` and ``missed_sky``: what the mattes have too much and too little, each as a share of all the sky
        that the images show, so that an image with little of it does not outweigh the others; None without any.
        """
        sky = float(np.sum(self.sky))
        return {
            "n": len(self.mae),
            "iou": _mean(self.iou),
            "mae": _mean(self.mae),
            "false_sky": round(float(np.sum(self.false_sky)) / sky, _DIGITS) if sky > 0 else None,
            "missed_sky": round(float(np.sum(self.missed_sky)) / sky, _DIGITS) if sky > 0 else None,
        }


class Worst:
    """The worst images so far, for a sheet."""

    def __init__(self) -> None:
        self._kept: list[tuple[float, int, FrameRGB]] = []

    def look(self, badness: float, index: int, drawn: Callable[[], FrameRGB]) -> None:
        """Take in image number ``index``; it is drawn where it is bad enough."""
        if len(self._kept) < WORST or badness > self._kept[0][0]:
            heapq.heappush(self._kept, (badness, -index, drawn()))
        if len(self._kept) > WORST:
            heapq.heappop(self._kept)

    def sheet(self) -> FrameRGB:
        """All of them, worst first."""
        ordered = sorted(self._kept, key=lambda bad: (-bad[0], -bad[1]))
        return contact_sheet([labelled for _, _, labelled in ordered])


@dataclass(frozen=True)
class Evaluation:
    """Figures per set and per kind, and sheets of the worst images, of all and of each kind, worst first."""

    sets: dict[str, SetFigures]
    kinds: dict[str, KindFigures]
    sheet: FrameRGB
    kind_sheets: dict[str, FrameRGB]

    def to_dict(self) -> dict[str, dict[str, dict[str, float | int | None]]]:
        """Plain data.

        ``{"sets": {NAME: {"n", "iou", "mae", "mse", "edge_mae", "grad", "false_sky", "ms"}},
        "kinds": {KIND: {"n", "iou", "mae", "false_sky", "missed_sky"}}}``
        """
        return {
            "sets": {name: figures.summary() for name, figures in self.sets.items()},
            "kinds": {kind: figures.summary() for kind, figures in sorted(self.kinds.items())},
        }


def evaluate_images(method: MatteMethod, images: Sequence[LabelledImage], step: Callable[[], None]) -> Evaluation:
    """Measure ``method`` on at least one image; ``step`` is called after each.

    Raises:
        SkyarError: a file cannot be read, nothing of it counts, or what the method raises.
    """
    sets: dict[str, SetFigures] = defaultdict(SetFigures)
    kinds: dict[str, KindFigures] = defaultdict(KindFigures)
    worst, worst_of = Worst(), defaultdict[str, Worst](Worst)
    _warm_up(method, images[0])
    for index, labelled in enumerate(images):
        image = read_frame(labelled.image)
        truth, counted = _truth(labelled, image)
        began = time.perf_counter()
        matte = matte_alone(method, image)
        sets[labelled.set].milliseconds.append(1000 * (time.perf_counter() - began))
        badness, words = _measure(sets[labelled.set], matte, truth, counted)
        draw = partial(entry, image, truth, counted, matte, f"{labelled.set}  {labelled.image.stem[:34]}  {words}")
        worst.look(badness, index, draw)
        for kind in labelled.kinds:
            kinds[kind].add(matte, truth, counted)
            worst_of[kind].look(badness, index, draw)
        step()
    sheets = {kind: bad.sheet() for kind, bad in worst_of.items()}
    return Evaluation(dict(sets), dict(kinds), worst.sheet(), sheets)


def matte_alone(method: MatteMethod, image: FrameRGB) -> Matte:
    """The matte of a clip that has this frame only."""
    matte = method.fit([sample_of(image, method.sample_size)]).matte(image, None)
    if not np.isfinite(matte).all():
        raise SkyarError(
            ErrorCode.INTERNAL,
            f"The method “{method.name}” gave a matte with values that are no numbers.",
            "Its weights may be damaged.",
            "Use other weights or another method.",
        )
    return matte


def _measure(
    figures: SetFigures, matte: Matte, truth: Matte | None, counted: NDArray[np.bool_] | None
) -> tuple[float, str]:
    """Add one image; how bad it is, and that in words."""
    if truth is not None and coverage(truth, counted) > LEAST_SKY:
        errors = matte_errors(matte, truth, counted)
        figures.with_sky.append(errors)
        return errors.mae, f"IoU {errors.iou:.3f}  MAE {errors.mae:.3f}"
    false_sky = coverage(matte, counted)
    figures.false_sky.append(false_sky)
    return false_sky, f"false sky {false_sky:.3f}"


def _truth(labelled: LabelledImage, image: FrameRGB) -> tuple[Matte | None, NDArray[np.bool_] | None]:
    """The truth (None: no sky), and what counts of it (None: all)."""
    shape = image.shape[:2]
    truth = None if labelled.mask is None else read_truth(labelled.mask, shape)
    counted = None if labelled.ignore is None else read_counted(labelled.ignore, shape)
    if counted is not None and not counted.any():
        raise SkyarError(
            ErrorCode.CLIP_UNREADABLE,
            f"Nothing of {labelled.image} can be measured.",
            f"The mask {labelled.ignore} of what to ignore is white everywhere.",
            f"Mend line {labelled.line} of the list, or take it out.",
        )
    return truth, counted


def _warm_up(method: MatteMethod, labelled: LabelledImage) -> None:
    """The first matte may load weights and start threads, which is no one image's time."""
    matte_alone(method, read_frame(labelled.image))


def _mean(values: Sequence[float], digits: int = _DIGITS) -> float | None:
    return round(float(np.mean(values)), digits) if values else None
