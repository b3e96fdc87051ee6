# SPDX-License-Identifier: GPL-3.0-or-later
"""How the camera of a shot stands in the world: the horizon of the new sky where the shot's own horizon is.

One rotation per shot, turned along by the track; so the sky never wobbles against the motion that was found. It is
that of a given camera where its world is upright, or else found from the skyline in many frames. Shots that show the
same place have one horizon and one heading, found from all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...contract.job import Settings
from ...contract.track_file import Track
from ..horizon.horizon_line import fit_horizon
from ..horizon.skyline import skyline
from ..lens import Lens
from ..track.export import shots_of
from ..types import Matrix3, StoredMatte

#: Height of the horizon (0 = lowest row, 1 = highest) when the shot does not tell.
DEFAULT_HEIGHT = 0.38
#: The same when the sky fills the image down to the lowest row: just out of sight.
BELOW_FRAME = -0.05
# Of the ends of the sky over the columns, and of these over the frames, the percentile taken for the horizon. Not
# the very lowest: one gap in a hedge or one leak of a matte is not the horizon.
_OVER_COLUMNS = 90.0
_OVER_FRAMES = 75.0
# Of the height of the sky's end above the middle of the image, how much the horizon keeps.
_HIDDEN = 0.4
_STEEPEST = math.radians(75.0)
# A horizon line is believed when this fraction of the frames shows one.
_AGREEING = 0.4
# How much of straight down a camera must have below it for its roll to mean something.
_LEAST_UPRIGHT = 0.1


@dataclass(frozen=True)
class Placement:
    """How the camera stands in the world, frame by frame.

    Attributes:
        rotations: per frame of the track, the matrix from world to camera directions.
        figures: for the report, plain data: per shot its first frame, where its horizon came from (``camera``,
            ``line``, ``skyline``, ``below_frame``, ``setting``, ``default``), the camera's pitch (up) and roll
            (clockwise) in degrees and the height of the horizon (None where the camera sees none ahead), both in the
            shot's first frame, how many mattes told, and where its heading came from (``camera``; ``place``: that of
            the earlier shot ``heading_of``, the first being 0; ``light``: its light comes from where that of the
            first shot comes from; ``middle``: the middle of its first frame).
        world: per shot, the matrix from world to camera directions in its first frame.
    """

    rotations: list[Matrix3]
    figures: dict[str, Any]
    world: list[Matrix3]

    def rotation(self, index: int) -> Matrix3:
        """Matrix from world to camera directions of frame ``index``."""
        return self.rotations[index]


@dataclass
class _Shot:
    first: int
    lens: Lens
    lowest: list[float] = field(default_factory=list)
    open_frames: int = 0
    seen: int = 0
    normals: list[NDArray[np.float64]] = field(default_factory=list)


def place(track: Track, mattes: Iterable[tuple[int, StoredMatte]], settings: Settings) -> Placement:
    """Align the world with each shot of ``track``.

    Args:
        track: one entry per frame; a shot starts at frame 0 and at each frame whose source is ``cut``. Its
            ``world`` decides where it has one, and keeps the heading and the roll where ``horizon`` decides.
        mattes: frames of the track to look at, and their mattes at any size; read once, one at a time.
        settings: ``horizon`` decides for the first shot, if it is set: of the horizon straight ahead. Of an
            equirectangular clip half way up is level.
    """
    rotations = [np.array(frame.rotation, np.float64) for frame in track.frames]
    lenses = [
        Lens.of(track.focal(index), distorted, track.width, track.height)
        for index, distorted in enumerate(track.distortions())
    ]
    shots: list[_Shot] = []
    shot_of: list[int] = []
    for position, frame in enumerate(track.frames):
        if position == 0 or frame.source == "cut":
            shots.append(_Shot(position, lenses[position]))
        shot_of.append(len(shots) - 1)
    found_here = track.world is None
    first_of = track.places() if found_here else list(range(len(shots)))
    turns = [np.eye(3)] * len(shots)
    if found_here and track.same_place:
        turns = [np.eye(3) if same is None else np.array(same.rotation, np.float64) for same in track.same_place]
    for index, matte in mattes:
        number = shot_of[index]
        _look_at(shots[first_of[number]], matte, track, lenses[index], np.asarray(rotations[index] @ turns[number]))

    bases: list[Matrix3] = []
    sources: list[str] = []
    figures = []
    for number, shot in enumerate(shots):
        wanted = settings.horizon if shot.first == 0 else None
        if first_of[number] != number:
            base, source = np.asarray(turns[number] @ bases[first_of[number]]), sources[first_of[number]]
        elif track.world is not None:
            base, source = _given(np.array(track.world[number], np.float64), shot, track, wanted)
        else:
            found, source = _down(shot, track, wanted)
            base = base_rotation(found)
        bases.append(base)
        sources.append(source)
        down, lens = base[:, 1], shot.lens
        own = first_of[number] == number
        pitch = math.degrees(math.asin(max(-1.0, min(1.0, -float(down[2])))))
        roll = math.degrees(math.atan2(float(down[0]), float(down[1])))
        row = -math.inf if down[1] < 1e-6 else _row_of_horizon(down, track, lens)
        figures.append(
            {
                "first_frame": shot.first,
                "horizon_from": source,
                "pitch_degrees": round(float(pitch), 3),
                "roll_degrees": round(roll, 3),
                "horizon_height": None
                if not math.isfinite(row)
                else round(float(1 - row / max(track.height - 1, 1)), 4),
                "frames_seen": shots[first_of[number]].seen,
                "heading_from": ("middle" if own else "place") if found_here else "camera",
                "heading_of": None if own else first_of[number],
            }
        )
    placed = [np.asarray(rotation @ bases[number]) for rotation, number in zip(rotations, shot_of, strict=True)]
    return Placement(placed, {"shots": figures}, bases)


def headed(placement: Placement, track: Track, degrees: Mapping[int, float]) -> Placement:
    """``placement`` with the worlds of some places turned to the right, by the first shot of each place."""
    places = track.places()
    world = [drifted(each, degrees.get(place, 0.0)) for each, place in zip(placement.world, places, strict=True)]
    rotations = [
        np.asarray(np.array(frame.rotation) @ world[shot])
        for frame, shot in zip(track.frames, shots_of(track), strict=True)
    ]
    shots = [
        {**shot, "heading_from": "light"} if number in degrees else shot
        for number, shot in enumerate(placement.figures["shots"])
    ]
    return Placement(rotations, {**placement.figures, "shots": shots}, world)


def drifted(rotation: Matrix3, degrees: float) -> Matrix3:
    """World to camera, for a sky that has drifted to the right by ``degrees`` about the vertical."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.asarray(rotation @ np.array([[cosine, 0.0, sine], [0.0, 1.0, 0.0], [-sine, 0.0, cosine]]))


