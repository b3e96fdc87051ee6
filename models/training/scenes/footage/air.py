# SPDX-License-Identifier: GPL-3.0-or-later
"""Haze and fog, laid on after rendering (numpy only)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]

#: Of the pass: metres after which 1/e of the light is left, as in `materials.AIR_DISTANCES`.
DISTANCES = (250.0, 1500.0, 9000.0)
#: However thick the air, this share of a surface's own light comes through: what cannot be told from sky would be
#: labelled arbitrarily.
LEAST = 0.08


def lay_on(
    surface: Float32Array, cover: Float32Array, air: Float32Array, distance: float, horizon: Float32Array
) -> Float32Array:
    """Surfaces (h, w, 3), premultiplied by `cover` (h, w), through air that leaves 1/e after `distance` metres.

    `air` (h, w, 3) is the share of light that comes through for the three DISTANCES, premultiplied. What the air
    takes away it replaces by light of the `horizon`'s colour (Koschmieder's law).
    """
    through = _through(air, np.maximum(cover, 1e-6), distance)[..., None]
    through = LEAST + (1 - LEAST) * through
    return np.asarray(surface * through + horizon * ((1 - through) * cover[..., None]), dtype=np.float32)


def _through(air: Float32Array, cover: Float32Array, distance: float) -> Float32Array:
    """The share that comes through (h, w), straight, between the known distances by powers of the nearest."""
    nearest = int(np.argmin(np.abs(np.log(np.array(DISTANCES) / distance))))
    straight = np.clip(air[..., nearest] / cover, 0, 1)
    return np.asarray(straight ** (DISTANCES[nearest] / distance), dtype=np.float32)
