# SPDX-License-Identifier: GPL-3.0-or-later
"""The distortion of a movie clip's lens, in the one parameter that a track has."""

from __future__ import annotations

import math
from typing import Any

#: Coefficients of each of Blender's models of lens distortion.
_COEFFICIENTS = {
    "POLYNOMIAL": ("k1", "k2", "k3"),
    "DIVISION": ("division_k1", "division_k2"),
    "NUKE": ("nuke_k1", "nuke_k2"),
    "BROWN": ("brown_k1", "brown_k2", "brown_k3", "brown_k4", "brown_p1", "brown_p2"),
}
#: Radii of the image that are compared, and pixels by which the two models may differ at any of them.
_RADII = 64
_CLOSE = 1.0
#: A lens whose image grows by less than this share of what it shows turns back on itself soon.
_LEAST_GROWTH = 0.02


def is_distorted(camera: Any) -> bool:
    """Whether the lens of ``camera`` (a clip's tracking camera) bends straight lines."""
    return any(getattr(camera, name, 0.0) for name in _COEFFICIENTS.get(camera.distortion_model, ()))


def distortion_of(camera: Any, width: int, height: int) -> float | None:
    """The ``distortion`` of :mod:`skyar_blender.contract.track_file` that is nearest to that of ``camera``.

    None where no single number comes near, or the model is none of those that are known here.
    """
    if not is_distorted(camera):
        return 0.0
    half, focal = math.hypot(width, height) / 2, float(camera.focal_length_pixels)
    if not (math.isfinite(focal) and focal > 0):
        return None
    pairs: list[tuple[float, float]] = []
    ideal = 0.0
    while not pairs or pairs[-1][0] < 1:
        ideal += 1 / _RADII
        seen = _seen(camera, ideal * half / focal)
        if seen is None or seen * focal / half - (pairs[-1][0] if pairs else 0) < _LEAST_GROWTH / _RADII:
            return None
        pairs.append((seen * focal / half, ideal))
    # seen / ideal = 1 + distortion seen^2, weighed by how far apart that puts them.
    above = sum((seen / ideal - 1) * seen**2 * ideal**2 for seen, ideal in pairs)
    distortion = above / sum(seen**4 * ideal**2 for seen, ideal in pairs)
    if not -0.9 < distortion < 0.9:
        return None
    close = all(abs(seen / (1 + distortion * seen**2) - ideal) * half <= _CLOSE for seen, ideal in pairs)
    return round(distortion, 6) if close else None


def _seen(camera: Any, radius: float) -> float | None:
    """Where an ideal radius is seen, both in focal lengths: Blender's models all go that way."""
    square = radius * radius
    if camera.distortion_model == "DIVISION":
        by = 1 + camera.division_k1 * square + camera.division_k2 * square**2
        return radius / by if by > 0 else None
    if camera.distortion_model == "POLYNOMIAL":
        return float(radius * (1 + camera.k1 * square + camera.k2 * square**2 + camera.k3 * square**3))
    return None
