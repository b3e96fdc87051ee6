# SPDX-License-Identifier: GPL-3.0-or-later
"""Logistic regression on the pixels of one clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..types import Float32Array
from .features import BLUE_YELLOW, GREEN_RED, HEIGHT, LIGHTNESS, Features

_RIDGE = 3e-3
_ROUNDS = 12


def _expanded(features: Features) -> Float32Array:
    """Squares and products of colour and height join the features, so that the border may be curved."""
    light, green, yellow, height = (features[..., i] for i in (LIGHTNESS, GREEN_RED, BLUE_YELLOW, HEIGHT))
    light, green, yellow = light / np.float32(50) - 1, green / np.float32(20), yellow / np.float32(20)
    products = [light * light, green * green, yellow * yellow, light * green, light * yellow, light * height]
    products += [yellow * height, height * height]
    known = features.shape[-1]
    expanded = np.empty((*features.shape[:-1], known + len(products)), np.float32)
    expanded[..., :known] = features
    for column, product in enumerate(products, known):
        expanded[..., column] = product
    return expanded


@dataclass(frozen=True)
class Classifier:
    """Weights on standardised features; :meth:`logits` gives the log odds of sky."""

    mean: Float32Array
    scale: Float32Array
    weights: Float32Array

    def logits(self, features: Features) -> Float32Array:
        """Log odds (height, width) of features (height, width, 9), kept within -8 .. 8."""
        flat = _expanded(features)
        weights = self.weights[:-1] / self.scale
        bias = self.weights[-1] - self.mean @ weights
        return np.asarray(np.clip(flat @ weights + bias, -8, 8), np.float32)


def fit_classifier(features: Float32Array, is_sky: NDArray[np.bool_], importance: Float32Array) -> Classifier:
    """Fit to samples (n, 9) with labels (n,) and weights (n,), by Newton's method with a ridge penalty.

    Both classes count alike, whatever their number.
    """
    expanded = _expanded(features).astype(np.float64)
    mean, scale = expanded.mean(axis=0), expanded.std(axis=0) + 1e-3
    design = np.concatenate([(expanded - mean) / scale, np.ones((len(expanded), 1))], axis=1)
    target = is_sky.astype(np.float64)
    weight = importance.astype(np.float64).copy()
    for label in (True, False):
        weight[is_sky == label] /= max(weight[is_sky == label].sum(), 1e-9) * 2
    ridge = _RIDGE * np.eye(design.shape[1])
    ridge[-1, -1] = 1e-9
    weights = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        probability = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (weight * (probability - target)) + ridge @ weights
        curvature = (design * (weight * probability * (1 - probability))[:, None]).T @ design + ridge
        step = np.linalg.solve(curvature + 1e-9 * np.eye(len(weights)), gradient)
        weights -= step * min(1.0, 4.0 / (np.abs(step).max() + 1e-12))
        if np.abs(step).max() < 1e-4:
            break
    return Classifier(mean.astype(np.float32), scale.astype(np.float32), weights.astype(np.float32))
