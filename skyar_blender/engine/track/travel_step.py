# SPDX-License-Identifier: GPL-3.0-or-later
"""From one frame to the next of a camera that may travel, by the model that the evidence asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..types import Matrix3
from .analysis import AnalysisScale, Grey
from .bridge import whole_step
from .epipolar import Passage, flow_of, going_on, passage
from .geometry import Floats, centred_homography, rotation_from_vector
from .rotation_fit import RotationFit, refine
from .trails import Trails, followed

#: Fewest trails, and least share of those that were followed, that go on where the picture is still the same.
_ALIVE, _ALIVE_SHARE = 25, 0.25
#: Fewest matches of a motion, and the least share of all, that are believed.
MIN_INLIERS, MIN_SHARE = 20, 0.4
#: Deviation of a match in pixels of the analysis picture that the evidence is weighed with.
_SIGMA = 0.25
#: Parallax in pixels from which a match tells its depth.
_TELLING = 0.4
#: Longest change of speed, as a factor from one frame to the next.
_FASTER = 4.0


@dataclass(frozen=True)
class Step:
    """``rotation`` from the last picture of the trails to the next, None where no motion was found.

    ``trails`` are those that went on; ``alive``: enough of them for it to be the same scene. ``travel`` (3,): t of
    ``x = R x_before + t`` in the unit of the shot, 0 where the picture only turned; ``share`` (0..1) of the matches
    agree, ``inliers`` of them.
    """

    rotation: Matrix3 | None
    trails: Trails
    alive: bool
    travel: Floats
    share: float = 0.0
    inliers: int = 0

    @property
    def travelled(self) -> bool:
        """Whether the camera changed its place."""
        return bool(self.travel.any())


def step(trails: Trails, image: Grey, velocity: Floats, travel: Floats, focal: float, scale: AnalysisScale) -> Step:
    """Follow ``trails`` into ``image``. ``velocity`` (3,) and ``travel`` (3,) are those of the frame before."""
    now, kept = followed(trails, image, _expected(trails, velocity, focal, scale))
    fewest = max(_ALIVE, _ALIVE_SHARE * len(trails))
    if len(now) < fewest:
        shift = whole_step(trails.image, image)
        if np.isfinite(shift).all():
            again, kept_again = followed(trails, image, trails.pixels + shift)
            if len(again) > len(now):
                now, kept = again, kept_again
    nothing = np.zeros(3)
    alive = len(now) >= fewest
    if len(now) < MIN_INLIERS:
        return Step(None, now, alive, nothing)
    p, q = scale.ideal(trails.pixels[kept]), scale.ideal(now.pixels)
    guess = rotation_from_vector(velocity)
    moved = going_on(p, q, focal, guess, travel / np.linalg.norm(travel)) if travel.any() else None
    turn = None
    if moved is None:
        known = travel / np.linalg.norm(travel) if travel.any() else None
        turn = _turn(guess, p, q, focal)
        guesses: list[tuple[Matrix3, Floats | None]] = [(guess, known)]
        if turn is not None:
            guesses.append((turn.rotation, None))
        moved = passage(p, q, focal, guesses)
    if turn is not None and (moved is None or _turns_only(turn, moved, p, q, focal)):
        if int(turn.inliers.sum()) < MIN_INLIERS or turn.share < MIN_SHARE:
            return Step(None, now, alive, nothing)
        rays = np.column_stack([p / focal, np.ones(len(p))])
        depth = trails.depth[kept] * (rays @ turn.rotation.T)[:, 2]
        now = replace(now, depth=depth)
        return Step(turn.rotation, now, alive, nothing, turn.share, int(turn.inliers.sum()))
    if moved is None or int(moved.inliers.sum()) < MIN_INLIERS or moved.share < MIN_SHARE:
        return Step(None, now, alive, nothing)
    length, depth = _scaled(moved, trails.depth[kept], p, q, focal, float(np.linalg.norm(travel)))
    return Step(
        moved.rotation, replace(now, depth=depth), alive, length * moved.travel, moved.share, int(moved.inliers.sum())
    )


def _expected(trails: Trails, velocity: Floats, focal: float, scale: AnalysisScale) -> Floats:
    """Where each trail goes if all goes on as it went: as fast as before, or as the camera turns where it is new."""
    expected = trails.pixels + trails.flow
    new = ~np.isfinite(trails.flow[:, 0])
    if new.any():
        turned = centred_homography(rotation_from_vector(velocity), focal, focal)
        expected[new] = scale.warp(turned).points(trails.pixels[new])
        if (~new).sum() >= 8:
            # What moved already says more of its neighbours than the turn alone.
            distance = np.square(trails.pixels[new, None] - trails.pixels[None, ~new]).sum(axis=2)
            expected[new] = trails.pixels[new] + trails.flow[~new][distance.argmin(axis=1)]
    return np.asarray(expected)


def _turn(guess: Matrix3, p: Floats, q: Floats, focal: float) -> RotationFit | None:
    return refine(guess, focal, p, q, np.ones(len(p)), focal_first=focal, zoom=False, start_px=8.0)


def _turns_only(turn: RotationFit, moved: Passage, p: Floats, q: Floats, focal: float) -> bool:
    """Whether a rotation explains the matches as well as its three numbers should (GRIC, Torr 1998)."""
    count = len(p)
    rays = np.column_stack([p / focal, np.ones(count)]) @ turn.rotation.T
    away = np.square(focal * rays[:, :2] / np.maximum(rays[:, 2:], 0.05) - q).sum(axis=1) / _SIGMA**2
    by_turn = float(np.minimum(away, 4).sum()) + 2 * count * np.log(4) + 3 * np.log(4 * count)
    off = np.square(moved.residual / _SIGMA)
    off = np.where(moved.inliers, off, 2)
    by_travel = float(np.minimum(off, 2).sum()) + 3 * count * np.log(4) + 5 * np.log(4 * count)
    return bool(by_turn <= by_travel)


def _scaled(moved: Passage, depth: Floats, p: Floats, q: Floats, focal: float, before: float) -> tuple[float, Floats]:
    """Length of the travel in the unit of the shot, and the depths (n,) in the second picture."""
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


def _middle(values: Floats, weight: Floats) -> float:
    """Weighted median."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weight[order])
    return float(values[order][int(np.searchsorted(total, 0.5 * total[-1]))])
