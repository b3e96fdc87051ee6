# SPDX-License-Identifier: GPL-3.0-or-later
"""What a colour space makes of codes, where it is a curve and a matrix: that of log footage."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ColourTransform:
    """How codes become scene-linear light (Rec. 709): ``matrix`` times the curve of each channel.

    Attributes:
        curve: light of codes that are spread evenly over 0..1.
        matrix: nine numbers, row by row.
    """

    curve: list[float]
    matrix: list[float]

    def __post_init__(self) -> None:
        if not 2 <= len(self.curve) <= 4096 or len(self.matrix) != 9:
            raise ValueError("`clip.colour` needs a curve of 2 to 4096 numbers and a matrix of 9")
        for name, values, most in (("curve", self.curve, 1e5), ("matrix", self.matrix, 100)):
            for value in values:
                if not (math.isfinite(value) and -most <= value <= most):
                    raise ValueError(f"`clip.colour.{name}` has {value}, but must lie between {-most} and {most}")

    def linear(self, codes: tuple[float, float, float]) -> tuple[float, float, float]:
        """Linear R, G, B of one colour with codes 0..1."""
        light = []
        for code in codes:
            place = code * (len(self.curve) - 1)
            before = min(int(place), len(self.curve) - 2)
            low, high = self.curve[before], self.curve[before + 1]
            light.append(low + (place - before) * (high - low))
        rows = (self.matrix[:3], self.matrix[3:6], self.matrix[6:])
        red, green, blue = (sum(part * value for part, value in zip(row, light, strict=True)) for row in rows)
        return red, green, blue