def base_rotation(down: NDArray[np.float64]) -> Matrix3:
    """World to camera, for a camera in whose axes ``down`` (3,) is straight down, and that looks to azimuth 0."""
    ahead = np.array([0.0, 0.0, 1.0]) - down[2] * down
    if np.linalg.norm(ahead) < 1e-9:
        ahead = np.array([0.0, -down[2], 0.0])
    ahead = ahead / np.linalg.norm(ahead)
    return np.stack([np.cross(down, ahead), down, ahead], axis=1)


def _given(world: Matrix3, shot: _Shot, track: Track, wanted: float | None) -> tuple[Matrix3, str]:
    """The world of a given camera; only its heading and roll where the height of the horizon is wanted elsewhere."""
    if wanted is None:
        return world, "camera"
    down = _through(wanted, track, shot.lens, world[:, 1])
    ahead = math.atan2(world[2, 0], world[2, 2])
    sine, cosine = math.sin(ahead), math.cos(ahead)
    heading = np.array([[cosine, 0.0, -sine], [0.0, 1.0, 0.0], [sine, 0.0, cosine]])
    return np.asarray(base_rotation(down) @ heading), "setting"


def _look_at(shot: _Shot, matte: StoredMatte, track: Track, lens: Lens, rotation: Matrix3) -> None:
    line = skyline(matte, track.width, track.height)
    if line is None:
        return
    shot.seen += 1
    # Row vectors: d @ R is R.T @ d, from this camera to the shot's reference camera.
    rays = _rays(line.columns, line.rows, track, lens)
    row = _horizon_row(float(np.percentile(line.rows[line.has_sky], _OVER_COLUMNS)), track.height)
    middle = _rays(np.array([(track.width - 1) / 2]), np.array([row]), track, lens)[0] @ rotation
    shot.lowest.append(math.atan2(middle[1], middle[2]))
    shot.open_frames += bool(line.out_of_sight.mean() > 0.5)
    normal = fit_horizon(rays[line.has_sky & ~line.out_of_sight], rays[line.out_of_sight], rays[~line.has_sky])
    if normal is not None:
        shot.normals.append(normal @ rotation)


