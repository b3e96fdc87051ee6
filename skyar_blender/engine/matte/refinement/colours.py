# SPDX-License-Identifier: GPL-3.0-or-later
"""What colours the sky and the foreground have around each place, and how to tell the one from the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ...types import Float32Array, FrameRGB
from .scratch_buffers import SCRATCH

#: Width and height, as OpenCV wants it.
Size = tuple[int, int]
#: Colours are worked on in units of this many 8-bit grey levels, so that squares stay small.
UNIT = 64.0
#: Least deviation of a colour, in grey levels: noise and compression.
NOISE = (2.5 / UNIT) ** 2
#: Deviations from the sky's colour beyond which a pixel is no sky, whatever the foreground looks like.
FOREIGN = 3.5
#: How much that speaks against sky at the most: a cloud of another colour stays sky where the odds before were good.
FOREIGN_MOST = 4.0
#: How far neighbouring pixels count as separate evidence.
TEMPER = 0.7
#: Deviations from the mean colours that are still all foreground, all sky.
GROUND_SPREAD = 0.3
SKY_SPREAD = 0.8
#: Squared distance of the two kinds, in deviations, below which the image cannot tell and from which it can.
JUDGED = (3.0, 9.0)
#: Distance of the mean colours, in grey levels, likewise.
APART = (6.0, 16.0)
PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


@dataclass(frozen=True)
class ColourModel:
    """Mean (3 maps), covariance (6 maps: rr, rg, rb, gg, gb, bb), and how much was seen, around each place."""

    mean: list[Float32Array]
    covariance: list[Float32Array]
    seen: Float32Array


@dataclass(frozen=True)
class ColourLine:
    """Where a colour lies between foreground (0) and sky (1), as maps.

    ``weights`` of red, green and blue (0..255) and ``constant`` add up to the place. ``confidence``: 0 where the
    colours cannot tell, 1 where they can. ``bend``: a share of t (1 - t) to take off a place t to get linear
    coverage, because cameras encode light by a power of about 1 / 2.2.
    """

    weights: list[Float32Array]
    constant: Float32Array
    confidence: Float32Array
    bend: float

    def place(self, image: FrameRGB) -> Float32Array:
        """Coverage by sky (0..1) of each pixel of an image of any size.

        (H, W), float32, linear coverage.
        """
        size = image.shape[1::-1]
        place = enlarged(self.constant, size)
        for weight, channel in zip(self.weights, cv2.split(image), strict=True):
            place = place + enlarged(weight, size) * channel
        return straighten(place, self.bend)


def straighten(place: Float32Array, bend: float, space: Float32Array | None = None) -> Float32Array:
    """Places (height, width) on the colour line to coverage (0..1) in linear light, in place.

    ``space``: an array like it, to work in.
    """
    np.clip(place, 0, 1, out=place)
    factor = np.multiply(place, np.float32(bend), out=space)
    factor += np.float32(1 - bend)
    place *= factor
    return place


def products(image: FrameRGB, name: str) -> list[Float32Array]:
    """One, the three colours and their six products, each (height, width), for :func:`colour_model`.

    They are kept until the next call with this name.
    """
    shape = image.shape[:2]
    made = [SCRATCH.floats(f"product {k} of {name}", shape) for k in range(1 + 3 + len(PAIRS))]
    made[0].fill(1)
    for channel, into in zip(cv2.split(image), made[1:4], strict=True):
        np.multiply(channel, np.float32(1 / UNIT), out=into)
    for (i, j), into in zip(PAIRS, made[4:], strict=True):
        np.multiply(made[1 + i], made[1 + j], out=into)
    return made


def colour_model(
    terms: list[Float32Array], weight: Float32Array, reach: float, size: Size, space: Float32Array
) -> ColourModel:
    """Weighted mean and covariance within ``reach`` pixels of maps of ``size``, or farther where there are none.

    ``space``: an array like the weight, to work in.

    ``terms`` and ``weight``: (H, W), float32; ``size``: (width, height) in pixels.
    """
    total = [_gathered(np.multiply(term, weight, out=space), reach, size) for term in terms]
    fraction = 1 / np.maximum(total[0], 1e-8)
    mean = [np.asarray(total[k] * fraction, np.float32) for k in (1, 2, 3)]
    covariance = [
        np.asarray(total[4 + k] * fraction - mean[i] * mean[j], np.float32) for k, (i, j) in enumerate(PAIRS)
    ]
    for k in (0, 3, 5):
        covariance[k] = np.maximum(covariance[k], 0)
    return ColourModel(mean, covariance, np.asarray(total[0], np.float32))


def posterior(terms: list[Float32Array], sky: ColourModel, ground: ColourModel, odds: Float32Array) -> Float32Array:
    """Probability of sky (0..1) by the colours and the logarithm of the odds before (quadratic discriminant).

    ``odds`` and the result: (H, W), float32, of the size of the maps.
    """
    sky_far, sky_volume = _far(terms, sky)
    ground_far, ground_volume = _far(terms, ground)
    foreign = np.maximum(FOREIGN**2 - sky_far, -FOREIGN_MOST)
    evidence = np.minimum(ground_far + ground_volume - sky_far - sky_volume, foreign)
    evidence = evidence * np.float32(0.5 * TEMPER) + odds
    return np.asarray(1 / (1 + np.exp(-np.clip(evidence, -30, 30))), np.float32)


def colour_line(sky: ColourModel, ground: ColourModel, odds: Float32Array) -> ColourLine:
    """Fisher's linear discriminant (1936) between the two, scaled so that their mean colours are near 0 and 1.

    The mixed pixels of an edge lie between (the colour line of Levin et al. 2008). Where the kinds overlap, the
    odds before move the place, by Bayes' rule for normal distributions of one covariance.

    ``odds``: (H, W), float32, natural logarithm, of the size of the maps.
    """
    apart = [s - g for s, g in zip(sky.mean, ground.mean, strict=True)]
    both = [np.asarray((s + g) / 2, np.float32) for s, g in zip(sky.covariance, ground.covariance, strict=True)]
    (a, b, c, d, e, f), _ = _inverse(_regular(both))
    weights = [_dot(row, apart) for row in ((a, b, c), (b, d, e), (c, e, f))]
    judged = np.asarray(np.maximum(_dot(weights, apart), 1e-6), np.float32)
    weights = [np.asarray(weight / judged, np.float32) for weight in weights]
    start = np.minimum(GROUND_SPREAD * _spread(ground, weights), 0.4)
    end = 1 - np.minimum(SKY_SPREAD * _spread(sky, weights), 0.4)
    gain = 1 / (end - start)
    constant = odds / np.maximum(judged, 1) - (_dot(weights, ground.mean) + start) * gain
    distance = np.asarray(np.sqrt(_dot(apart, apart)) * UNIT, np.float32)
    seen = np.clip(np.minimum(sky.seen, ground.seen) * 3000, 0, 1)
    confidence = rising(judged, JUDGED) * rising(distance, APART) * seen
    return ColourLine(
        [np.asarray(weight * gain / UNIT, np.float32) for weight in weights],
        np.asarray(constant, np.float32),
        np.asarray(confidence, np.float32),
        _bend(sky, ground, confidence),
    )


def _gathered(weighted: Float32Array, reach: float, size: Size) -> Float32Array:
    """Mean nearby, and a little of the means farther away, which counts where nearby there is nothing."""
    while weighted.shape[1] >= 4 * size[0] and weighted.shape[0] >= 4 * size[1]:  # quicker than all at once
        half = (weighted.shape[1] // 2, weighted.shape[0] // 2)
        weighted = np.asarray(cv2.resize(weighted, half, interpolation=cv2.INTER_AREA), np.float32)
    if weighted.shape[1::-1] != size:
        weighted = np.asarray(cv2.resize(weighted, size, interpolation=cv2.INTER_AREA), np.float32)
    near = mean_within(weighted, reach)
    quarter = (max(1, size[0] // 4), max(1, size[1] // 4))
    far = cv2.resize(near, quarter, interpolation=cv2.INTER_LINEAR)
    farther = mean_within(np.asarray(far, np.float32), reach)
    return near + enlarged(far * np.float32(0.03) + farther * np.float32(0.003), size)


def mean_within(maps: Float32Array, reach: float) -> Float32Array:
    """Mean within a square of ``reach`` pixels to each side.

    ``maps``: (H, W) or (H, W, C), float32, as is the result.
    """
    size = 2 * max(1, round(reach)) + 1
    return np.asarray(cv2.blur(maps, (size, size), borderType=cv2.BORDER_REFLECT), np.float32)


def enlarged(maps: Float32Array, size: Size) -> Float32Array:
    """``maps``, (h, w) or (h, w, C), float32, at ``size`` (width, height), linearly interpolated."""
    if maps.shape[1::-1] == size:
        return maps
    return np.asarray(cv2.resize(maps, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _bend(sky: ColourModel, ground: ColourModel, confidence: Float32Array) -> float:
    """How far the middle of the colour line is from half the light, over the places that count."""
    total = float(confidence.sum())
    if total < 1e-3:
        return 0.0
    light, dark = (float((_dot(model.mean, (0.3, 0.6, 0.1)) * confidence).sum()) / total for model in (sky, ground))
    ratio = dark / max(light, 1e-3)
    if not 0 <= ratio < 0.95:  # the sky is the darker one, or as bright
        return 0.0
    half = ((0.5 + 0.5 * ratio) ** 2.2 - ratio**2.2) / (1 - ratio**2.2)
    return float(np.clip(2 * (1 - 2 * half), 0, 1))


def _far(terms: list[Float32Array], model: ColourModel) -> tuple[Float32Array, Float32Array]:
    """Squared Mahalanobis distance of each pixel, and the logarithm of the covariance's determinant."""
    size = terms[0].shape[1::-1]
    away = [term - enlarged(mean, size) for term, mean in zip(terms[1:4], model.mean, strict=True)]
    inverse, determinant = _inverse(_regular(model.covariance))
    a, b, c, d, e, f = (enlarged(entry, size) for entry in inverse)
    x, y, z = away
    squared = a * x * x + d * y * y + f * z * z + 2 * (b * x * y + c * x * z + e * y * z)
    return np.asarray(squared, np.float32), enlarged(np.log(determinant), size)


