# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces of sky apart from the open sky, followed from frame to frame, so that all frames say one thing of each.

A window that mirrors the sky is told from it in some frames and not in others, and would flicker. As a piece hardly
changes from frame to frame, it is known again by where it lies once the camera's rotation is taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..hints import Hints
from .prediction import StoredPrediction
from .seen import open_sky
from .view import ViewDirections

#: Least share of the image for a piece, and for one that a frame's colours can judge; pieces of a frame, at most.
_LEAST = 0.0001
_JUDGED = 0.0004
_MOST = 40
#: Share of the smaller piece that must lie on the other for both to be one; frames in which it may be missing.
_OVERLAP = 0.3
_MISSING = 2
#: Share of a piece that was foreign, and log odds of it then, for its frame to say surely that it is no sky.
_HALF = 0.5
_SURELY = -2.0
#: Of the frames that can judge a piece, share that must say so for it to be no sky, and up to which it is sky.
_GROUND = 1 / 2
_SKY = 1 / 3
#: Share of its frames in which a piece is among leaves, from which it is a gap in a crown.
_LEAFY = 3 / 4
#: Frames in which a piece must be there, and in which it must be large enough to be judged.
_FRAMES = 5
_JUDGED_FRAMES = 3


@dataclass
class _Chain:
    """One piece over time: frames, those in which it is in a crown of leaves, those that could judge it, those that
    found it foreign: at all, and surely."""

    frames: int = 0
    leafy: int = 0
    judged: int = 0
    foreign: int = 0
    surely: int = 0

    @property
    def is_sky(self) -> bool | None:
        """What all frames together say of a piece that some found foreign, None where nothing.

        Gaps in crowns come and go, so nothing is said of them.
        """
        few = self.frames < _FRAMES or self.judged < _JUDGED_FRAMES
        if few or not self.foreign or self.leafy >= _LEAFY * self.frames:
            return None
        fraction = self.surely / self.judged
        return False if fraction >= _GROUND else True if fraction <= _SKY else None


@dataclass(frozen=True)
class _Piece:
    """Rows and columns of a piece's pixels in one frame, (N,) each."""

    rows: NDArray[np.int16]
    columns: NDArray[np.int16]


@dataclass(frozen=True)
class _Open:
    """The last that was seen of a chain."""

    chain: int
    piece: _Piece
    view: ViewDirections
    place: int


class Pieces:
    """The pieces of the frames of one shot, which are added in ascending order."""

    def __init__(self) -> None:
        self._chains: list[_Chain] = []
        self._open: list[_Open] = []
        self._seen: dict[int, list[tuple[int, _Piece]]] = {}
        self._shape = (0, 0)

    def add(self, place: int, found: StoredPrediction, view: ViewDirections, typical: float) -> None:
        """Take in the prediction of the frame at ``place``; ``typical``: log odds of the shot's sky."""
        self._shape = found.logits.shape
        labels, pieces = _apart(found, typical)
        chains = self._continued(labels, view, len(pieces))
        seen = []
        for number, piece in enumerate(pieces, 1):
            chain = chains.get(number)
            if chain is None:
                chain = len(self._chains)
                self._chains.append(_Chain())
            votes = self._chains[chain]
            votes.frames += 1
            votes.leafy += bool(found.crowns[piece.rows, piece.columns].mean() >= _HALF)
            if len(piece.rows) >= _JUDGED * labels.size:
                foreign = found.foreign[piece.rows, piece.columns].mean() >= _HALF
                votes.judged += 1
                votes.foreign += bool(foreign)
                votes.surely += bool(foreign and np.median(found.logits[piece.rows, piece.columns]) <= _SURELY)
            seen.append((chain, piece))
        again = {chain for chain, _ in seen}
        self._open = [one for one in self._open if one.chain not in again and place - one.place <= _MISSING]
        self._open += [_Open(chain, piece, view, place) for chain, piece in seen]
        self._seen[place] = seen

    def areas(self, place: int) -> Hints:
        """Where the frame at ``place`` shows pieces that are sky, and that are ground, by what all frames say.

        (height, width) of its prediction.
        """
        sky, ground = np.zeros((2, *self._shape), np.bool_)
        for chain, piece in self._seen.get(place, ()):
            is_sky = self._chains[chain].is_sky
            if is_sky is not None:
                (sky if is_sky else ground)[piece.rows, piece.columns] = True
        return Hints(sky, ground)

    def _continued(self, labels: NDArray[np.int32], view: ViewDirections, count: int) -> dict[int, int]:
        """The chains that pieces, numbered from 1 in ``labels``, go on with."""
        best: dict[int, tuple[int, int]] = {}
        sizes = np.bincount(labels.ravel(), minlength=count + 1)
        for one in self._open:
            for number, overlap in _overlaps(one, labels, view):
                enough = overlap >= _OVERLAP * min(len(one.piece.rows), int(sizes[number]))
                if enough and overlap > best.get(number, (0, 0))[0]:
                    best[number] = (overlap, one.chain)
        return {number: chain for number, (_, chain) in best.items()}


def _overlaps(one: _Open, labels: NDArray[np.int32], view: ViewDirections) -> Iterator[tuple[int, int]]:
    """Pieces that lie where a piece of an earlier frame does, as the camera turned, and on how many of its pixels."""
    if one.view.shape != view.shape:
        return
    middle = np.array([one.piece.columns.mean(), one.piece.rows.mean()])
    here = np.array(view.pixels(one.view.towards(middle)))
    if not np.isfinite(here).all():
        return
    across, down = np.rint(here - middle).astype(int)
    rows, columns = one.piece.rows + down, one.piece.columns + across
    inside = (rows >= 0) & (rows < labels.shape[0]) & (columns >= 0) & (columns < labels.shape[1])
    counts = np.bincount(labels[rows[inside], columns[inside]])
    yield from ((int(number), int(counts[number])) for number in np.flatnonzero(counts) if number)


def _apart(found: StoredPrediction, typical: float) -> tuple[NDArray[np.int32], list[_Piece]]:
    """The largest pieces of sky, and of what was taken for sky, that hold nothing of the open sky: numbers from 1."""
    sky = ((found.logits > 0) | found.foreign).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(sky, connectivity=4)
    sizes = stats[:, cv2.CC_STAT_AREA].copy()
    sizes[0] = 0
    sizes[np.bincount(labels[open_sky(found, typical)], minlength=count) > 0] = 0
    chosen = [int(each) for each in np.argsort(-sizes, kind="stable")[:_MOST] if sizes[each] >= _LEAST * sky.size]
    numbers = np.zeros(count, np.int32)
    numbers[chosen] = np.arange(1, len(chosen) + 1)
    pieces = []
    for each in chosen:
        left, top, width, height = stats[each, : cv2.CC_STAT_AREA]
        rows, columns = np.nonzero(labels[top : top + height, left : left + width] == each)
        pieces.append(_Piece((rows + top).astype(np.int16), (columns + left).astype(np.int16)))
    return numbers[labels], pieces
