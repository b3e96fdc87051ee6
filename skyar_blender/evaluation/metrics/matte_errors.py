# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of one matte against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...engine.types import Matte
from .gradient import gradient_error

#: True for pixels that count: (height, width).
Counted = NDArray[np.bool_]
#: An image whose truth covers no more than this has no sky.
LEAST_SKY = 0.001
#: A pixel belongs to the edge band when it lies at most this many pixels from the other side of the edge.
EDGE_BAND = 10


@dataclass(frozen=True)
class MatteErrors:
    """What :func:`matte_errors` finds.

    Attributes:
        iou: intersection over union of the pixels above 0.5, 0..1.
        mae: mean absolute error, 0..1.
        mse: mean squared error, 0..1.
        edge_mae: mean absolute error in the edge band, 0..1; None where the truth has no edge.
        grad: gradient error (:func:`.gradient.gradient_error`), in thousands.
    """

    iou: float
    mae: float
    mse: float
    edge_mae: float | None
    grad: float


def matte_errors(matte: Matte, truth: Matte, counted: Counted | None = None) -> MatteErrors:
    """Compare ``matte`` with ``truth``, both (height, width), 0..1, where ``counted`` is True (None: everywhere).

    Raises:
        ValueError: the shapes differ, a value is not finite, or no pixel counts.
    """
    counted = _checked(matte, truth, counted)
    difference = np.abs(matte - truth)[counted]
    edge = edge_band(truth) & counted
    return MatteErrors(
        iou=intersection_over_union(matte, truth, counted),
        mae=float(difference.mean(dtype=np.float64)),
        mse=float(np.square(difference, dtype=np.float64).mean()),
        edge_mae=float(np.abs(matte - truth)[edge].mean(dtype=np.float64)) if edge.any() else None,
        grad=gradient_error(matte, truth, counted),
    )


def coverage(matte: Matte, counted: Counted | None = None) -> float:
    """Mean of a matte (0..1) where ``counted`` is True; of an image without sky this is its false sky.

    Raises:
        ValueError: a value is not finite, or no pixel counts.
    """
    counted = _checked(matte, matte, counted)
    return float(matte[counted].mean(dtype=np.float64))


def intersection_over_union(matte: Matte, truth: Matte, counted: Counted) -> float:
    """Of what lies above 0.5 in both; 1 where neither has any."""
    found, there = (matte > 0.5) & counted, (truth > 0.5) & counted
    union = int(np.count_nonzero(found | there))
    return int(np.count_nonzero(found & there)) / union if union else 1.0


def edge_band(truth: Matte) -> Counted:
    """True within :data:`EDGE_BAND` pixels of the line where ``truth`` crosses 0.5, on both sides of it."""
    sky = (truth > 0.5).astype(np.uint8)
    if sky.all() or not sky.any():
        return np.zeros(truth.shape, np.bool_)
    into_sky = cv2.distanceTransform(sky, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    into_ground = cv2.distanceTransform(1 - sky, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(np.maximum(into_sky, into_ground) <= EDGE_BAND, np.bool_)


def _checked(matte: Matte, truth: Matte, counted: Counted | None) -> Counted:
    if counted is None:
        counted = np.ones(truth.shape, np.bool_)
    if not matte.shape == truth.shape == counted.shape:
        raise ValueError(f"a matte of shape {matte.shape} cannot be compared with {truth.shape} and {counted.shape}")
    if not counted.any():
        raise ValueError("no pixel counts")
    if not (np.isfinite(matte).all() and np.isfinite(truth).all()):
        raise ValueError("a matte has values that are no numbers")
    return counted
