# SPDX-License-Identifier: GPL-3.0-or-later
"""What cameras, weather and files do to an image. All images are RGB 0..1 as displayed, (H, W, 3)."""

from __future__ import annotations

import cv2
import numpy as np

Random = np.random.Generator
Floats = np.ndarray


def graded(random: Random, image: Floats, strength: float) -> Floats:
    """Exposure, contrast, white balance, saturation, vignette, softness: alike in all frames of a shot."""
    image = image * np.exp(random.normal(0, 0.25 * strength))
    image = image * (1 + random.normal(0, 0.06 * strength, 3)).astype(np.float32)
    grey = image.mean(axis=-1, keepdims=True)
    saturation = random.uniform(1 - 0.5 * strength, 1 + 0.5 * strength) if random.random() < 0.94 else 0.0
    image = grey + (image - grey) * saturation
    if random.random() < 0.5 * strength:
        pivot, contrast = random.uniform(0.3, 0.7), random.uniform(0.6, 1.6)
        image = pivot + (image - pivot) * contrast
    image = cv2.pow(np.clip(image, 0, 1).astype(np.float32), float(np.exp(random.normal(0, 0.2 * strength))))
    if random.random() < 0.06:
        image = _flat(random, image)
    if random.random() < 0.04:
        image = image * random.uniform(0.12, 0.6)  # on its way to or from black
    if random.random() < 0.2 * strength:
        y, x = (np.linspace(-1, 1, extent, dtype=np.float32) for extent in image.shape[:2])
        image = image * (1 - random.uniform(0.1, 0.6) * (x[None] ** 2 + y[:, None] ** 2) / 2)[..., None]
    if random.random() < 0.08 * strength:
        image = _flare(random, image)
    if random.random() < 0.05 * strength:
        image = _falling(random, image)
    if random.random() < 0.25:
        image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.4, 1.6))
    if random.random() < 0.08:
        image = _shaken(random, image)
    return np.clip(image, 0, 1).astype(np.float32)


def recorded(random: Random, image: Floats, noise: float, quality: int) -> np.ndarray:
    """8-bit image with the noise of a sensor and the damage of compression; another one in each frame."""
    if noise > 0:
        grain = random.standard_normal(image.shape, np.float32)
        if random.random() < 0.5:
            grain = cv2.GaussianBlur(grain, (0, 0), 0.7) * 1.8
        image = image + noise * grain * np.sqrt(image + 0.05)
    coded = np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)
    if quality < 96:
        done, data = cv2.imencode(".jpg", coded[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
        if done:
            coded = cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]
    return np.ascontiguousarray(coded)


def _flat(random: Random, image: Floats) -> Floats:
    """As a camera's logarithmic curve shows it: pale and without contrast."""
    low, high, bend = random.uniform(0.05, 0.2), random.uniform(0.6, 0.85), random.uniform(5, 60)
    curve = np.log1p(bend * np.clip(image, 0, 1) ** 2.2) / np.log1p(bend)
    return np.asarray(low + (high - low) * curve, np.float32)


def _shaken(random: Random, image: Floats) -> Floats:
    """Blurred by a camera that moves while it looks."""
    length, angle = int(random.integers(3, 14)), random.uniform(0, np.pi)
    kernel = np.zeros((length, length), np.float32)
    middle = (length - 1) / 2
    ends = [round(middle + sign * middle * turn(angle)) for sign in (-1, 1) for turn in (np.cos, np.sin)]
    cv2.line(kernel, (ends[0], ends[1]), (ends[2], ends[3]), 1)
    return cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def _flare(random: Random, image: Floats) -> Floats:
    height, width = image.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    far = np.hypot(x - random.uniform(0, width), y - random.uniform(0, height)) / max(height, width)
    light = np.exp(-far / random.uniform(0.03, 0.3)) * random.uniform(0.2, 1)
    return image + light[..., None] * np.float32([1, random.uniform(0.8, 1), random.uniform(0.5, 1)])


def _falling(random: Random, image: Floats) -> Floats:
    """Rain or snow between the lens and everything."""
    height, width = image.shape[:2]
    drops = (random.random((height, width)) > 1 - random.uniform(0.001, 0.01)).astype(np.float32)
    if random.random() < 0.5:
        length = int(random.integers(3, 15))
        kernel = np.zeros((length, length), np.float32)
        cv2.line(kernel, (int(random.integers(length)), 0), (length // 2, length - 1), 1)
        drops = cv2.filter2D(drops, -1, kernel)
    drops = np.minimum(cv2.GaussianBlur(drops, (0, 0), 0.6) * random.uniform(0.3, 2), 1)
    return image + (0.85 - image) * drops[..., None] * random.uniform(0.1, 0.7)