def _horizon_row(lowest_sky: float, height: int) -> float:
    """Row of the horizon that goes with the lowest sky: at it, or below it where hills or trees hide the horizon.

    Cameras are mostly held level, so the higher above the middle the sky ends, the more is hidden.
    """
    middle = (height - 1) / 2
    return lowest_sky if lowest_sky > middle else middle + _HIDDEN * (lowest_sky - middle)


def _rays(columns: NDArray[np.float64], rows: NDArray[np.float64], track: Track, lens: Lens) -> NDArray[np.float64]:
    """Unit directions of pixels in the camera, (n, 3)."""
    seen = np.stack([columns - (track.width - 1) / 2, rows - (track.height - 1) / 2], axis=1)
    rays = np.column_stack([lens.ideal(seen) / lens.focal, np.ones(len(seen))])
    return np.asarray(rays / np.linalg.norm(rays, axis=1, keepdims=True))


def _down(shot: _Shot, track: Track, wanted: float | None) -> tuple[NDArray[np.float64], str]:
    """Straight down in the shot's reference camera, and where that was learnt."""
    lens = shot.lens
    level: NDArray[np.float64] | None = None
    if shot.seen and len(shot.normals) >= max(1, _AGREEING * shot.seen):
        level = np.median(shot.normals, axis=0)
        level = level / np.linalg.norm(level)
    if wanted is not None:
        return _through(wanted, track, lens, level), "setting"
    if level is not None:
        return level, "line"
    if not shot.seen:
        return _pitched(_angle_of_height(DEFAULT_HEIGHT, track, lens)), "default"
    if shot.open_frames > 0.5 * shot.seen:
        below = _angle_of_height(BELOW_FRAME, track, lens)
        return _pitched(max(below, float(np.percentile(shot.lowest, _OVER_FRAMES)))), "below_frame"
    return _pitched(float(np.percentile(shot.lowest, _OVER_FRAMES))), "skyline"


def _through(height: float, track: Track, lens: Lens, level: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Straight down for a horizon at ``height`` in the middle of the image, with the roll of ``level``."""
    pitched = _pitched(_angle_of_height(height, track, lens))
    if level is None or level[1] < _LEAST_UPRIGHT:
        return pitched
    pitched[0] = pitched[1] * level[0] / level[1]
    return np.asarray(pitched / np.linalg.norm(pitched))


def _angle_of_height(height: float, track: Track, lens: Lens) -> float:
    """Angle below the optical axis of the row at ``height`` (0 = lowest, 1 = highest)."""
    down = (0.5 - height) * (track.height - 1)
    if track.projection == "equirectangular":
        return math.pi * down / track.height
    seen = np.array([0.0, down])
    # The model of distortion ends outside the image; from there on it grows no more.
    reach = min(1.0, lens.half_diagonal / max(abs(seen[1]), 1e-9))
    return math.atan2(lens.ideal(seen * reach)[1] / reach, lens.focal)


def _row_of_horizon(down: NDArray[np.float64], track: Track, lens: Lens) -> float:
    """Row of the horizon ahead of a camera that has ``down`` straight below it; NaN where none shows it."""
    slope = -down[2] / down[1]
    if track.projection == "equirectangular":
        below = math.atan(slope) * track.height / math.pi
    else:
        below = float(lens.seen(np.array([0.0, slope * lens.focal]))[1])
    return below + (track.height - 1) / 2


def _pitched(angle: float) -> NDArray[np.float64]:
    angle = max(-_STEEPEST, min(_STEEPEST, angle))
    return np.array([0.0, math.cos(angle), -math.sin(angle)])
