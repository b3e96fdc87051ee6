# SPDX-License-Identifier: GPL-3.0-or-later
"""Grain: the old sky's noise is measured, and the new sky gets the same.

Noise is what stays of a smooth sky when its neighbours are taken from each pixel (Immerkaer 1996), in the quietest
parts of it, since clouds have texture of their own. How coarse it is tells the same measure at half the size: white
noise falls to a half there, the blotches of a compressed film do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ..types import FrameRGB, LinearRGB, Matte
from .bands import by_bands

#: Side of the parts of a sky that are measured by themselves, and of these the quiet ones that count.
_PART = 24
_QUIET = 0.3
#: Images of grain, shown one after the other: so many that nobody sees them come back.
PICTURES = 8
#: Standard deviation of a grain image, which leaves room on both sides of its middle within 0 .. 1.
CONTRAST = 0.1
MIDDLE = 0.5
_SURE = 0.99
#: Share of its noise that a grain must show at full size to be measured there.
_HARDLY = 0.2
#: Deviation of the error of rounding to 8 bits, and of a grain that is worth giving, in display values.
_ROUNDING = 1 / 255 / math.sqrt(12)
_LEAST = 0.15 / 255
#: Softnesses that noise is measured at to know that of others.
_SOFTNESSES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.3)
_KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True)
class Grain:
    """``sigma``: standard deviations of R, G, B in display values 0..1; ``softness``: of its Gaussian, in pixels."""

    sigma: tuple[float, float, float] = (0.0, 0.0, 0.0)
    softness: float = 0.0

    def linear(self, sky: tuple[float, float, float]) -> tuple[float, float, float]:
        """The same in scene-linear light, on a sky of that mean colour (linear)."""
        red, green, blue = (
            sigma * _slope(min(max(level, 0.0), 1.0)) for sigma, level in zip(self.sigma, sky, strict=True)
        )
        return red, green, blue


@dataclass
class GrainStatistics:
    """Gathers the noise of a sky frame by frame."""

    _fine: list[NDArray[np.float64]] = field(default_factory=list)
    _coarse: list[NDArray[np.float64]] = field(default_factory=list)

    def add(self, frame: FrameRGB, matte: Matte) -> None:
        """Look at one frame (8-bit) where its matte (0..1) is sure of the sky; a clipped sky has no noise to show."""
        half = tuple(max(1, length // 2) for length in matte.shape[::-1])
        small, cover = (cv2.resize(each, half, interpolation=cv2.INTER_AREA) for each in (frame, matte))
        self._fine += _noise_of_parts(frame, matte, _PART)
        self._coarse += _noise_of_parts(np.asarray(small, np.uint8), np.asarray(cover, np.float32), _PART // 2)

    def add_all(self, other: GrainStatistics) -> None:
        """Add what ``other`` has seen."""
        self._fine += other._fine
        self._coarse += other._coarse

    def grain(self) -> Grain:
        """The grain of the old sky; none where too little of it was seen."""
        if not self._fine or not self._coarse:
            return Grain()
        fine, coarse = (np.quantile(np.array(parts), _QUIET, axis=0) for parts in (self._fine, self._coarse))
        # Rounding to 8 bits is noise too, but not the camera's; at half the size half of it is left, rounded again.
        fine = np.sqrt(np.maximum(fine**2 - _ROUNDING**2, 0))
        coarse = np.sqrt(np.maximum(coarse**2 - 1.25 * _ROUNDING**2, 0))
        if max(fine.mean(), coarse.mean()) < _LEAST:
            return Grain()
        seen_of, fractions = _tables()
        fraction = float(coarse.mean() / max(fine.mean(), 1e-9))
        softness = float(np.interp(fraction, fractions, _SOFTNESSES))
        seen = np.interp(softness, _SOFTNESSES, seen_of)
        # So soft a grain hardly shows at full size: what is left of it there is mostly rounding.
        if seen < _HARDLY:
            fine, seen = coarse, seen * np.interp(softness, _SOFTNESSES, fractions)
        red, green, blue = (fine / seen).tolist()
        return Grain((red, green, blue), softness)


def grain_image(width: int, height: int, softness: float, number: int) -> NDArray[np.float32]:
    """Grain image ``number`` (from 0), (height, width), of mean 0.5 and deviation 0.1; each has its own seed."""
    noise = np.random.default_rng(number).standard_normal((height, width), dtype=np.float32)
    if softness > 0:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), softness, borderType=cv2.BORDER_REFLECT), np.float32)
        noise /= max(float(noise.std()), 1e-6)
    return np.asarray(np.clip(MIDDLE + CONTRAST * noise, 0, 1), np.float32)


def with_grain(sky: LinearRGB, grain: Matte, amount: float, colour: tuple[float, float, float]) -> LinearRGB:
    """``sky`` with a grain image of its size (see :func:`grain_image`), of deviation ``amount * colour``."""
    if grain.shape != sky.shape[:2]:
        raise ValueError(f"grain {grain.shape} and sky {sky.shape} differ in size")
    result = np.empty(sky.shape, np.float32)

    def work(rows: slice) -> None:
        noise = (grain[rows] - np.float32(MIDDLE)) * np.float32(amount / CONTRAST)
        coloured = cv2.merge([noise * np.float32(channel) for channel in colour])
        np.add(sky[rows], coloured, out=result[rows])

    by_bands(work, len(sky))
    return result


def _noise_of_parts(frame: FrameRGB, matte: Matte, part: int) -> list[NDArray[np.float64]]:
    """Standard deviation of the noise (3,) in each part of the sky, display values 0..1."""
    columns, found = matte.shape[1] // part, []
    width = columns * part
    for top in range(0, len(matte) - part + 1, part):
        rows = slice(top, top + part)
        sure = matte[rows, :width].min(axis=0).reshape(columns, part).min(axis=1) >= _SURE
        if not sure.any():
            continue
        pixels = frame[rows, :width]
        lowest, highest = (
            of(of(pixels, axis=0).reshape(columns, -1), axis=1) for of in (np.minimum.reduce, np.maximum.reduce)
        )
        rough = np.abs(cv2.filter2D(pixels, cv2.CV_16S, _KERNEL)[1:-1])
        # Without the outermost pixels of each part, which its neighbours have a say in.
        inner = rough.sum(axis=0, dtype=np.int32).reshape(columns, part, 3)[:, 1:-1].sum(axis=1)
        mean = inner[sure & (highest < 255) & (lowest > 0)] / (part - 2) ** 2
        found += list(mean * (math.sqrt(math.pi / 2) / 6 / 255))
    return found


@cache
def _tables() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """For each of the softnesses, what the measure finds of such noise, and how many times that at half the size."""
    found = [_measured(softness) for softness in _SOFTNESSES]
    return tuple(fine for fine, _ in found), tuple(coarse / fine for fine, coarse in found)


def _measured(softness: float) -> tuple[float, float]:
    """What the measure finds of noise of deviation 1 and that softness, and of the same at half the size."""
    noise = (grain_image(256, 256, softness, 0) - MIDDLE) / CONTRAST
    small = np.asarray(cv2.resize(noise, (128, 128), interpolation=cv2.INTER_AREA), np.float32)
    fine, coarse = (float(np.abs(cv2.filter2D(each, cv2.CV_32F, _KERNEL)).mean()) for each in (noise, small))
    return fine * math.sqrt(math.pi / 2) / 6, coarse * math.sqrt(math.pi / 2) / 6


def _slope(level: float) -> float:
    """How much a linear value changes with the display value (sRGB), at that linear value."""
    if level <= 0.0031308:
        return 1 / 12.92
    return 2.4 / 1.055 * float(level ** (1.4 / 2.4))
