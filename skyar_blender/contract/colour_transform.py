# SPDX-License-Identifier: GPL-3.0-or-later
"""What a colour space makes of codes: a curve and a matrix, as that of log footage, or else a cube of samples."""

from __future__ import annotations

import base64
import binascii
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass

#: Samples of a cube along each of its axes.
CUBE_SIDE = 33
#: The largest number of half float.
_LARGEST = 65504.0


@dataclass(frozen=True, kw_only=True)
class ColourTransform:
    """How codes become scene-linear light (Rec. 709): ``matrix`` times the curve of each channel.

    Attributes:
        curve: light of codes that are spread evenly over 0..1.
        matrix: nine numbers, row by row.
        cube: where no curve and matrix do it, the light of 33 x 33 x 33 colours, spread evenly, between which is
            interpolated: R, G, B of each, of which blue changes first and red last; half floats, the least byte
            first, in base64. Empty where there is none; else curve and matrix do not count.
    """

    curve: list[float]
    matrix: list[float]
    cube: str = ""

    def __post_init__(self) -> None:
        if not 2 <= len(self.curve) <= 4096 or len(self.matrix) != 9:
            raise ValueError("`clip.colour` needs a curve of 2 to 4096 numbers and a matrix of 9")
        for name, values, most in (("curve", self.curve, 1e5), ("matrix", self.matrix, 100)):
            for value in values:
                if not (math.isfinite(value) and -most <= value <= most):
                    raise ValueError(f"`clip.colour.{name}` has {value}, but must lie between {-most} and {most}")
        if self.cube:
            _check_cube(self.cube)

    def linear(self, codes: tuple[float, float, float]) -> tuple[float, float, float]:
        """Linear R, G, B of one colour with codes 0..1, by curve and matrix."""
        light = []
        for code in codes:
            place = code * (len(self.curve) - 1)
            before = min(int(place), len(self.curve) - 2)
            low, high = self.curve[before], self.curve[before + 1]
            light.append(low + (place - before) * (high - low))
        rows = (self.matrix[:3], self.matrix[3:6], self.matrix[6:])
        red, green, blue = (sum(part * value for part, value in zip(row, light, strict=True)) for row in rows)
        return red, green, blue


def packed_cube(light: Sequence[tuple[float, float, float]]) -> str:
    """The text of a :attr:`ColourTransform.cube` of the light of its colours, in its order."""
    values = [min(max(value, -_LARGEST), _LARGEST) for colour in light for value in colour]
    return base64.b64encode(struct.pack(f"<{len(values)}e", *values)).decode("ascii")


def cube_bytes(cube: str) -> bytes:
    """The half floats of a cube. Raises ValueError where it is no base64."""
    try:
        return base64.b64decode(cube, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("`clip.colour.cube` is no base64") from error


def _check_cube(cube: str) -> None:
    data = cube_bytes(cube)
    if len(data) != CUBE_SIDE**3 * 3 * 2:
        raise ValueError(f"`clip.colour.cube` needs {CUBE_SIDE**3} colours in half floats")
    if any(not math.isfinite(value) for (value,) in struct.iter_unpack("<e", data)):
        raise ValueError("`clip.colour.cube` has a value that is no number")
