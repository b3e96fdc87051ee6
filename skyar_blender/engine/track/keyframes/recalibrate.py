# SPDX-License-Identifier: GPL-3.0-or-later
"""The lens of a shot, asked for while it is still followed: with a wrong one, far turns tear a shot apart."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ...lens import Lens
from ..geometry.analysis import AnalysisScale
from ..geometry.rotations import nearest_rotation, vector_from_rotation
from ..rotation.calibration import roughly_calibrated
from .keyframe import FramePose, Status
from .state import TrackerState

#: Turn in radians from which the motion may tell a focal length, and how much more there must be to ask again.
_TURN = math.radians(8.0)
_AGAIN = 1.7


def recalibrate(data: TrackerState, scale: AnalysisScale, *, free_focal: bool) -> None:
    """Give the current shot the lens that its motion tells by now, and the rotations that go with it.

    Asked only now and then, as the camera turns farther, so that the cost stays small.
    """
    last = data.records[-1]
    turned = float(np.linalg.norm(vector_from_rotation(last.rotation @ data.poses[last.key].pose.rotation)))
    if turned < max(_TURN, _AGAIN * data.turn_asked):
        return
    data.turn_asked = turned
    frames = [
        index
        for index, record in enumerate(data.records)
        if record.shot == last.shot and record.status != Status.LOST
    ]
    place = {frame: index for index, frame in enumerate(frames)}
    inside = [
        replace(each, first=place[each.first], second=place[each.second])
        for each in data.observations
        if each.first in place and each.second in place
    ]
    records = [data.records[frame] for frame in frames]
    lens = Lens(records[0].focal, data.distortion(last.shot), scale.half_diagonal)
    agreement = roughly_calibrated(
        [np.asarray(record.rotation @ data.poses[record.key].pose.rotation) for record in records],
        np.array([record.focal / lens.focal for record in records]),
        inside,
        lens,
        free_focal=free_focal,
    )
    if agreement.lens == lens:
        return
    data.distortions[last.shot] = agreement.lens.distortion
    longer = agreement.lens.focal / lens.focal
    _take_over(data, last.shot, dict(zip(frames, agreement.rotations, strict=True)), longer)


def _take_over(data: TrackerState, shot: int, rotations: dict[int, np.ndarray], longer: float) -> None:
    """``rotations`` of frames, from the first of the shot; ``longer``: the new focal length over the old."""
    data.poses = [
        replace(pose, pose=FramePose(nearest_rotation(np.asarray(rotations[pose.frame])), pose.pose.focal * longer))
        if pose.shot == shot
        else pose
        for pose in data.poses
    ]
    turned = [pose.pose.rotation for pose in data.poses]
    data.links = [
        replace(link, rotation=np.asarray(turned[link.second] @ turned[link.first].T))
        if data.poses[link.first].shot == data.poses[link.second].shot == shot
        else link
        for link in data.links
    ]
    for index, record in enumerate(data.records):
        if record.shot != shot:
            continue
        rotation = record.rotation
        if index in rotations:
            rotation = nearest_rotation(np.asarray(rotations[index] @ turned[record.key].T))
        data.records[index] = replace(record, rotation=rotation, focal=record.focal * longer)
