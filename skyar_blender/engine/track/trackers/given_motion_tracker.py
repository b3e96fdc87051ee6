# SPDX-License-Identifier: GPL-3.0-or-later
"""A camera whose motion is known: from a scene, from a solve made elsewhere, or from a pipeline."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ....contract.motion_file import CameraMotion, CameraPose
from ....contract.track_file import Matrix, Source, Track, TrackFrame
from ...types import FrameRGB, Matrix3, StoredMatte
from ..geometry.focal import focal_mm_to_px
from ..geometry.rotations import camera_matrix, nearest_rotation, slerp
from .counting import pack_count, unpack_count

#: Confidence of a pose between two known ones, as a share of the lesser of theirs.
BETWEEN = 0.2


@dataclass(frozen=True)
class KnownPose:
    """A camera at one frame; ``rotation`` is from world to camera directions."""

    rotation: Matrix3
    focal_mm: float
    confidence: float
    camera: str
    distortion: float = 0.0
    interpolated: bool = False


def known_poses(motion: CameraMotion) -> list[KnownPose]:
    """One pose per frame of ``motion``; gaps are bridged along the shortest arc, with little confidence."""
    known = [index for index, pose in enumerate(motion.frames) if pose is not None]
    poses: list[KnownPose] = []
    for index, given in enumerate(motion.frames):
        if given is not None:
            poses.append(_exact(given))
            continue
        after = bisect(known, index)
        left, right = known[after - 1], known[after]
        first, second = motion.frames[left], motion.frames[right]
        assert first is not None and second is not None
        poses.append(_between(_exact(first), _exact(second), (index - left) / (right - left)))
    return poses


class GivenMotionTracker:
    """Gives each frame the camera that is known for it.

    Args:
        poses: one for each frame that will be added, in that order.
        upright: whether their world is upright, so that the track can tell how the camera stands in it.
    """

    def __init__(self, *, width: int, height: int, fps: float, poses: Sequence[KnownPose], upright: bool) -> None:
        self._width, self._height, self._fps = width, height, fps
        self._poses, self._upright = list(poses), upright
        self._count = 0

    @property
    def count(self) -> int:
        """How many frames were taken."""
        return self._count

    def add(self, frame: FrameRGB, matte: StoredMatte) -> None:
        """Count a frame. Raises ValueError when no pose is left for it."""
        if self._count == len(self._poses):
            raise ValueError(f"the camera's motion has {self._count} frames, but the clip has more")
        self._count += 1

    def checkpoint(self) -> bytes:
        """The number of frames, as JSON."""
        return pack_count("given", self._count)

    def restore(self, state: bytes) -> None:
        """Take over a state. Raises ValueError when it is damaged or of another tracker."""
        self._count = unpack_count("given", state, len(self._poses))

    def solve(self) -> Track:
        """The motion as it was given; a new shot wherever another camera begins."""
        poses = self._poses[: self._count]
        focals = [focal_mm_to_px(pose.focal_mm, self._width, self._height) for pose in poses]
        frames: list[TrackFrame] = []
        world: list[Matrix] = []
        distortion: list[float] = []
        reference = 0
        for index, pose in enumerate(poses):
            source: Source = "interpolated" if pose.interpolated else "scene"
            if index and pose.camera != poses[index - 1].camera:
                source = "cut"
            if index == 0 or source == "cut":
                reference = index
                world.append(pose.rotation.tolist())
                distortion.append(pose.distortion)
            rotation = np.eye(3) if index == reference else pose.rotation @ poses[reference].rotation.T
            before, now = (camera_matrix(focals[place], self._width, self._height) for place in (reference, index))
            frames.append(
                TrackFrame(
                    index=index,
                    homography=(now @ rotation @ np.linalg.inv(before)).tolist(),
                    rotation=rotation.tolist(),
                    confidence=pose.confidence,
                    source=source,
                )
            )
        return Track(
            width=self._width,
            height=self._height,
            fps=self._fps,
            focal_px=focals[0] if len(set(focals)) == 1 else focals,
            focal_source="camera",
            frames=frames,
            world=world if self._upright else None,
            distortion=distortion,
        )


def _exact(pose: CameraPose) -> KnownPose:
    rotation = nearest_rotation(np.array(pose.rotation, np.float64))
    return KnownPose(rotation, pose.focal_length, pose.confidence, pose.camera, pose.distortion)


def _between(first: KnownPose, second: KnownPose, fraction: float) -> KnownPose:
    return KnownPose(
        slerp(first.rotation, second.rotation, fraction),
        first.focal_mm + fraction * (second.focal_mm - first.focal_mm),
        BETWEEN * min(first.confidence, second.confidence),
        first.camera,
        first.distortion,
        interpolated=True,
    )
