# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tracker keeps: keyframes to match against, the links between them, and one record per frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from ..types import Matrix3
from .analysis import Grey
from .bridge import NO_STEP
from .geometry import Floats
from .points import Points


class Status(IntEnum):
    """How the motion of a frame was found."""

    START = 0
    SCENE = 1
    SKY = 2
    LOST = 3


@dataclass(frozen=True)
class Pose:
    """Orientation of one view: directions of its shot's first camera to its own; focal in analysis pixels."""

    rotation: Matrix3
    focal: float


@dataclass(frozen=True)
class Keyframe:
    """A frame that later frames are matched against."""

    number: int
    image: Grey
    points: Points


@dataclass(frozen=True)
class KeyPose:
    """Where a keyframe looks; kept for every keyframe, also when its picture was let go. ``frame``: its index."""

    frame: int
    shot: int
    pose: Pose
    confidence: float


@dataclass(frozen=True)
class Link:
    """A measured rotation from one keyframe to another; ``information`` is (3, 3), per radian squared."""

    first: int
    second: int
    rotation: Matrix3
    information: Floats


@dataclass(frozen=True)
class FrameRecord:
    """Motion of one frame relative to its keyframe.

    ``step`` (2,): where the frame, or the one before, was lost, how far the whole picture moved between them, in
    analysis pixels (:func:`.bridge.whole_step`); else not a number.
    """

    shot: int
    key: int
    rotation: Matrix3
    focal: float
    confidence: float
    status: Status
    step: Floats = field(default_factory=lambda: NO_STEP)
