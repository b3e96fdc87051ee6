# SPDX-License-Identifier: GPL-3.0-or-later
"""What a phone does to an image: vignette, grading, sharpening and sensor noise (numpy and OpenCV, no Blender)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]

# Rec. 709 luma weights for R, G, B.
_LUMA = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)


@dataclass(frozen=True)
class Phone:
    """Strengths, all on display-referred values in [0, 1]."""

    vignette: float = 0.07
    contrast: float = 0.10
    saturation: float = 1.08
    warmth: float = 0.0
    sharpen: float = 0.35
    read_noise: float = 0.0025
    shot_noise: float = 0.0065
    colour_noise: float = 0.004


def shoot(image: Image, phone: Phone, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The image (h, w, 3), RGB, display-referred sRGB in [0, 1], as the phone would store it: 8 bits."""
    graded = _grade(_vignette(image, phone.vignette), phone)
    # Noise is older than sharpening in a camera, so it is sharpened too.
    noisy = graded + _noise(graded, phone, rng)
    soft = cv2.GaussianBlur(noisy, (0, 0), 0.9)
    crisp = noisy + phone.sharpen * (noisy - soft)
    return np.round(np.clip(crisp, 0, 1) * 255).astype(np.uint8)


def _vignette(image: Image, strength: float) -> Image:
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = ((x - (width - 1) / 2) ** 2 + (y - (height - 1) / 2) ** 2) / ((width / 2) ** 2 + (height / 2) ** 2)
    return np.asarray(image * (1 - strength * away)[..., None], dtype=np.float32)


def _grade(image: Image, phone: Phone) -> Image:
    luma = (image @ _LUMA)[..., None]
    coloured = luma + (image - luma) * phone.saturation
    coloured = coloured * np.array([1 + phone.warmth, 1.0, 1 - phone.warmth], dtype=np.float32)
    clipped = np.clip(coloured, 0, 1)
    curve = clipped * clipped * (3 - 2 * clipped)
    return np.asarray(clipped + phone.contrast * (curve - clipped), dtype=np.float32)


def _noise(image: Image, phone: Phone, rng: np.random.Generator) -> Image:
    """Photon noise grows with the root of the light; a phone's colour noise is blotchy, its grain is fine."""
    height, width = image.shape[:2]
    luma = np.clip(image @ _LUMA, 0, 1)
    # Display values are compressed by the transfer curve, which shrinks the noise of bright parts again.
    strength = phone.read_noise + phone.shot_noise * np.sqrt(luma) * (1 - 0.6 * luma)
    grain = strength * cv2.GaussianBlur(rng.standard_normal((height, width), dtype=np.float32), (0, 0), 0.55) * 1.9
    blotches = rng.standard_normal((height // 2 + 1, width // 2 + 1, 3), dtype=np.float32)
    blotches = cv2.resize(cv2.GaussianBlur(blotches, (0, 0), 0.8), (width, height)) * phone.colour_noise
    return np.asarray(grain[..., None] + blotches - (blotches @ _LUMA)[..., None], dtype=np.float32)
