# SPDX-License-Identifier: GPL-3.0-or-later
"""A panorama whose clouds drift in a wind, while its sun and its clear sky stay where they are.

Each pixel has the cloud's distance, so that what is low overhead passes quickly, what is high or far off slowly, and
nothing moves at the horizon. A drift comes round: in its last seconds it dissolves into its beginning, in which the
clouds stand as in the picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..media.exr import read_channels, single, unreadable
from ..types import Float32Array, Float64Array, FloatMap, LinearRGB, Matrix3, StoredRGB
from .panorama import PanoramaSky
from .view_map import view_map

#: Radius of the earth, kilometres.
_EARTH = 6360.0
# Degrees around the sun within which its glare stays, whatever cloud comes before it.
_GLARE = 4.0
# The disc of the sun, with the softness of its rim: degrees from its middle; and what is brighter than its
# surroundings by so many times belongs to it.
_DISC = 0.45
_OVER = 3.0
# What is left of the disc behind any cloud.
_THROUGH = 0.15
# Below the horizon the drift ends within so many degrees.
_BELOW = 4.0
# Cells of a view's grid for each pixel of the drift's maps, and in a draft.
_CELLS = 2
_ROUGH_CELLS = 0.5
# Rounds by which the place that a cloud came from is found.
_ROUNDS = 4


@dataclass(frozen=True)
class Drift:
    """How the clouds of a panorama drift.

    Attributes:
        heading: degrees from the panorama's middle to the right that they drift to.
        seconds: after which the drift comes round; in the last ``dissolve`` of them it dissolves.
        rate: radians per second by which cloud moves across the view, (h, w), of the upper half.
        cover: 0..1, how much cloud is before the sky, (h, w), of the upper half.
        still: the clear sky with the sun's glare, without its disc, (h, w, 3), of the upper half; None where all is
            cloud.
        sun: azimuth and elevation of the disc, degrees; None without one.
    """

    heading: float
    seconds: float
    dissolve: float
    rate: FloatMap
    cover: FloatMap
    still: LinearRGB | None
    sun: tuple[float, float] | None

    @classmethod
    def of(cls, given: Mapping[str, Any], path: Path) -> Drift | None:
        """What the description of the sky at ``path`` says of its drift; None where it says nothing.

        Raises:
            SkyarError: ``sky_unreadable``: the file of the drift cannot be read.
        """
        said = given.get("drift")
        if said is None:
            return None
        sun = given.get("sun_direction")
        at = None if sun is None else (float(sun[0]), float(sun[1]))
        speed, height = float(said["speed"]) / 1000, float(said["height"]) / 1000
        seconds, dissolve = float(said["seconds"]), float(said.get("dissolve", 0.25 * said["seconds"]))
        if "file" not in said:
            rate = np.repeat(speed / _distances(256, height)[:, None], 8, axis=1).astype(np.float32)
            return cls(float(said["heading"]), seconds, dissolve, rate, np.ones_like(rate), None, at)
        file = path.parent / said["file"]
        channels = read_channels(file)
        if not set("RGBAN") <= set(channels):
            raise unreadable(file, f"It has the channels {', '.join(channels)}.", "Install SkyAR again.")
        still = np.stack([channels[name] for name in "RGB"], axis=-1)
        return cls(float(said["heading"]), seconds, dissolve, speed * channels["N"], channels["A"], still, at)

    def mirrored(self) -> Drift:
        """Of the picture with left and right swapped."""
        still = None if self.still is None else np.ascontiguousarray(self.still[:, ::-1])
        sides = [np.ascontiguousarray(each[:, ::-1]) for each in (self.rate, self.cover)]
        sun = None if self.sun is None else (-self.sun[0], self.sun[1])
        return replace(self, heading=-self.heading, rate=sides[0], cover=sides[1], still=still, sun=sun)

    def brighter(self, gain: float) -> Drift:
        """Of the picture with all its values times ``gain``."""
        return self if self.still is None else replace(self, still=self.still * np.float32(gain))


class DriftingSky:
    """A panorama at a moment of its drift; see :class:`.panorama.PanoramaSky` and :class:`Drift`."""

    def __init__(
        self, image: StoredRGB, drift: Drift, turn: float = 0.0, raised: float = 0.0, roughly: bool = False
    ) -> None:
        """``image`` as of a panorama; its sun's disc is taken out of it.

        ``roughly``: for a draft, what changes as clouds drift is looked up a quarter as finely.
        """
        self._drift, self._time, self._cells = drift, 0.0, _ROUGH_CELLS if roughly else _CELLS
        self._disc = _Disc.out_of(image, drift)
        self._panorama = PanoramaSky(image, turn, raised)
        maps = [drift.cover[..., None]] if drift.still is None else [drift.still, drift.cover[..., None]]
        self._maps = _around(np.concatenate(maps, axis=2))
        self._rate = _around(drift.rate[..., None])

    def at(self, seconds: float) -> DriftingSky:
        """The same sky at another moment; shares all that was made ready of it."""
        other = copy(self)
        other._time = seconds % self._drift.seconds
        return other

    def oriented(self, turn: float, raised: float) -> DriftingSky:
        """The same sky, turned and raised in another way."""
        other = copy(self)
        other._panorama = self._panorama.oriented(turn, raised)
        return other

    def view(self, rotation: Matrix3, focal_px: float, width: int, height: int, distortion: float = 0.0) -> LinearRGB:
        """See :class:`..sky_image.SkyImage`."""
        camera = (rotation, focal_px, width, height, distortion)
        here = view_map(self._panorama.directions(rotation), *camera)
        view = self._moved(self._time, camera, here)
        ending = self._time - (self._drift.seconds - self._drift.dissolve)
        if ending > 0:
            part = ending / self._drift.dissolve
            part = part * part * (3 - 2 * part)
            view += np.float32(part) * (self._moved(self._time - self._drift.seconds, camera, here) - view)
        return view

    def _moved(
        self, seconds: float, camera: tuple[Matrix3, float, int, int, float], here: tuple[FloatMap, FloatMap]
    ) -> LinearRGB:
        """The view once clouds have drifted for so long from where the picture has them.

        ``here``: azimuth and elevation on the picture of each pixel, radians.
        """
        rotation, focal_px, *_ = camera
        directions = self._panorama.directions(rotation)

        def chart(azimuth: Float64Array, elevation: Float64Array) -> tuple[Float64Array, Float64Array]:
            return self._source(*directions(azimuth, elevation), seconds)

        there = view_map(chart, *camera, bent=4 / focal_px)
        grid = _Grid.of(self._maps.shape[1] * self._cells, focal_px, there[0].shape)
        coarse_here, coarse_there = ((grid.taken(each[0]), grid.taken(each[1])) for each in (here, there))
        view = self._panorama.looked_up(*there, focal_px)
        if self._drift.still is None:
            return view
        maps = self._sampled(self._maps, *coarse_there)
        cover = maps[..., 3:]
        open_ = 1 - cover
        if self._drift.sun is not None:
            near = np.maximum(_near(*coarse_here, self._drift.sun), _near(*coarse_there, self._drift.sun))
            open_ = open_ + cover * near[..., None]
        change = open_ * (self._sampled(self._maps, *coarse_here)[..., :3] - maps[..., :3])
        view += grid.filled(change)
        np.maximum(view, 0, out=view)
        if self._disc is not None:
            self._disc.put_behind(view, here, cover[..., 0], grid)
        return view

    def _source(
        self, azimuth: Float64Array, elevation: Float64Array, seconds: float
    ) -> tuple[Float64Array, Float64Array]:
        """Where on the picture is what has drifted to these directions."""
        heading = math.radians(self._drift.heading)
        right, ahead, up = (
            np.sin(azimuth) * np.cos(elevation),
            np.cos(azimuth) * np.cos(elevation),
            np.sin(elevation),
        )
        along = right * math.sin(heading) + ahead * math.cos(heading)
        a, e = azimuth, elevation
        # As far as the wind goes in a second: the distance that the cloud had, `away`, and the one that it has now.
        for _ in range(_ROUNDS):
            rate = np.maximum(self._rates(a, e), 1e-9)
            away = 1 / rate
            now = seconds * along + np.sqrt(np.maximum(away**2 - seconds**2 * (1 - along**2), 0.01 * away**2))
            moved = seconds / np.maximum(now, 0.1 * away)
            x, y = right - moved * math.sin(heading), ahead - moved * math.cos(heading)
            aside = np.arctan2(x, y) - azimuth
            a = azimuth + (aside + np.pi) % (2 * np.pi) - np.pi
            e = np.arctan2(up, np.hypot(x, y))
        return a, e

    def _rates(self, azimuth: Float64Array, elevation: Float64Array) -> Float64Array:
        rate = self._sampled(self._rate, azimuth.astype(np.float32), elevation.astype(np.float32))
        return np.asarray(rate * np.clip(1 + elevation / math.radians(_BELOW), 0, 1), np.float64)

    def _sampled(self, maps: Float32Array, azimuth: FloatMap, elevation: FloatMap) -> Float32Array:
        """Maps of the upper half, padded by a column on each side, at directions on the picture."""
        rows, columns = maps.shape[0], maps.shape[1] - 2
        x = np.mod(azimuth * np.float32(columns / (2 * math.pi)) + np.float32(columns / 2), np.float32(columns))
        y = (np.float32(math.pi / 2) - elevation) * np.float32(rows / (math.pi / 2)) - np.float32(0.5)
        return np.asarray(cv2.remap(maps, x + np.float32(0.5), y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


@dataclass(frozen=True)
class _Disc:
    """The sun's disc alone: part of the picture, with the place of its middle and how much cloud is before it.

    ``left`` and ``top`` are where its first pixel lies in the picture, ``width`` and ``height`` the picture's size.
    """

    light: LinearRGB
    left: int
    top: int
    width: int
    height: int
    hidden: float

    @classmethod
    def out_of(cls, image: StoredRGB, drift: Drift) -> _Disc | None:
        """Takes the disc out of a panorama, in place, and leaves what is around it; None without one."""
        if drift.sun is None or drift.still is None:
            return None
        height, width = image.shape[:2]
        x, y = (drift.sun[0] / 360 + 0.5) * width - 0.5, (0.5 - drift.sun[1] / 180) * height - 0.5
        down = math.ceil(2 * _DISC / 180 * height) + 1
        across = math.ceil(2 * _DISC / 360 * width / max(math.cos(math.radians(drift.sun[1])), 0.05)) + 1
        left, top = round(x) - across, max(0, round(y) - down)
        columns = np.arange(left, round(x) + across + 1) % width
        rows = np.arange(top, min(height, round(y) + down + 1))
        patch = single(np.ascontiguousarray(image[np.ix_(rows, columns)]))
        azimuth = ((np.arange(left, left + len(columns)) + 0.5) / width - 0.5) * 2 * np.pi
        elevation = (0.5 - (rows + 0.5) / height) * np.pi
        angle = _angle(azimuth[None, :], elevation[:, None], drift.sun)
        luminance = patch.max(axis=2)
        ring = (angle > _DISC) & (angle < 2 * _DISC)
        usual = patch[ring].mean(axis=0)
        disc = (angle <= _DISC) & (luminance > _OVER * usual.max())
        if not disc.any():
            return None
        rest = np.where(disc[..., None], _inpainted(patch, disc), patch)
        image[np.ix_(rows, columns)] = rest
        y, x = (round(each) for each in _place(drift.cover, drift.sun))
        return cls(patch - rest, left, top, width, height, float(drift.cover[y, x]))

    def put_behind(self, view: LinearRGB, here: tuple[FloatMap, FloatMap], cover: FloatMap, grid: _Grid) -> None:
        """Adds the disc to a view, in place, as far as the cloud of the moment, on the ``grid``, lets it through."""
        rows, columns = self.light.shape[:2]
        x, y = self._place(*map(grid.taken, here))
        margin = grid.step * self.width / (2 * math.pi * grid.focal_px) + 1
        inside = (x > -margin) & (x < columns + margin) & (y > -margin) & (y < rows + margin)
        if not inside.any():
            return
        down, across = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
        part = grid.pixels(down[0], down[-1]), grid.pixels(across[0], across[-1])
        x, y = (each.astype(np.float32) for each in self._place(*(each[part] for each in here)))
        light = cv2.remap(self.light, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        seen = np.maximum((1 - grid.filled(cover)[part]) ** 3, _THROUGH) / max((1 - self.hidden) ** 3, _THROUGH)
        view[part] += light * seen[..., None]

    def _place(self, azimuth: FloatMap, elevation: FloatMap) -> tuple[FloatMap, FloatMap]:
        """Column and row of the disc's image at directions on the picture (radians); from half a turn to the left."""
        x = (azimuth / (2 * math.pi) + 0.5) * self.width - 0.5 - self.left
        half = self.width // 2
        return np.mod(x + half, self.width) - half, (0.5 - elevation / math.pi) * self.height - 0.5 - self.top


