# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tracker keeps: keyframes to match against, the links between them, and one record per frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from ...types import Float64Array, GreyImage, Matrix3
from ..features.points import Points
from ..geometry.gap_interpolation import NO_STEP


class Status(IntEnum):
    """How the motion of a frame was found."""

    START = 0
    SCENE = 1
    SKY = 2
    LOST = 3


#: A shot that returns after at most this many seconds was covered, not cut.
COVERED_SECONDS = 1.0


@dataclass(frozen=True)
class FramePose:
    """Orientation of one view: directions of its shot's first camera to its own; focal in analysis pixels."""

    rotation: Matrix3
    focal: float


@dataclass(frozen=True)
class Keyframe:
    """A frame that later frames are matched against."""

    number: int
    image: GreyImage
    points: Points


@dataclass(frozen=True)
class KeyPose:
    """Where a keyframe looks; kept for every keyframe, also when its image was let go. ``frame``: its index."""

    frame: int
    shot: int
    pose: FramePose
    confidence: float


@dataclass(frozen=True)
class Link:
    """A measured rotation from one keyframe to another; ``information`` is (3, 3), per radian squared."""

    first: int
    second: int
    rotation: Matrix3
    information: Float64Array


@dataclass(frozen=True)
class FrameRecord:
    """Motion of one frame relative to its keyframe.

    ``step`` (2,): where the frame, or the one before, was lost, how far the whole image moved between them, in
    analysis pixels (:func:`.gap_interpolation.whole_step`); else not a number.
    """

    shot: int
    key: int
    rotation: Matrix3
    focal: float
    confidence: float
    status: Status
    step: Float64Array = field(default_factory=lambda: NO_STEP)
