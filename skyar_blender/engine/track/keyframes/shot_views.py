# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keyframes of a shot are remembered, so that its place can be known again in another shot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..features.points import Label, Points
from ..geometry.analysis import AnalysisScale
from ..geometry.rotations import centred_homography, overlap
from ..loop_closure.views import View, view_of
from .keyframe import Keyframe, KeyPose
from .state import TrackerState

#: Two keyframes of which one shows more than this share of the other say the same.
_ALIKE = 0.75
#: Trust in what the last frame shows, of which it is not known how far it is.
_UNKNOWN = 0.5


def views_of_last_shot(data: TrackerState, scale: AnalysisScale) -> list[View]:
    """Views that ``data`` does not hold yet: first and newest keyframe, all that look elsewhere, and its end."""
    shot = data.records[-1].shot
    inside = [key for key in data.keyframes if data.poses[key.number].shot == shot]
    kept = {each.frame for each in data.views}
    ends = {key.number for key in (*inside[:1], *inside[-1:])}
    chosen = [key for key in inside if key.number in ends and data.poses[key.number].frame not in kept]
    known = [*_poses_of(data, shot, kept), *(data.poses[key.number] for key in chosen)]
    for key in inside:
        if key.number not in ends and not _looks_alike(data.poses[key.number], known, scale):
            chosen.append(key)
            known.append(data.poses[key.number])
    views = [_view(data, key) for key in chosen]
    last, previous = len(data.records) - 1, data.previous
    if previous is not None and len(previous.pixels) and last not in {*kept, *(view.frame for view in views)}:
        label = np.where(previous.land, Label.NEAR, Label.SKY).astype(np.uint8)
        trust = np.full(len(label), _UNKNOWN)
        views.append(view_of(last, previous.image, Points(previous.pixels, label, trust)))
    return views


def remember(data: TrackerState, key: Keyframe, scale: AnalysisScale) -> None:
    """Keep a view of a keyframe that is let go, unless its shot has one that looks to the same side."""
    pose = data.poses[key.number]
    if not _looks_alike(pose, _poses_of(data, pose.shot, {each.frame for each in data.views}), scale):
        data.views.append(_view(data, key))


def _view(data: TrackerState, key: Keyframe) -> View:
    return view_of(data.poses[key.number].frame, key.image, key.points)


def _poses_of(data: TrackerState, shot: int, frames: set[int]) -> list[KeyPose]:
    return [pose for pose in data.poses if pose.shot == shot and pose.frame in frames]


def _looks_alike(pose: KeyPose, known: Sequence[KeyPose], scale: AnalysisScale) -> bool:
    width, height = scale.width, scale.height * scale.aspect
    for other in known:
        turn = np.asarray(pose.pose.rotation @ other.pose.rotation.T)
        homography = centred_homography(turn, other.pose.focal, pose.pose.focal)
        if overlap(homography, width, height) > _ALIKE:
            return True
    return False
