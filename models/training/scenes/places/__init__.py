# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of place; each builds one scene from a seed and says where cameras may stand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from . import city, forest, mountains, shore
from .place import Place

#: How a kind is built, how often it is drawn, and the chance that it is night there.
KINDS: dict[str, tuple[Callable[[np.random.Generator, bool], Place], float, float]] = {
    "city": (city.build, 0.40, 0.22),
    "forest": (forest.build, 0.2, 0.0),
    "mountains": (mountains.build, 0.24, 0.02),
    "shore": (shore.build, 0.16, 0.03),
}
