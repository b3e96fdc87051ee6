# SPDX-License-Identifier: GPL-3.0-or-later
"""From one frame to the next of a camera that may travel, by the model that the evidence asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...types import Float64Array, GreyImage, Matrix3
from ..features.feature_tracks import FeatureTracks, followed
from ..geometry.analysis import AnalysisScale
from ..geometry.gap_interpolation import global_shift
from ..geometry.rotations import centred_homography, rotation_from_vector
from ..rotation.rotation_fit import RotationFit, refine
from .epipolar import RelativePose, flow_of, going_on, relative_pose

#: Fewest trails, and least fraction of those that were followed, that go on where the image is still the same.
_ALIVE = 25
_ALIVE_FRACTION = 0.25
#: Fewest matches of a motion, and the least fraction of all, that are believed.
MIN_INLIERS = 20
MIN_FRACTION = 0.4
#: Deviation of a match in pixels of the analysis image that the evidence is weighed with.
_SIGMA = 0.25
#: Parallax in pixels from which a match tells its depth.
_TELLING = 0.4
#: Longest change of speed, as a factor from one frame to the next.
_FASTER = 4.0


@dataclass(frozen=True)
class FrameStep:
    """``rotation`` from the last image of the trails to the next, None where no motion was found.

    ``feature_tracks`` are those that went on; ``alive``: enough of them for it to be the same scene. ``travel`` (3,):
    t of ``x = R x_before + t`` in the unit of the shot, 0 where the image only turned; ``fraction`` (0..1) of the
    matches agree, ``inliers`` of them.
    """

    rotation: Matrix3 | None
    feature_tracks: FeatureTracks
    alive: bool
    travel: Float64Array
    fraction: float = 0.0
    inliers: int = 0

    @property
    def travelled(self) -> bool:
        """Whether the camera changed its place."""
        return bool(self.travel.any())


def step(
    feature_tracks: FeatureTracks,
    image: GreyImage,
    velocity: Float64Array,
    travel: Float64Array,
    focal: float,
    scale: AnalysisScale,
) -> FrameStep:
    """Follow the tracks into ``image``. ``velocity`` (3,) and ``travel`` (3,) are those of the frame before."""
    now, kept = followed(feature_tracks, image, _expected(feature_tracks, velocity, focal, scale))
    fewest = max(_ALIVE, _ALIVE_FRACTION * len(feature_tracks))
    if len(now) < fewest:
        shift = global_shift(feature_tracks.image, image)
        if np.isfinite(shift).all():
            again, kept_again = followed(feature_tracks, image, feature_tracks.pixels + shift)
            if len(again) > len(now):
                now, kept = again, kept_again
    nothing = np.zeros(3)
    alive = len(now) >= fewest
    if len(now) < MIN_INLIERS:
        return FrameStep(None, now, alive, nothing)
    p, q = scale.ideal(feature_tracks.pixels[kept]), scale.ideal(now.pixels)
    guess = rotation_from_vector(velocity)
    moved = going_on(p, q, focal, guess, travel / np.linalg.norm(travel)) if travel.any() else None
    turn = None
    if moved is None:
        known = travel / np.linalg.norm(travel) if travel.any() else None
        turn = _turn(guess, p, q, focal)
        guesses: list[tuple[Matrix3, Float64Array | None]] = [(guess, known)]
        if turn is not None:
            guesses.append((turn.rotation, None))
        moved = relative_pose(p, q, focal, guesses)
    if turn is not None and (moved is None or _turns_only(turn, moved, p, q, focal)):
        if int(turn.inliers.sum()) < MIN_INLIERS or turn.fraction < MIN_FRACTION:
            return FrameStep(None, now, alive, nothing)
        rays = np.column_stack([p / focal, np.ones(len(p))])
        depth = feature_tracks.depth[kept] * (rays @ turn.rotation.T)[:, 2]
        now = replace(now, depth=depth)
        return FrameStep(turn.rotation, now, alive, nothing, turn.fraction, int(turn.inliers.sum()))
    if moved is None or int(moved.inliers.sum()) < MIN_INLIERS or moved.fraction < MIN_FRACTION:
        return FrameStep(None, now, alive, nothing)
    length, depth = _scaled(moved, feature_tracks.depth[kept], p, q, focal, float(np.linalg.norm(travel)))
    return FrameStep(
        moved.rotation,
        replace(now, depth=depth),
        alive,
        length * moved.travel,
        moved.fraction,
        int(moved.inliers.sum()),
    )


def _expected(
    feature_tracks: FeatureTracks, velocity: Float64Array, focal: float, scale: AnalysisScale
) -> Float64Array:
    """Where each trail goes if all goes on as it went: as fast as before, or as the camera turns where it is new."""
    expected = feature_tracks.pixels + feature_tracks.flow
    new = ~np.isfinite(feature_tracks.flow[:, 0])
    if new.any():
        turned = centred_homography(rotation_from_vector(velocity), focal, focal)
        expected[new] = scale.warp(turned).points(feature_tracks.pixels[new])
        if (~new).sum() >= 8:
            # What moved already says more of its neighbours than the turn alone.
            distance = np.square(feature_tracks.pixels[new, None] - feature_tracks.pixels[None, ~new]).sum(axis=2)
            expected[new] = feature_tracks.pixels[new] + feature_tracks.flow[~new][distance.argmin(axis=1)]
    return np.asarray(expected)


def _turn(guess: Matrix3, p: Float64Array, q: Float64Array, focal: float) -> RotationFit | None:
    return refine(guess, focal, p, q, np.ones(len(p)), focal_first=focal, zoom=False, start_px=8.0)


def _turns_only(turn: RotationFit, moved: RelativePose, p: Float64Array, q: Float64Array, focal: float) -> bool:
    """Whether a rotation explains the matches as well as its three numbers should (GRIC, Torr 1998)."""
    count = len(p)
    rays = np.column_stack([p / focal, np.ones(count)]) @ turn.rotation.T
    away = np.square(focal * rays[:, :2] / np.maximum(rays[:, 2:], 0.05) - q).sum(axis=1) / _SIGMA**2
    by_turn = float(np.minimum(away, 4).sum()) + 2 * count * np.log(4) + 3 * np.log(4 * count)
    off = np.square(moved.residual / _SIGMA)
    off = np.where(moved.inliers, off, 2)
    by_travel = float(np.minimum(off, 2).sum()) + 3 * count * np.log(4) + 5 * np.log(4 * count)
    return bool(by_turn <= by_travel)


def _scaled(
    moved: RelativePose, depth: Float64Array, p: Float64Array, q: Float64Array, focal: float, before: float
) -> tuple[float, Float64Array]:
    """Length of the travel in the unit of the shot, and the depths (n,) in the second image."""
    flow = flow_of(moved, q, focal)
    telling = moved.inliers & (flow > _TELLING)
    both = telling & np.isfinite(depth)
    length = before if before > 0 else 1.0
    if both.sum() >= 6:
        length = _middle(moved.parallax[both] * depth[both], flow[both])
        if before > 0:
            length = float(np.clip(length, before / _FASTER, before * _FASTER))
    found = np.where(telling, length / np.where(telling, moved.parallax, 1.0), depth)
    rays = np.column_stack([p / focal, np.ones(len(p))])
    now = found * (rays @ moved.rotation.T)[:, 2] + length * moved.travel[2]
    return length, np.where(now > 0, now, np.nan)


def _middle(values: Float64Array, weight: Float64Array) -> float:
    """Weighted median."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weight[order])
    return float(values[order][int(np.searchsorted(total, 0.5 * total[-1]))])