@dataclass(frozen=True)
class _Grid:
    """Pixels of a view at which maps of the drift are looked up: they are coarser than the view.

    ``step`` is odd, so that one pixel is the middle of each cell; ``height`` and ``width`` are the view's.
    """

    step: int
    height: int
    width: int
    focal_px: float

    @classmethod
    def of(cls, columns: float, focal_px: float, size: tuple[int, int]) -> _Grid:
        """With so many columns, or more, all around."""
        step = int(2 * math.pi * focal_px / columns)
        return cls(max(1, step - 1 + step % 2), *size, focal_px)

    def taken(self, whole: FloatMap) -> FloatMap:
        """What a map (height, width) has in the middle of each cell."""
        if self.step == 1:
            return whole.copy()
        rows, columns = (
            np.minimum(np.arange(self.step // 2, size + self.step // 2, self.step), size - 1)
            for size in (self.height, self.width)
        )
        return np.ascontiguousarray(whole[rows][:, columns])

    def filled(self, coarse: Float32Array) -> Float32Array:
        """A map on the grid, (rows, columns) or (rows, columns, channels), at all pixels of the view."""
        if self.step == 1:
            return coarse
        size = coarse.shape[1] * self.step, coarse.shape[0] * self.step
        whole = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR)
        return np.asarray(whole[: self.height, : self.width], np.float32)

    def pixels(self, first: int, last: int) -> slice:
        """Of cells ``first`` to ``last``, and one beside each."""
        return slice(max(0, first - 1) * self.step, (last + 2) * self.step)


def _inpainted(patch: LinearRGB, hole: NDArray[np.bool_]) -> LinearRGB:
    """The patch with smooth values in the hole, from around it."""
    weight = (~hole).astype(np.float32)
    sigma = max(1.0, 0.15 * math.sqrt(float(hole.sum())))
    total = cv2.GaussianBlur(patch * weight[..., None], (0, 0), sigma)
    many = cv2.GaussianBlur(weight, (0, 0), sigma)
    around = patch[~hole].mean(axis=0)
    few = 1e-3
    return np.asarray((total + few * around) / (many + few)[..., None], np.float32)


def _angle(azimuth: Float64Array, elevation: Float64Array, sun: tuple[float, float]) -> Float64Array:
    """Degrees between directions (radians) and the sun (degrees)."""
    a, e = math.radians(sun[0]), math.radians(sun[1])
    h = np.sin((elevation - e) / 2) ** 2 + np.cos(elevation) * math.cos(e) * np.sin((azimuth - a) / 2) ** 2
    return np.asarray(np.degrees(2 * np.arcsin(np.sqrt(np.clip(h, 0, 1)))))


def _near(azimuth: FloatMap, elevation: FloatMap, sun: tuple[float, float]) -> FloatMap:
    """1 at the sun, 0 from some 15 degrees on."""
    a, e = np.float32(math.radians(sun[0])), np.float32(math.radians(sun[1]))
    half = np.sin((elevation - e) / 2) ** 2
    half += np.cos(elevation) * np.float32(math.cos(e)) * np.sin((azimuth - a) / 2) ** 2
    # For small angles the squared sine of the half is a quarter of the angle's square.
    near = np.exp(half * np.float32(-4 / math.radians(_GLARE) ** 2))
    return np.where(near > 1e-6, near, np.float32(0))


def _place(map_: FloatMap, sun: tuple[float, float]) -> tuple[float, float]:
    rows, columns = map_.shape[:2]
    row = (90 - sun[1]) / 90 * rows - 0.5
    return float(np.clip(row, 0, rows - 1)), ((sun[0] / 360 + 0.5) * columns - 0.5) % (columns - 1)


def _around(maps: Float32Array) -> Float32Array:
    """With the column beyond each side."""
    return np.ascontiguousarray(np.concatenate([maps[:, -1:], maps, maps[:, :1]], axis=1), np.float32)


def _distances(rows: int, height: float) -> Float64Array:
    """Kilometres to a layer so many kilometres high, for rows from straight up to the horizon."""
    elevation = (1 - (np.arange(rows) + 0.5) / rows) * np.pi / 2
    rise, bend = np.sin(elevation), np.cos(elevation) ** 2 / (2 * _EARTH)
    return np.asarray(2 * height / (rise + np.sqrt(rise**2 + 4 * bend * height)))
