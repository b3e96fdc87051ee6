# SPDX-License-Identifier: GPL-3.0-or-later
"""Small random draws that many modules share (numpy only)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def one(rng: np.random.Generator, options: Sequence[T]) -> T:
    """One of `options`, all equally likely, with its type kept."""
    return options[int(rng.integers(len(options)))]


def side(rng: np.random.Generator) -> int:
    """Left (-1) or right (1)."""
    return 1 if rng.random() < 0.5 else -1


def heading(rng: np.random.Generator) -> float:
    """Any direction, in radians."""
    return float(rng.uniform(0, 2 * np.pi))
