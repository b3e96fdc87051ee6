# SPDX-License-Identifier: GPL-3.0-or-later
"""What colours the sky and the foreground have around each place; formulas: see :mod:`..refinement.colours`."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...tensors.filters import mean_within
from ...tensors.resizing import Size, enlarged, reduced
from ..refinement import colours as limits


@dataclass(frozen=True)
class ColourModel:
    """``mean`` (3, h, w), ``covariance`` (6, h, w: rr, rg, rb, gg, gb, bb) and how much was ``seen`` (h, w)."""

    mean: Tensor
    covariance: Tensor
    seen: Tensor


@dataclass(frozen=True)
class ColourLine:
    """As :class:`..refinement.colours.ColourLine`: ``weights`` (3, h, w), ``constant`` and ``confidence`` (h, w).

    ``bend`` is a tensor of one number, so that nothing waits for the device.
    """

    weights: Tensor
    constant: Tensor
    confidence: Tensor
    bend: Tensor

    def place(self, image: Tensor) -> Tensor:
        """Coverage by sky (0..1, linear) of each pixel of ``image`` (3, H, W), 0..255: (H, W)."""
        size = image.shape[-1], image.shape[-2]
        place = enlarged(self.constant, size) + (enlarged(self.weights, size) * image).sum(0)
        return straightened(place, self.bend)


def straightened(place: Tensor, bend: Tensor) -> Tensor:
    """Places on the colour line to coverage (0..1) in linear light."""
    place = place.clamp(0, 1)
    return place * (place * bend + (1 - bend))


def products(image: Tensor) -> Tensor:
    """One, the three colours of (3, h, w) and their six products: (10, h, w)."""
    colours = image / limits.UNIT
    pairs = torch.stack([colours[i] * colours[j] for i, j in limits.PAIRS])
    return torch.cat([torch.ones_like(colours[:1]), colours, pairs])


def colour_models(terms: Tensor, weights: Tensor, reach: float, size: Size) -> tuple[ColourModel, ColourModel]:
    """Of sky and foreground: weighted mean and covariance within ``reach`` pixels of maps of ``size``, or farther.

    ``terms``: :func:`products`; ``weights``: (2, h, w), of both kinds.
    """
    total = _gathered(terms[None] * weights[:, None], reach, size)
    shares = total[:, 1:] / total[:, :1].clamp(min=1e-8)
    mean, squares = shares[:, :3], shares[:, 3:]
    covariance = squares - torch.stack([mean[:, i] * mean[:, j] for i, j in limits.PAIRS], 1)
    covariance[:, [0, 3, 5]] = covariance[:, [0, 3, 5]].clamp(min=0)
    sky, ground = (ColourModel(mean[k], covariance[k], total[k, 0]) for k in range(2))
    return sky, ground


def posterior(terms: Tensor, sky: ColourModel, ground: ColourModel, odds: Tensor) -> Tensor:
    """Probability of sky (0..1) by the colours and the logarithm of the ``odds`` before; all (h, w)."""
    sky_far, sky_volume = _far(terms, sky)
    ground_far, ground_volume = _far(terms, ground)
    foreign = (limits.FOREIGN**2 - sky_far).clamp(min=-limits.FOREIGN_MOST)
    evidence = torch.minimum(ground_far + ground_volume - sky_far - sky_volume, foreign)
    return torch.sigmoid((evidence * (0.5 * limits.TEMPER) + odds).clamp(-30, 30))


def colour_line(sky: ColourModel, ground: ColourModel, odds: Tensor) -> ColourLine:
    """The line between the colours of both kinds; ``odds`` (h, w), of the size of the maps."""
    apart = sky.mean - ground.mean
    (a, b, c, d, e, f), _ = _inverse(_regular((sky.covariance + ground.covariance) / 2))
    x, y, z = apart
    weights = torch.stack([a * x + b * y + c * z, b * x + d * y + e * z, c * x + e * y + f * z])
    judged = (weights * apart).sum(0).clamp(min=1e-6)
    weights = weights / judged
    start = (limits.GROUND_SPREAD * _spread(ground, weights)).clamp(max=0.4)
    end = 1 - (limits.SKY_SPREAD * _spread(sky, weights)).clamp(max=0.4)
    gain = 1 / (end - start)
    constant = odds / judged.clamp(min=1) - ((weights * ground.mean).sum(0) + start) * gain
    distance = (apart * apart).sum(0).sqrt() * limits.UNIT
    seen = (torch.minimum(sky.seen, ground.seen) * 3000).clamp(0, 1)
    confidence = rising(judged, limits.JUDGED) * rising(distance, limits.APART) * seen
    return ColourLine(weights * gain / limits.UNIT, constant, confidence, _bend(sky, ground, confidence))


def rising(values: Tensor, between: tuple[float, float]) -> Tensor:
    """0 up to the first of both, 1 from the second on, evenly between them."""
    low, high = between
    return ((values - low) / (high - low)).clamp(0, 1)


def _gathered(weighted: Tensor, reach: float, size: Size) -> Tensor:
    """Mean nearby, and a little of the means farther away, which counts where nearby there is nothing."""
    near = mean_within(reduced(weighted, size), reach)
    far = enlarged(near, (max(1, size[0] // 4), max(1, size[1] // 4)))
    return near + enlarged(far * 0.03 + mean_within(far, reach) * 0.003, size)


def _bend(sky: ColourModel, ground: ColourModel, confidence: Tensor) -> Tensor:
    """How far the middle of the colour line is from half the light, over the places that count."""
    total = confidence.sum()
    luma = confidence.new_tensor([0.3, 0.6, 0.1])[:, None, None]
    light, dark = ((model.mean * luma).sum(0).mul(confidence).sum() / total for model in (sky, ground))
    ratio = dark / light.clamp(min=1e-3)
    half = ((0.5 + 0.5 * ratio) ** 2.2 - ratio**2.2) / (1 - ratio**2.2)
    counts = (total >= 1e-3) & (ratio >= 0) & (ratio < 0.95)
    return torch.where(counts, (2 * (1 - 2 * half)).clamp(0, 1), torch.zeros_like(half))


def _far(terms: Tensor, model: ColourModel) -> tuple[Tensor, Tensor]:
    """Squared Mahalanobis distance of each pixel, and the logarithm of the covariance's determinant."""
    size = terms.shape[-1], terms.shape[-2]
    inverse, determinant = _inverse(_regular(model.covariance))
    x, y, z = terms[1:4] - enlarged(model.mean, size)
    a, b, c, d, e, f = enlarged(inverse, size)
    squared = a * x * x + d * y * y + f * z * z + 2 * (b * x * y + c * x * z + e * y * z)
    return squared, enlarged(determinant.log(), size)


def _regular(covariance: Tensor) -> Tensor:
    more = (covariance[0] + covariance[3] + covariance[5]) * 0.02 + limits.NOISE
    zero = torch.zeros_like(more)
    return covariance + torch.stack([more, zero, zero, more, zero, more])


def _inverse(covariance: Tensor) -> tuple[Tensor, Tensor]:
    """Inverse of a symmetric 3x3 matrix at each place, by cofactors, and its determinant."""
    a, b, c, d, e, f = covariance
    first, second, third = d * f - e * e, c * e - b * f, b * e - c * d
    determinant = (a * first + b * second + c * third).clamp(min=1e-12)
    cofactors = torch.stack([first, second, third, a * f - c * c, b * c - a * e, a * d - b * b])
    return cofactors / determinant, determinant


def _spread(model: ColourModel, weights: Tensor) -> Tensor:
    """Deviation along the line."""
    x, y, z = weights
    a, b, c, d, e, f = model.covariance
    squared = a * x * x + d * y * y + f * z * z + 2 * (b * x * y + c * x * z + e * y * z)
    return (squared.clamp(min=0) + limits.NOISE * (weights * weights).sum(0)).sqrt()
