# SPDX-License-Identifier: GPL-3.0-or-later
"""How a camera turns light into an image: metering, white balance, a tone curve, saturation (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]

_LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


@dataclass(frozen=True)
class Curve:
    """`gain` per channel on scene-linear light; `shoulder`: where highlights begin to roll off, 1 for a hard clip."""

    gain: tuple[float, float, float]
    shoulder: float
    contrast: float
    saturation: float


def draw_curve(light: Float32Array, cover: Float32Array, night: bool, rng: np.random.Generator) -> Curve:
    """Meter the light (h, w, 3): between the ground's middle grey and an unclipped sky, as automatic cameras do."""
    luma = np.clip(light @ _LUMA, 1e-6, None)
    key = np.exp(rng.normal(np.log(0.2), 0.25))
    by_mean = key / np.exp(np.log(luma).mean())
    by_bright = rng.uniform(0.8, 1.7) / np.quantile(luma, 0.93)
    weight = rng.uniform(0.25, 0.75)
    # No camera gathers so much light that a night looks like a day.
    stops = rng.normal(-1.8, 0.6) if night else rng.normal(0, 0.35)
    exposure = by_mean**weight * by_bright ** (1 - weight) * 2.0**stops
    # White balance follows the light only part of the way, so that evenings stay warm and shade cool.
    mean = np.clip((light / (luma[..., None] + luma.mean())).reshape(-1, 3).mean(axis=0), 1e-6, None)
    cast = (mean.mean() / mean) ** rng.uniform(0.1, 0.7)
    cast = np.clip(cast, 0.6, 1.6) * np.exp(rng.normal(0, 0.035, 3))
    red, green, blue = (float(exposure * c) for c in cast / (cast @ _LUMA))
    shoulder = float(rng.choice([1.0, rng.uniform(0.55, 0.9)], p=[0.3, 0.7]))
    return Curve((red, green, blue), shoulder, float(rng.uniform(-0.1, 0.5)), float(rng.uniform(0.75, 1.3)))


def expose(light: Float32Array, curve: Curve) -> Float32Array:
    """Scene-linear light (..., 3) to display-referred sRGB in [0, 1]; pixel by pixel, so it fits foregrounds too."""
    linear = np.asarray(light, np.float32) * np.array(curve.gain, dtype=np.float32)
    if curve.shoulder < 1:
        headroom = 1 - curve.shoulder
        linear = np.where(
            linear > curve.shoulder, 1 - headroom * np.exp(-np.maximum(linear - curve.shoulder, 0) / headroom), linear
        )
    linear = np.clip(linear, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-8) ** (1 / 2.4) - 0.055)
    smooth = encoded * encoded * (3 - 2 * encoded)
    encoded = encoded + curve.contrast * (smooth - encoded)
    grey = (encoded @ _LUMA)[..., None]
    return np.asarray(np.clip(grey + curve.saturation * (encoded - grey), 0, 1), dtype=np.float32)
