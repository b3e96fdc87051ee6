# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out what the network's log odds are worth, on labelled images that it was not trained on.

python -m models.training.matting.calibrate LABELLED.jsonl ... [--part evaluate] [--sets a,b] [--models models]
    [--check OTHERS.jsonl ...]

``LABELLED.jsonl`` as for ``skyar evaluate matting``. Each image is matted as a clip of one frame, all that follows
the network included; what is found is written as ``[confidence]`` into ``sky_matte.toml``, from where every run reads
it. The reliability tables are of numbers fitted to the other half of the images, so that they are honest. With
``--check`` two more tables tell what those numbers are worth on images of kinds that nothing was fitted to.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from scipy.optimize import isotonic_regression, minimize

from skyar_blender.engine.matte.network.confidence import (
    GOOD,
    TABLE,
    Calibration,
    around_edges,
    expected_overlap,
    has_both,
    log_odds,
    margins_of,
    overlap,
)
from skyar_blender.engine.matte.network.method import NetworkMatte, NetworkModel
from skyar_blender.engine.matte.network.weights import NAME
from skyar_blender.engine.matte.samples import sample_of
from skyar_blender.engine.media.images import read_frame
from skyar_blender.evaluation.metrics.truth import read_counted, read_truth
from skyar_blender.evaluation.runs.labelled import LabelledImage, read_labelled

#: Log odds at which the map of the pixels has its knots.
_KNOTS = np.array([-6, -4, -3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8], float)
#: Pixels that count before any is seen: half right, half wrong, so that no knot is ever quite sure.
_BEFORE = 2.0
#: Strength of the penalty on the weights of the frames, with the bias left free: a normal prior of deviation 3.
_RIDGE = 1 / 9
_BINS = np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0 + 1e-9])


@dataclass(frozen=True)
class Seen:
    """One image: what the network said and what became of it, at the size of the log odds, and how good that is."""

    logits: np.ndarray
    matte: np.ndarray
    truth: np.ndarray
    counted: np.ndarray
    refused: bool
    overlap: float


def images_of(
    lists: Sequence[Path], part: str | None, sets: Sequence[str] | None, limit: int | None
) -> list[LabelledImage]:
    """The images of some lists of labelled images, those of ``sets`` alone; each set may be in any of the lists.

    Raises:
        SystemExit: no list has one of the ``sets``.
    """
    images = [image for path in lists for image in read_labelled(path, part, None, limit).images]
    if sets is None:
        return images
    if missing := set(sets) - {image.set for image in images}:
        raise SystemExit(f"no list has {', '.join(sorted(missing))}")
    return [image for image in images if image.set in sets]


