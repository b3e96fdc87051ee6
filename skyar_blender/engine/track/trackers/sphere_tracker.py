# SPDX-License-Identifier: GPL-3.0-or-later
"""Following a 360-degree camera: how its sphere turns from frame to frame.

Each frame is turned back by what is known of it and compared with a key frame, so that points move little and
nothing adds up as long as the key frame holds. The rotation is the one that most points agree on (random sample
consensus, Fischler and Bolles 1981; Kabsch 1976). Where the camera travels, near points move against far ones, and
the far ones, near the horizon, are more.
"""

from __future__ import annotations

import math
from io import BytesIO
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ....contract.track_file import Source, Track, TrackFrame
from ...round_trip import round_trip
from ...sphere.directions import directions, focal_of, turned
from ...types import FrameRGB, GreyImage, Matrix3, Rays, StoredMatte
from ..geometry.rotations import nearest_rotation

#: Width at which points are followed; points; least that must agree, and fraction of those followed.
_WIDTH = 1280
_POINTS = 600
_LEAST = 20
_FRACTION = 0.35
#: Elevation (degrees) up to which points are taken, angle by which they may miss, pixels by which they come back.
_STEEP = 60.0
_MISS = math.radians(0.4)
_BACK = 0.7
_TRIALS = 120


class SphereTracker:
    """The turns of an equirectangular clip of ``width`` x ``height`` pixels."""

    def __init__(self, *, width: int, height: int, fps: float) -> None:
        self._size, self._fps = (width, height), fps
        self._rotations: list[Matrix3] = []
        self._reported: list[tuple[int, float, float, bool]] = []  # points, residual in radians, confidence, cut
        self._key: tuple[GreyImage, GreyImage, Matrix3] | None = None
        self._last: tuple[GreyImage, GreyImage, Matrix3] | None = None

    @property
    def count(self) -> int:
        """How many frames were taken."""
        return len(self._rotations)

    def add(self, frame: FrameRGB, matte: StoredMatte) -> None:
        """Take the next frame with its matte, both at the clip's size."""
        size = min(_WIDTH, self._size[0]), min(_WIDTH, self._size[0]) // 2
        grey = np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
        ground = np.asarray((cv2.resize(matte, size, interpolation=cv2.INTER_AREA) < 6500) * 255, np.uint8)
        if self._key is None or self._last is None:
            self._begin(grey, ground, cut=False)
            return
        guess = self._last[2]
        for key in (self._key, self._last):
            found = _turn(key, grey, guess)
            if found is not None:
                rotation, agreed, fraction, residual = found
                confidence = min(1.0, agreed / 60) * min(1.0, fraction / 0.7)
                self._rotations.append(rotation)
                self._reported.append((agreed, residual, confidence, False))
                self._last = grey, ground, rotation
                if fraction < 2 * _FRACTION or key is not self._key:
                    self._key = self._last
                return
        self._begin(grey, ground, cut=True)

    def _begin(self, grey: GreyImage, ground: GreyImage, cut: bool) -> None:
        self._key = self._last = grey, ground, np.eye(3)
        self._rotations.append(np.eye(3))
        self._reported.append((0, 0.0, 0.25 if cut else 1.0, cut))

    def checkpoint(self) -> bytes:
        """The state so far."""
        content = BytesIO()
        kept: dict[str, Any] = {"rotations": np.array(self._rotations), "told": np.array(self._reported, np.float64)}
        for name, frame in (("key", self._key), ("last", self._last)):
            if frame is not None:
                kept |= {f"{name}_{part}": value for part, value in enumerate(frame)}
        np.savez_compressed(content, **kept)
        return content.getvalue()

    def restore(self, state: bytes) -> None:
        """Take over a state. Raises ValueError when it is damaged."""
        try:
            with np.load(BytesIO(state), allow_pickle=False) as kept:
                rotations, reported = list(kept["rotations"]), kept["told"].tolist()
                frames = [
                    tuple(kept[f"{name}_{part}"] for part in range(3)) if f"{name}_0" in kept else None
                    for name in ("key", "last")
                ]
        except Exception as error:  # whatever a damaged archive brings about
            raise ValueError(f"the state of the track is damaged ({error})") from error
        self._rotations = rotations
        self._reported = [(int(points), residual, sure, bool(cut)) for points, residual, sure, cut in reported]
        self._key, self._last = frames

    def solve(self) -> Track:
        """The motion of every frame taken."""
        focal = focal_of(self._size[0])
        alone = self.count == 1
        frames = []
        for index, (rotation, reported) in enumerate(zip(self._rotations, self._reported, strict=True)):
            points, residual, confidence, cut = reported
            source: Source = "cut" if cut else "scene"
            frames.append(
                TrackFrame(
                    index=index,
                    homography=np.eye(3).tolist(),
                    rotation=rotation.tolist(),
                    confidence=1.0 if alone else float(confidence),
                    source=source,
                    points=points,
                    residual_px=residual * focal if points else None,
                )
            )
        return Track(
            width=self._size[0],
            height=self._size[1],
            fps=self._fps,
            focal_px=focal,
            focal_source="camera",
            frames=frames,
        )


def _turn(
    key: tuple[GreyImage, GreyImage, Matrix3], grey: GreyImage, guess: Matrix3
) -> tuple[Matrix3, int, float, float] | None:
    """Rotation of a frame, points that agree on it, their fraction, and how far they miss it (radians, rms)."""
    before, ground, rotation = key
    height, width = grey.shape
    step = guess @ rotation.T  # from the key frame to this one, as guessed
    back = turned(grey, np.asarray(step.T))
    rows = np.abs((np.arange(height) + 0.5) / height - 0.5) * 180 < _STEEP
    mask = np.asarray(ground * rows[:, None], np.uint8)
    points = cv2.goodFeaturesToTrack(before, _POINTS, 0.005, 6, mask=mask)
    if points is None or len(points) < _LEAST:
        return None
    moved, good = round_trip(before, back, points, _BACK)
    if good.sum() < _LEAST:
        return None
    ends = [each.reshape(-1, 2)[good] for each in (points, moved)]
    first, second = (directions(each[:, 0], each[:, 1], width, height) for each in ends)
    agreed = _agreed(first, second)
    if agreed.sum() < max(_LEAST, _FRACTION * len(first)):
        return None
    fine = _fitted(first[agreed], second[agreed])
    miss = np.linalg.norm(first[agreed] @ fine.T - second[agreed], axis=1)
    found = nearest_rotation(np.asarray(step @ fine @ rotation))
    return found, int(agreed.sum()), float(agreed.mean()), float(np.sqrt(np.square(miss).mean()))


def _agreed(first: Rays, second: Rays) -> NDArray[np.bool_]:
    """Which pairs the rotation that most of them agree on explains."""
    random = np.random.default_rng(0)
    best = np.zeros(len(first), np.bool_)
    for _ in range(_TRIALS):
        chosen = random.choice(len(first), 3, replace=False)
        rotation = _fitted(first[chosen], second[chosen])
        near = np.linalg.norm(first @ rotation.T - second, axis=1) < _MISS
        if near.sum() > best.sum():
            best = near
    return best


def _fitted(first: Rays, second: Rays) -> Matrix3:
    """The rotation that turns ``first`` into ``second`` best (Kabsch 1976)."""
    return nearest_rotation(np.asarray(second.T @ first))
