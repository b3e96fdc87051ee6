# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keyframes of a shot are remembered, so that its place can be known again in another shot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..geometry.analysis import AnalysisScale
from ..geometry.rotations import centred_homography, overlap
from ..loop_closure.views import View, view_of
from .keyframe import Keyframe, KeyPose
from .state import TrackerState

#: Two keyframes of which one shows more than this share of the other say the same.
_ALIKE = 0.75


def views_of_last_shot(data: TrackerState, scale: AnalysisScale) -> list[View]:
    """Views that ``data`` does not hold yet: its first and its newest keyframe, and all that look elsewhere."""
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
    return [_view(data, key) for key in chosen]


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