def see(method: NetworkMatte, labelled: LabelledImage) -> Seen:
    """Matte an image, and compare."""
    frame = read_frame(labelled.image)
    shape = frame.shape[:2]
    truth = np.zeros(shape, np.float32) if labelled.mask is None else read_truth(labelled.mask, shape)
    counted = np.ones(shape, bool) if labelled.ignore is None else read_counted(labelled.ignore, shape)
    model = method.fit([sample_of(frame, method.sample_size)])
    assert isinstance(model, NetworkModel)
    matte = model.matte(frame, None)
    logits = margins_of(model.found(frame))
    size = logits.shape[1::-1]
    small = [cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (matte, truth)]
    known = cv2.resize(counted.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    refused = not model.adapted and has_both(small[0])
    return Seen(logits, *small, known, refused, overlap(*small, known & ~around_edges(small[1])))


def fit(seen: Sequence[Seen]) -> Calibration:
    """The numbers for these images; each counts alike, whatever its size."""
    right, weight = np.zeros(len(_KNOTS)), np.zeros(len(_KNOTS))
    for each in seen:
        margins, correct = _pixels(each)
        # A pixel between two knots counts for both.
        place = np.clip(np.interp(margins, _KNOTS, np.arange(len(_KNOTS))), 0, len(_KNOTS) - 1)
        low = np.minimum(place.astype(int), len(_KNOTS) - 2)
        for knot, fraction in ((low, 1 - (place - low)), (low + 1, place - low)):
            scale = 1e4 / len(margins)
            right += np.bincount(knot, fraction * correct * scale, len(_KNOTS))
            weight += np.bincount(knot, fraction * scale, len(_KNOTS))
    fractions = (right + _BEFORE / 2) / (weight + _BEFORE)
    pixels = isotonic_regression(fractions, weights=weight + _BEFORE).x
    rough = Calibration(tuple(_KNOTS.tolist()), tuple(np.round(pixels, 5).tolist()), 0.0, 1.0, 0.0)
    terms = np.array([[1.0, log_odds(_expected(rough, each)), float(each.refused)] for each in seen])
    good = np.array([each.overlap >= GOOD for each in seen], float)

    def loss(numbers: np.ndarray) -> float:
        value = terms @ numbers
        return float(np.logaddexp(0, value).sum() - good @ value + _RIDGE / 2 * (numbers[1:] ** 2).sum())

    # Less doubt never makes a frame less sure, nor does a clip that taught nothing make it surer.
    limits = [(None, None), (0.0, None), (None, 0.0)]
    bias, slope, refused = minimize(loss, np.array([0.0, 1.0, 0.0]), bounds=limits).x
    return Calibration(rough.margins, rough.right, *(round(float(value), 4) for value in (bias, slope, refused)))


def tables(seen: Sequence[Seen]) -> str:
    """Reliability of pixels and frames, in words, each half told by the numbers of the other."""
    halves = (seen[::2], seen[1::2])
    return _reliability([(fit(other), own) for own, other in (halves, halves[::-1])])


def checked(known: Calibration, seen: Sequence[Seen]) -> str:
    """The same of images that ``known`` was not fitted to."""
    return _reliability([(known, seen)])


def _reliability(reported_by: Sequence[tuple[Calibration, Sequence[Seen]]]) -> str:
    pixels: list[tuple[np.ndarray, np.ndarray]] = []
    frames: list[tuple[float, float]] = []
    for known, images in reported_by:
        for each in images:
            likely = known.pixels(each.logits, each.matte)[each.counted]
            pixels.append((likely[::7], _pixels(each)[1][::7]))
            frames.append((known.good(_expected(known, each), each.refused), float(each.overlap >= GOOD)))
    reported, right = (np.concatenate(each) for each in zip(*pixels, strict=True))
    sure, good = np.array(frames).T
    return "\n".join(
        [
            *_table("pixels: said to be right", reported, right),
            *_table(f"frames: said to reach an overlap of {GOOD}", sure, good),
        ]
    )


def write(calibration: Calibration, path: Path) -> None:
    """Put the numbers into ``sky_matte.toml``, in the place of those before."""
    text = path.read_text(encoding="utf-8")
    before, found, after = text.partition(f"\n[{TABLE}]\n")
    if found:
        _, more, rest = after.partition("\n[")
        after = more + rest
    lines = [f"{name} = {list(getattr(calibration, name))}" for name in ("margins", "right")]
    lines += [f"{name} = {getattr(calibration, name)}" for name in ("bias", "overlap", "refused")]
    kept = [part.strip("\n") for part in (before, after) if part.strip("\n")]
    text = "\n\n".join([*kept, "\n".join([f"[{TABLE}]", *lines])]) + "\n"
    tomllib.loads(text)
    path.write_text(text, encoding="utf-8")


def _pixels(each: Seen) -> tuple[np.ndarray, np.ndarray]:
    """Log odds of what the matte says (n,), and whether that is right (n,)."""
    sky = each.matte > 0.5
    margins = np.where(sky, each.logits, -each.logits)
    return margins[each.counted], (sky == (each.truth > 0.5))[each.counted].astype(float)


def _expected(known: Calibration, each: Seen) -> float:
    return expected_overlap(each.matte, known.pixels(each.logits, each.matte))


def _table(words: str, reported: np.ndarray, right: np.ndarray) -> list[str]:
    lines = [words, "     said      share    said   found"]
    for low, high in pairwise(_BINS):
        within = (reported >= low) & (reported < high)
        if within.any():
            line = f"  {low:.2f}-{min(high, 1):.2f}  {within.mean():8.4f}  {reported[within].mean():.3f}   "
            lines.append(line + f"{right[within].mean():.3f}")
    return [*lines, f"  Brier score {np.mean((reported - right) ** 2):.4f}", ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labelled", type=Path, nargs="+")
    parser.add_argument("--part", help="only rows of this part")
    parser.add_argument("--sets", help="only these sets, with commas between")
    parser.add_argument("--limit", type=int, help="so many of each set at most, spread evenly")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the weights")
    parser.add_argument("--quality", default="normal")
    parser.add_argument("--check", type=Path, nargs="*", default=[], help="lists of pictures that are only told of")
    options = parser.parse_args()
    sets = options.sets.split(",") if options.sets else None
    method = NetworkMatte(options.quality, options.models / f"{NAME}.onnx")
    seen, others = (
        [see(method, image) for image in images_of(paths, options.part, only, options.limit)]
        for paths, only in ((options.labelled, sets), (options.check, None))
    )
    print(f"{len(seen)} pictures, {np.mean([each.overlap >= GOOD for each in seen]):.3f} of them good")
    print(tables(seen))
    known = fit(seen)
    if others:
        print(f"{len(others)} others, {np.mean([each.overlap >= GOOD for each in others]):.3f} of them good")
        print(checked(known, others))
    write(known, options.models / f"{NAME}.toml")


if __name__ == "__main__":
    main()
