# SPDX-License-Identifier: GPL-3.0-or-later
"""Focal length in millimetres and in pixels."""

from __future__ import annotations

import math

#: Width in millimetres of the sensor that focal lengths refer to; it lies along the long side of the image.
SENSOR_MM = 36.0
#: Focal length taken when nobody gave one: the main camera of most phones, and close to common video lenses.
DEFAULT_FOCAL_MM = 28.0


def focal_mm_to_px(focal_mm: float | None, width: int, height: int) -> float:
    """Focal length in pixels of a ``width`` x ``height`` image; None takes :data:`DEFAULT_FOCAL_MM`.

    Raises ValueError when the focal length is not a positive finite number or the image is empty.
    """
    value = DEFAULT_FOCAL_MM if focal_mm is None else float(focal_mm)
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"focal length must be a positive number of millimetres, not {focal_mm}")
    if width < 1 or height < 1:
        raise ValueError(f"a picture of {width} x {height} pixels is empty")
    return value * max(width, height) / SENSOR_MM


def focal_px_to_mm(focal_px: float, width: int, height: int) -> float:
    """Focal length in millimetres on the 36 mm sensor. Raises ValueError like :func:`focal_mm_to_px`."""
    if not (math.isfinite(focal_px) and focal_px > 0):
        raise ValueError(f"focal length must be a positive number of pixels, not {focal_px}")
    if width < 1 or height < 1:
        raise ValueError(f"a picture of {width} x {height} pixels is empty")
    return focal_px * SENSOR_MM / max(width, height)
