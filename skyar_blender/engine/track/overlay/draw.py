# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the grid over one frame: strong where the sky is, faint on the ground, so that one sees it stick or slide."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ....common.confidence import confidence_colour
from ....contract.track_file import Source
from ...lens import Lens
from ...sphere import directions as sphere
from ...types import FrameRGB, Matrix3, StoredMatte
from .lines import Grid, Pieces, direction, pixels, seen, seen_around, step_for

_HORIZON = (70, 200, 255)
_SHADE = (0, 0, 0)
#: Share of the line's colour in the sky and on the ground; a dark rim keeps lines in sight before white clouds.
_IN_SKY = 0.9
_ON_GROUND = 0.22
_RIM = 0.35
#: Every so many lines the longitude is written: each 30 degrees for lines each 10 degrees.
_LABELLED = 3
_SHIFT = 4
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_WORDS: dict[Source, str] = {
    "scene": "from the landscape",
    "sky": "from the sky",
    "interpolated": "from the frames around",
    "cut": "a new shot",
}


@dataclass(frozen=True)
class Note:
    """What is written in the corner: the frame's number, how sure its motion is (0..1), and what tells it."""

    number: int
    confidence: float
    source: Source


class GridOverlay:
    """Draws the grid over frames of ``width`` x ``height``; ``focal`` (pixels) is that of the widest view."""

    def __init__(self, width: int, height: int, focal: float) -> None:
        self._width, self._height = width, height
        self._grid = Grid.of(step_for(focal, width, height))
        self._thin = max(1, round(min(width, height) / 700))
        self._letters = max(0.35, min(width, height) / 1080)

    def over(self, image: FrameRGB, matte: StoredMatte, rotation: Matrix3, lens: Lens | None, note: Note) -> FrameRGB:
        """A copy of ``image`` under the grid.

        Args:
            image: (height, width, 3).
            matte: (height, width); the grid is faint outside the sky.
            rotation: from world to camera directions (x right, y down, z forward).
            lens: of this frame; None of one that shows all directions (equirectangular).
        """
        result = image.copy()
        colour = confidence_colour(note.confidence)
        lines, horizon = (self._seen(each, rotation, lens) for each in (self._grid.lines, self._grid.horizon))
        rim = self._thin + 2
        self._blend(result, matte, self._cover(lines, rim), _SHADE, _RIM)
        self._blend(result, matte, self._cover(lines, self._thin), colour, 1.0)
        self._blend(result, matte, self._cover(horizon, 2 * self._thin + rim), _SHADE, _RIM)
        self._blend(result, matte, self._cover(horizon, 2 * self._thin + 1), _HORIZON, 1.0)
        self._label(result, rotation, lens, colour)
        self._write(result, f"{note.number}   {note.confidence:.2f}   {_WORDS[note.source]}", colour)
        return result

    def _seen(self, pieces: NDArray[np.float64], rotation: Matrix3, lens: Lens | None) -> Pieces:
        if lens is None:
            return seen_around(pieces, rotation, self._width, self._height)
        return seen(pieces, rotation, lens, self._width, self._height)

    def _cover(self, pieces: Pieces, thickness: int) -> NDArray[np.uint8]:
        """How much of each pixel lines of ``thickness`` pixels cover, (height, width), 0..255."""
        cover = np.zeros((self._height, self._width), np.uint8)
        # OpenCV's fixed point; pieces end far inside the range of 32 bits, since they were cut before the camera.
        ends = list(np.rint(pieces * 2**_SHIFT).astype(np.int32))
        if ends:
            cv2.polylines(cover, ends, False, 255, thickness, cv2.LINE_AA, _SHIFT)
        return cover

    def _blend(
        self,
        image: FrameRGB,
        matte: StoredMatte,
        cover: NDArray[np.uint8],
        colour: tuple[int, int, int],
        strength: float,
    ) -> None:
        """Lay ``colour`` over ``image`` where there is ``cover``; only those pixels are looked at."""
        places = np.flatnonzero(cover.view(np.bool_))
        sky = matte.reshape(-1)[places].astype(np.float32) / 65535
        fraction = cover.reshape(-1)[places] * ((_ON_GROUND + (_IN_SKY - _ON_GROUND) * sky) * (strength / 255))
        flat = image.reshape(-1, 3)
        below = flat[places].astype(np.float32)
        below += (np.array(colour, np.float32) - below) * fraction[:, None].astype(np.float32)
        flat[places] = np.rint(below).astype(np.uint8)

    def _label(self, image: FrameRGB, rotation: Matrix3, lens: Lens | None, colour: tuple[int, int, int]) -> None:
        """Write longitudes along the horizon, or along the seen latitude that is next to it."""
        longitudes = np.arange(-180, 180, _LABELLED * self._grid.step)
        latitude = 0.0 if lens is None else self._latitude_of_labels(rotation, lens)
        ends = direction(latitude, longitudes) @ rotation.T
        for longitude, end in zip(longitudes, ends, strict=True):
            if lens is None:
                x, y = (float(each) for each in sphere.pixels(end, self._width, self._height))
            elif end[2] <= 0.1:
                continue
            else:
                x, y = pixels(end, lens, self._width, self._height)
            if not (math.isfinite(x) and math.isfinite(y)):
                continue
            self._text(image, f"{longitude:g}", (x + 4 * self._letters, y - 8 * self._letters), colour)

    def _latitude_of_labels(self, rotation: Matrix3, lens: Lens) -> float:
        """0 where the horizon is in the middle column of the image, else the latitude that is nearest to it."""
        rows = (np.array([0.12, 0.95]) - 0.5) * self._height
        across, down = lens.ideal(np.stack([np.zeros(2), rows], axis=1)).T / lens.focal
        rays = np.stack([across, down, np.ones(2)], axis=1) @ rotation
        latitudes = np.degrees(np.arcsin(np.clip(-rays[:, 1] / np.linalg.norm(rays, axis=1), -1, 1)))
        return float(np.clip(0.0, latitudes.min(), latitudes.max()))

    def _write(self, image: FrameRGB, words: str, colour: tuple[int, int, int]) -> None:
        """The note, on a dark ground in the upper left corner."""
        (width, height), below = cv2.getTextSize(words, _FONT, self._letters, self._bold)
        pad = round(10 * self._letters)
        corner = image[: height + below + 2 * pad, : width + 2 * pad]
        corner //= 3
        at = (pad, pad + height)
        cv2.putText(image, words, at, _FONT, self._letters, colour, self._bold, cv2.LINE_AA)

    def _text(self, image: FrameRGB, words: str, place: tuple[float, float], colour: tuple[int, int, int]) -> None:
        at = (round(place[0]), round(place[1]))
        size = 0.8 * self._letters
        cv2.putText(image, words, at, _FONT, size, _SHADE, self._bold + 2, cv2.LINE_AA)
        cv2.putText(image, words, at, _FONT, size, colour, self._bold, cv2.LINE_AA)

    @property
    def _bold(self) -> int:
        return max(1, round(2 * self._letters))
