# SPDX-License-Identifier: GPL-3.0-or-later
"""Which shots of a clip show the same place, each with the first that does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ....contract.track_file import SamePlace
from ...types import Matrix3
from ..geometry.analysis import AnalysisScale
from ..geometry.rotations import nearest_rotation
from .same_place import Passage, SeenView, passage
from .views import View

#: Shots back that are looked at, and views of each.
_BACK = 12
_VIEWS = 8


def same_places(
    views: Sequence[View],
    shots: Sequence[range],
    rotations: Sequence[Matrix3],
    focals: Sequence[float],
    distortions: Sequence[float],
    scale: AnalysisScale,
) -> list[SamePlace | None]:
    """One entry per shot: the first one of those that show the same place; None for itself, and where none does.

    ``shots`` are their frames; per frame ``rotations`` from the first of its shot, and ``focals`` in analysis pixels;
    ``distortions`` per shot.
    """
    seen = [
        [
            SeenView(view, rotations[view.frame], focals[view.frame], replace(scale, distortion=distortion))
            for view in _spread([view for view in views if view.frame in shot])
        ]
        for shot, distortion in zip(shots, distortions, strict=True)
    ]
    found: list[SamePlace | None] = []
    for number, own in enumerate(seen):
        best: tuple[int, Passage] | None = None
        for other in range(max(0, number - _BACK), number):
            way = passage(seen[other], own)
            if way is not None and (best is None or way.confidence > best[1].confidence):
                best = other, way
        found.append(None if best is None else _from_first(*best, found))
    return found


def _spread(views: Sequence[View]) -> list[View]:
    ordered = sorted(views, key=lambda view: view.frame)
    if len(ordered) <= _VIEWS:
        return ordered
    return [ordered[index] for index in np.linspace(0, len(ordered) - 1, _VIEWS).round().astype(int)]


def _from_first(other: int, way: Passage, found: Sequence[SamePlace | None]) -> SamePlace:
    """``way`` from the shot with the number ``other``, as one from the first that shows the same."""
    before = found[other]
    if before is None:
        return SamePlace(shot=other, rotation=way.rotation.tolist(), confidence=way.confidence)
    rotation = nearest_rotation(way.rotation @ np.array(before.rotation))
    confidence = min(way.confidence, before.confidence)
    return SamePlace(shot=before.shot, rotation=rotation.tolist(), confidence=confidence)
