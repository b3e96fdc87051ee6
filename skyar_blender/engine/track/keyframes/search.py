# SPDX-License-Identifier: GPL-3.0-or-later
"""The rotation to the next image: from the keyframe in use by the best guess, or from any of them by none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ...types import GreyImage, Matrix3
from ..features.points import Label, Points
from ..geometry.analysis import AnalysisScale
from ..geometry.rotations import centred_homography, rotation_from_vector
from ..rotation.relocate import relocate
from .follow import Followed, displacement, follow
from .keyframe import Keyframe
from .sharpness import has_much_to_see
from .state import Previous, TrackerState

#: Confidence at which no other guess is tried.
SURE = 0.4


def search(data: TrackerState, scale: AnalysisScale, image: GreyImage) -> tuple[Keyframe, Followed] | None:
    """The motion from a keyframe to ``image``, by the best guess that leads to one."""
    key = data.current_key
    last = data.records[-1]
    best: Followed | None = None
    for attempt, guess in enumerate(_guesses(data, scale, image)):
        found = follow_keyframe(data, scale, key, image, guess, last.focal, attempt)
        if found is not None and (best is None or found.support > best.support):
            best = found
        if best is not None and best.confidence > min(SURE, 0.7 * last.confidence):
            break
    return None if best is None else (key, best)


def _guesses(data: TrackerState, scale: AnalysisScale, image: GreyImage) -> Iterator[Matrix3]:
    """Rotations from the current keyframe to ``image``, the cheapest first."""
    last = data.records[-1]
    if data.previous is not None and len(data.previous.weights):
        yield np.asarray(rotation_from_vector(data.velocity) @ last.rotation)
        step = _step(data, scale, data.previous, image, last.focal)
        if step is not None:
            yield np.asarray(step @ last.rotation)
    yield last.rotation


def _step(
    data: TrackerState, scale: AnalysisScale, previous: Previous, image: GreyImage, focal: float
) -> Matrix3 | None:
    """Rotation from the frame before to this one."""
    order = np.argsort(-previous.weights, kind="stable")[:140]
    order = order[previous.weights[order] > 0]
    points = Points(previous.pixels[order], np.full(len(order), Label.FAR, np.uint8), previous.weights[order])
    found = follow(
        previous.image, points, focal, image, lens_of(data, scale, data.records[-1].shot), np.eye(3), focal,
        zooming=False, seed=1000 * len(data.records), levels=3,
    )  # fmt: skip
    return None if found is None else found.rotation


def follow_keyframe(
    data: TrackerState,
    scale: AnalysisScale,
    key: Keyframe,
    image: GreyImage,
    guess: Matrix3,
    focal: float,
    attempt: int,
) -> Followed | None:
    """Follow a keyframe into ``image``; once more from the result when the guess was far off."""
    pose = data.poses[key.number]
    focal_key, lens = pose.pose.focal, lens_of(data, scale, pose.shot)
    found: Followed | None = None
    for levels in (2, 1):
        found = follow(
            key.image, key.points, focal_key, image, lens, guess, focal,
            zooming=data.zooming, seed=1000 * len(data.records) + 10 * attempt + levels, levels=levels,
        )  # fmt: skip
        if found is None:
            return None
        moved = displacement(
            centred_homography(guess, focal_key, focal),
            centred_homography(found.rotation, focal_key, found.focal),
            lens,
        )
        if moved < 6.0:
            break
        guess, focal = found.rotation, found.focal
    return found


def relocated(
    data: TrackerState, scale: AnalysisScale, image: GreyImage, covered: int
) -> tuple[Keyframe, Followed] | None:
    """Look for ``image`` in the keyframes without a guess: the current, the newest, the oldest.

    Of other shots only in those left at most ``covered`` frames ago; what comes back later is a shot of its own.
    """
    tried: list[int] = []
    recent = {record.shot for record in data.records[-covered - 1 :]}
    for key in (data.current_key, *reversed(data.keyframes[-2:]), data.keyframes[0]):
        known = key.number in tried or data.poses[key.number].shot not in recent
        if known or not has_much_to_see(key.image, key.points):
            continue
        tried.append(key.number)
        focal, lens = data.poses[key.number].pose.focal, lens_of(data, scale, data.poses[key.number].shot)
        guess = relocate(key.image, image, lens, focal, focal, 1000 * len(data.records) + 500)
        if guess is None:
            continue
        found = follow_keyframe(data, scale, key, image, guess, focal, 60)
        if found is not None:
            return key, found
    return None


def lens_of(data: TrackerState, scale: AnalysisScale, shot: int) -> AnalysisScale:
    """The scale with the distortion of a shot."""
    distortion = data.distortion(shot)
    return replace(scale, distortion=distortion) if distortion else scale
