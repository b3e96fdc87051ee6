# SPDX-License-Identifier: GPL-3.0-or-later
"""The tracker for a job's settings."""

from __future__ import annotations

from collections.abc import Sequence

from ....contract.job import GIVEN_MOTIONS
from ....contract.motion_file import CameraMotion
from ....contract.track_file import FocalSource
from ..geometry.focal import focal_mm_to_px
from .given_motion_tracker import GivenMotionTracker, known_poses
from .interface import Tracker
from .solve_tracker import SolveTracker
from .static_tracker import StaticTracker


def make_tracker(
    motion: str,
    *,
    width: int,
    height: int,
    fps: float,
    focal_mm: float | None,
    quality: str,
    metadata_mm: float | None = None,
    given: CameraMotion | None = None,
    places: Sequence[int] = (),
) -> Tracker:
    """A tracker for clips of ``width`` x ``height`` pixels.

    ``motion`` as in a job's settings; ``focal_mm`` refers to a 36 mm wide sensor along the long side of the image,
    None takes ``metadata_mm``, what the metadata of the clip tell (likewise), else :data:`.focal.DEFAULT_FOCAL_MM`;
    of these two the motion may teach another. ``quality`` is ``draft``, ``normal`` or ``high``. Where ``motion`` is
    that of another camera, ``given`` tells it, and the k-th frame to come is frame ``places[k]`` in it.
    Raises ValueError when a setting is none of these.
    """
    if motion in GIVEN_MOTIONS:
        if given is None:
            raise ValueError(f"motion {motion} needs to be given")
        poses = known_poses(given)
        chosen = [poses[place] for place in places]
        return GivenMotionTracker(width=width, height=height, fps=fps, poses=chosen, upright=given.upright)
    known_mm = metadata_mm if focal_mm is None else focal_mm
    focal_px = focal_mm_to_px(known_mm, width, height)
    source: FocalSource = "default" if known_mm is None else "metadata" if focal_mm is None else "given"
    if motion == "SOLVE":
        return SolveTracker(
            width=width, height=height, fps=fps, focal_px=focal_px, focal_source=source, quality=quality
        )
    if motion == "STATIC":
        return StaticTracker(width=width, height=height, fps=fps, focal_px=focal_px, focal_source=source)
    raise ValueError(f"there is no motion {motion!r}")