def _regular(covariance: list[Float32Array]) -> list[Float32Array]:
    more = (covariance[0] + covariance[3] + covariance[5]) * np.float32(0.02) + np.float32(NOISE)
    return [entry + more if k in (0, 3, 5) else entry for k, entry in enumerate(covariance)]


def _inverse(covariance: list[Float32Array]) -> tuple[list[Float32Array], Float32Array]:
    """Inverse of a symmetric 3x3 matrix at each place, by cofactors, and its determinant."""
    a, b, c, d, e, f = covariance
    first, second, third = d * f - e * e, c * e - b * f, b * e - c * d
    determinant = np.maximum(a * first + b * second + c * third, 1e-12)
    cofactors = (first, second, third, a * f - c * c, b * c - a * e, a * d - b * b)
    return [np.asarray(cofactor / determinant, np.float32) for cofactor in cofactors], determinant


def _spread(model: ColourModel, weights: list[Float32Array]) -> Float32Array:
    """Deviation along the line."""
    x, y, z = weights
    a, b, c, d, e, f = model.covariance
    squared = a * x * x + d * y * y + f * z * z + 2 * (b * x * y + c * x * z + e * y * z)
    return np.asarray(np.sqrt(np.maximum(squared, 0) + np.float32(NOISE) * _dot(weights, weights)), np.float32)


def _dot(one: Sequence[Float32Array], other: Sequence[Float32Array] | Sequence[float]) -> Float32Array:
    return np.asarray(one[0] * other[0] + one[1] * other[1] + one[2] * other[2], np.float32)


def rising(values: Float32Array, between: tuple[float, float]) -> Float32Array:
    """Of ``values`` of any shape: 0 up to the first of both, 1 from the second on, evenly between them."""
    low, high = between
    return np.asarray(np.clip((values - low) / (high - low), 0, 1), np.float32)
