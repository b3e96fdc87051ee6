# SPDX-License-Identifier: GPL-3.0-or-later
"""Means, blurs and morphology of images, with the borders that OpenCV has.

All take and give tensors (..., height, width); how far they reach is in pixels to each side.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from .resizing import planes


def mean_within(image: Tensor, reach: float, border: int = cv2.BORDER_REFLECT) -> Tensor:
    """Mean within a square of ``reach`` pixels to each side, at least one."""
    side = max(1, round(reach))
    wide = padded(image, (side, side), border)
    across = functional.avg_pool2d(planes(wide), (1, 2 * side + 1), 1)
    return functional.avg_pool2d(across, (2 * side + 1, 1), 1).reshape(image.shape)


def blurred(image: Tensor, deviation: float, size: int, border: int = cv2.BORDER_REFLECT_101) -> Tensor:
    """Blurred by a Gaussian of that standard ``deviation``, cut off at an odd ``size`` of pixels."""
    weights = _gaussian(size, deviation, image.device)
    wide = padded(image, (size // 2, size // 2), border)
    rows = wide.reshape(-1, 1, *wide.shape[-2:])
    across = functional.conv2d(rows, weights[None, None, None, :])
    return functional.conv2d(across, weights[None, None, :, None]).reshape(image.shape)


def dilated(image: Tensor, across: int, down: int) -> Tensor:
    """The largest value within a rectangle; what lies outside of the image does not count."""
    return _largest(_largest(image, across, -1), down, -2)


def eroded(image: Tensor, across: int, down: int) -> Tensor:
    """The smallest value within a rectangle; what lies outside of the image does not count."""
    return -dilated(-image, across, down)


def thin_dark(image: Tensor, reach: int) -> Tensor:
    """By how much what is thinner than a square is darker than what is around it (black hat)."""
    return eroded(dilated(image, reach, reach), reach, reach) - image


def thin_bright(image: Tensor, reach: int) -> Tensor:
    """By how much what is thinner than a square is brighter than what is around it (top hat)."""
    return image - opened(image, reach)


def opened(image: Tensor, reach: int) -> Tensor:
    """Without what is brighter than its surroundings and thinner than a square (an opening)."""
    return dilated(eroded(image, reach, reach), reach, reach)


def touched_by(masks: Tensor, disc: NDArray[np.uint8]) -> Tensor:
    """Bool: where a ``disc`` (size, size) around a place meets one of the ``masks``, each by itself."""
    rows = masks.to(torch.float32).reshape(-1, 1, *masks.shape[-2:])
    kernel = _kernel(disc.tobytes(), disc.shape, masks.device)
    met = functional.conv2d(rows, kernel[None, None], padding=(disc.shape[0] // 2, disc.shape[1] // 2))
    return (met > 0.5).reshape(masks.shape)


def dilated_by(image: Tensor, disc: NDArray[np.uint8]) -> Tensor:
    """The largest value within a ``disc`` (size, size); what lies outside of the image does not count."""
    middle, best = len(disc) // 2, image
    for row, line in enumerate(disc):
        wide, off = _largest(image, int(line.sum()) // 2, -1), row - middle
        best = torch.maximum(best, _moved(wide, off))
    return best


def eroded_by(image: Tensor, disc: NDArray[np.uint8]) -> Tensor:
    """The smallest value within a ``disc`` (size, size); what lies outside of the image does not count."""
    return -dilated_by(-image, disc)


def padded(image: Tensor, reach: tuple[int, int], border: int) -> Tensor:
    """``image`` with ``reach`` (across, down) more pixels on each side, by OpenCV's rule."""
    for dim, side in ((-1, reach[0]), (-2, reach[1])):
        if side:
            image = image.index_select(image.dim() + dim, _beyond(image.shape[dim], side, border, image.device))
    return image


def _largest(image: Tensor, reach: int, dim: int) -> Tensor:
    """Along one axis, by windows that double: a few steps whatever the reach."""
    if reach == 0:
        return image
    least = float("-inf") if image.is_floating_point() else torch.iinfo(image.dtype).min
    sides = (reach, reach) if dim == -1 else (0, 0, reach, reach)
    found, window, whole = functional.pad(image, sides, value=least), 1, 2 * reach + 1
    while window < whole:
        step = min(window, whole - window)
        length = found.shape[dim] - step
        found = torch.maximum(found.narrow(dim, 0, length), found.narrow(dim, step, length))
        window += step
    return found


def _moved(image: Tensor, rows: int) -> Tensor:
    """Up by so many ``rows``; what comes in is the least there is."""
    if rows == 0:
        return image
    height = image.shape[-2]
    kept = image.narrow(-2, max(0, rows), max(0, height - abs(rows)))
    sides = (0, 0, max(0, -rows), max(0, rows))
    return functional.pad(kept, sides, value=float("-inf"))[..., :height, :]


@lru_cache(256)
def _beyond(size: int, reach: int, border: int, device: torch.device) -> Tensor:
    """Which pixel stands at each place from ``-reach`` to ``size + reach``."""
    places = [cv2.borderInterpolate(place, size, border) for place in range(-reach, size + reach)]
    return torch.tensor(places, device=device)


@lru_cache(64)
def _gaussian(size: int, deviation: float, device: torch.device) -> Tensor:
    return torch.from_numpy(cv2.getGaussianKernel(size, deviation, cv2.CV_32F)[:, 0].copy()).to(device)


@lru_cache(64)
def _kernel(content: bytes, shape: tuple[int, int], device: torch.device) -> Tensor:
    disc = np.frombuffer(content, np.uint8).reshape(shape).astype(np.float32)
    return torch.from_numpy(disc).to(device)
