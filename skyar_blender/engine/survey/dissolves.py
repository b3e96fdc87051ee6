# SPDX-License-Identifier: GPL-3.0-or-later
"""Dissolves: where one shot turns into the next one by and by, and how much of the next one each frame shows.

A dissolve mixes the last images ``A`` of a shot with the first ones ``B`` of the next, in display values::

    F = (1 - fraction) A + fraction B

As the two have nothing to do with one another, the fine detail (as energy) of an even mix is half of the mean of
theirs, while a camera that turns keeps it (Alattar, "Detecting and compressing dissolve regions in video sequences
with a DVI multimedia image compression algorithm", 1993). Where it sinks so, the frame must be explained by ``A`` and
``B`` together, each moved by some pixels, and by neither alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FrameRGB

#: A small image in display values, (36, 64, 3) uint8.
Sketch = NDArray[np.uint8]
_Grey = NDArray[np.float32]
_Place = tuple[float, float]
_SKETCH = (64, 36)
#: Pixels of a sketch by which the image may move within half a dissolve, to each side and up and down.
_ACROSS = 8
_DOWN = 5
#: Frames of the shortest dissolve that is told from a cut, from the last whole frame to the first.
_SHORTEST = 4
#: Energy of detail in the middle as a fraction of that at both ends, at most: 0.5 in theory, more with motion.
_DIP = 0.66
#: Energy of detail (squares of codes) at either end, at least: below, there is no image.
_PICTURE = 0.3
#: Of what is seen in the middle, the fraction that both together explain, at least; of what one leaves, the fraction
#: that the other one explains; likeness of the two, at most.
_EXPLAINED = 0.5
_ADDED = 0.25
_LIKE = 0.5
#: Share of each in the middle, at least; sum of both, from and to.
_PART = 0.2
_SUM = (0.75, 1.25)
#: Shares between which the straight part of a dissolve is measured, and by how much a straight line may miss them.
_STRAIGHT = (0.12, 0.88)
_MISS = 0.04
#: Times that the ends are found again from the frames at the last ones; part of a frame by which an end is missed.
_ROUNDS = 4
_NEAR = 0.25
#: Share of the other shot that frames outside may seem to show; how many of them are looked at, at least.
_OUTSIDE = 0.2
_BESIDE = 4


@dataclass(frozen=True)
class Dissolve:
    """One shot turning into the next.

    Attributes:
        first, last: the first and the last frame that shows both, by their place in the clip.
        fractions: how much of the next shot each of these frames shows, between 0 and 1, growing.
    """

    first: int
    last: int
    fractions: tuple[float, ...]

    @property
    def cut(self) -> int:
        """The first frame that shows at least as much of the next shot as of the one before."""
        return self.first + sum(fraction < 0.5 for fraction in self.fractions)


def sketch(frame: FrameRGB) -> Sketch:
    """What dissolves are found from."""
    return np.asarray(cv2.resize(frame, _SKETCH, interpolation=cv2.INTER_AREA), np.uint8)


def find_dissolves(frames: Sequence[Sketch], longest: int) -> list[Dissolve]:
    """The dissolves of a clip, in order; none takes more than ``longest`` frames."""
    images = _Images(frames)
    found: list[Dissolve] = []
    for first, last in images.dips(longest):
        if any(first < each.last and last > each.first for each in found):
            continue
        dissolve = images.dissolve(first, last, longest)
        if dissolve is not None and not any(
            dissolve.first <= each.last and dissolve.last >= each.first for each in found
        ):
            found.append(dissolve)
    return sorted(found, key=lambda each: each.first)


class _Images:
    """The sketches of a clip, their shapes (without what is even), and the energy of their detail."""

    def __init__(self, frames: Sequence[Sketch]) -> None:
        self._frames = frames
        self._detail = np.array([_detail(each) for each in frames], np.float64)

    def dips(self, longest: int) -> list[tuple[int, int]]:
        """Frames (first, last) that a dissolve may lie between, the deepest dip of detail first."""
        energy, found = self._detail, []
        length = _SHORTEST
        while length <= min(longest, len(energy) - 1):
            starts = np.arange(0, len(energy) - length, max(1, length // 8))
            ends = (energy[starts] + energy[starts + length]) / 2
            both = np.minimum(energy[starts], energy[starts + length]) > _PICTURE
            depth = energy[starts + length // 2] / np.maximum(ends, 1e-9)
            found += [
                (float(depth[index]), int(starts[index]), int(starts[index]) + length)
                for index in np.flatnonzero((depth < _DIP) & both)
            ]
            length = max(length + 1, round(length * 1.3))
        # A dip that is as deep as any but wider holds the whole dissolve.
        found.sort(key=lambda each: (round(each[0], 1), each[1] - each[2]))
        return [(first, last) for _, first, last in found]

    def dissolve(self, first: int, last: int, longest: int) -> Dissolve | None:
        """The dissolve between the whole frames ``first`` and ``last``, roughly; None where there is none."""
        way: _Way | None = None
        for _ in range(_ROUNDS):
            mixture = _mixture(*(_shape(self._frames[each]) for each in (first, (first + last) // 2, last)))
            if mixture is None:
                return None
            beside = max(_BESIDE, (last - first) // 3)
            before, after = max(0, first - beside), min(len(self._frames) - 1, last + beside)
            fractions = self._fractions(first, last, mixture, before, after)
            way = _way(fractions)
            if way is None:
                return None
            start, end = before + way.start, before + way.end
            ends = max(before, int(np.floor(start + _NEAR))), min(after, int(np.ceil(end - _NEAR)))
            if not _SHORTEST <= ends[1] - ends[0] <= longest:
                return None
            if ends == (first, last):
                break
            first, last = ends
        assert way is not None  # there is at least one round
        outside = np.concatenate(
            [fractions[: first - before][-_BESIDE:], 1 - fractions[last + 1 - before :][:_BESIDE]]
        )
        if (outside > _OUTSIDE).any():
            return None
        measured = fractions[first + 1 - before : last - before]
        even = way.fractions(np.arange(first + 1, last) - before)
        if np.sqrt(np.square(even - measured).mean()) > _MISS:
            even = np.maximum.accumulate(measured)
        return Dissolve(first + 1, last - 1, tuple(float(each) for each in np.clip(even, 0.01, 0.99)))

    def _fractions(
        self, first: int, last: int, places: tuple[_Place, _Place], start: int, end: int
    ) -> NDArray[np.float64]:
        """Share of the frame ``last`` in each frame ``start .. end``, the rest being the frame ``first``.

        ``places`` is where both lie in the middle; they move on alike.
        """
        one, other = (self._frames[each].astype(np.float32) for each in (first, last))
        half = ((first + last) // 2 - first, last - (first + last) // 2)
        found = []
        for index in range(start, end + 1):
            ways = (index - first) / half[0], (last - index) / half[1]
            earlier, later = (
                _moved(image, (place[0] * way, place[1] * way))
                for image, place, way in zip((one, other), places, ways, strict=True)
            )
            difference = later - earlier
            seen = _inner(self._frames[index].astype(np.float32)) - earlier
            found.append(float((seen * difference).sum() / max(float((difference * difference).sum()), 1e-6)))
        return np.array(found)


def _detail(frame: Sketch) -> float:
    grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.float32)
    return float(np.square(grey - cv2.GaussianBlur(grey, (0, 0), 1.5)).mean())


def _shape(frame: Sketch) -> _Grey:
    grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.float32)
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8), np.float32)
    return np.asarray(grey - cv2.GaussianBlur(grey, (0, 0), 5), np.float32)


def _inner(image: NDArray[np.float32]) -> NDArray[np.float32]:
    return image[_DOWN:-_DOWN, _ACROSS:-_ACROSS]


def _moved(image: NDArray[np.float32], place: _Place) -> NDArray[np.float32]:
    """The part of ``image`` that lies ``place`` (right, down) from its middle, of the size of :func:`_inner`."""
    x, y = (float(np.clip(each, -most, most)) for each, most in zip(place, (_ACROSS, _DOWN), strict=True))
    shift = np.array([[1, 0, -x], [0, 1, -y]], np.float32)
    return _inner(np.asarray(cv2.warpAffine(image, shift, _SKETCH, borderMode=cv2.BORDER_REPLICATE), np.float32))


def _mixture(one: _Grey, middle: _Grey, other: _Grey) -> tuple[_Place, _Place] | None:
    """Where in ``one`` and in ``other`` that lies of which ``middle`` is a mixture; None where it is none.

    Places are relative to the middle. First the one that is seen best is placed, then the other in what is left, and
    the first again.
    """
    seen = np.ascontiguousarray(_inner(middle))
    seen = np.asarray(seen - seen.mean(), np.float32)
    best: tuple[float, tuple[_Place, _Place]] | None = None
    for swapped in (False, True):
        a, b = (other, one) if swapped else (one, other)
        place_a = _best_place(a, seen)
        part_a = _part(a, place_a)
        rest = np.asarray(seen - _fraction_of(part_a, seen) * part_a, np.float32)
        place_b = _best_place(b, rest)
        part_b = _part(b, place_b)
        _, fraction_b = _both(part_a, part_b, seen)
        place_a = _best_place(a, np.asarray(seen - np.float32(fraction_b) * part_b, np.float32))
        part_a = _part(a, place_a)
        explained = _explained(part_a, part_b, seen)
        if explained is not None and (best is None or explained > best[0]):
            best = explained, (place_b, place_a) if swapped else (place_a, place_b)
    return None if best is None else best[1]


def _explained(a: _Grey, b: _Grey, seen: _Grey) -> float | None:
    """How much of ``seen`` the two explain together; None where they are no two parts of a mixture."""
    total = float((seen * seen).sum())
    fractions = _both(a, b, seen)
    left = float(np.square(seen - fractions[0] * a - fractions[1] * b).sum())
    energies = float((a * a).sum()), float((b * b).sum())
    if min(total, *energies) < 1e-6:
        return None
    like = float((a * b).sum()) / np.sqrt(energies[0] * energies[1])
    without = [
        total - float((each * seen).sum()) ** 2 / energy for each, energy in zip((a, b), energies, strict=True)
    ]
    explained = 1 - left / total
    added = min(1 - left / max(each, 1e-9) for each in without)
    fits = explained > _EXPLAINED and added > _ADDED and like < _LIKE
    return explained if fits and min(fractions) > _PART and _SUM[0] < sum(fractions) < _SUM[1] else None


def _best_place(image: _Grey, seen: _Grey) -> _Place:
    likeness = cv2.matchTemplate(image, seen, cv2.TM_CCOEFF_NORMED)
    _, _, _, (x, y) = cv2.minMaxLoc(likeness)
    return float(x - _ACROSS), float(y - _DOWN)


def _part(image: _Grey, place: _Place) -> _Grey:
    part = _moved(image, place)
    return np.asarray(part - part.mean(), np.float32)


def _fraction_of(part: _Grey, seen: _Grey) -> np.float32:
    return np.float32((part * seen).sum() / max(float((part * part).sum()), 1e-6))


def _both(a: _Grey, b: _Grey, seen: _Grey) -> tuple[float, float]:
    """The fractions of both in ``seen``, by least squares."""
    products = np.array([[(a * a).sum(), (a * b).sum()], [(a * b).sum(), (b * b).sum()]], np.float64)
    towards = np.array([(a * seen).sum(), (b * seen).sum()], np.float64)
    one, other = (np.linalg.pinv(products) @ towards).tolist()
    return one, other


@dataclass(frozen=True)
class _Way:
    """A fraction that grows from 0 at ``start`` to 1 at ``end``: evenly, or with a ``soft`` beginning and end."""

    start: float
    end: float
    soft: bool

    def fractions(self, places: NDArray[np.integer]) -> NDArray[np.float64]:
        way = np.clip((places - self.start) / (self.end - self.start), 0, 1)
        return np.asarray(way * way * (3 - 2 * way) if self.soft else way)


def _way(fractions: NDArray[np.float64]) -> _Way | None:
    """The way that is nearest to ``fractions``; None where they do not grow."""
    middle = int(np.argmax(fractions >= 0.5))
    low, high = middle, middle
    while low > 0 and fractions[low - 1] > _STRAIGHT[0]:
        low -= 1
    while high + 1 < len(fractions) and fractions[high] < _STRAIGHT[1]:
        high += 1
    places = np.arange(max(0, low - 1), min(len(fractions), high + 1))
    inside = places[(fractions[places] > _STRAIGHT[0]) & (fractions[places] < _STRAIGHT[1])]
    if len(inside) < 2 or np.ptp(fractions[inside]) == 0 or np.corrcoef(inside, fractions[inside])[0, 1] < 0.9:
        return None
    ways = []
    for soft in (False, True):
        # The smooth step 3 x^2 - 2 x^3, and its inverse.
        grown = 0.5 - np.sin(np.arcsin(1 - 2 * fractions[inside]) / 3) if soft else fractions[inside]
        slope, at_zero = np.polyfit(inside, grown, 1)
        if slope > 0:
            ways.append(_Way(float(-at_zero / slope), float((1 - at_zero) / slope), soft))
    missed = [float(np.square(way.fractions(np.arange(len(fractions))) - fractions).mean()) for way in ways]
    return ways[int(np.argmin(missed))] if ways else None
