# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of place; each builds one scene from a seed and says where cameras may stand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import city, covered, forest, highway, industry, mountains, park, shore, village
from .place import Place

#: How a kind is built, how often it is drawn, and the chance that it is night there.
KINDS: dict[str, tuple[Callable[[np.random.Generator, bool], Place], float, float]] = {
    "city": (city.build, 0.22, 0.25),
    "village": (village.build, 0.10, 0.12),
    "industry": (industry.build, 0.08, 0.12),
    "highway": (highway.build, 0.10, 0.15),
    "covered": (covered.build, 0.04, 0.1),
    "park": (park.build, 0.10, 0.06),
    "forest": (forest.build, 0.11, 0.0),
    "mountains": (mountains.build, 0.15, 0.02),
    "shore": (shore.build, 0.10, 0.03),
}
