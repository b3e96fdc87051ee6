# SPDX-License-Identifier: GPL-3.0-or-later
"""How long is trained, at which sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Phase:
    """``steps`` of ``batch`` samples with a long side of ``size``; ``frames`` of each shot a moment apart.

    ``frozen``: the stem and how many of the encoder's seven stages stay as they are; 7 is all of it.
    """

    steps: int
    size: int
    batch: int
    frames: int = 1
    frozen: int = 2


@dataclass(frozen=True)
class TrainingRecipe:
    """Phases in order, and the learning rate.

    It rises to ``rate`` in ``warm_up`` steps and falls with a cosine (Loshchilov & Hutter 2017); ``restarts``,
    each a step and a share of ``rate``, lift it again.
    """

    phases: tuple[Phase, ...]
    rate: float = 2e-3
    #: Of the encoder's rate, as a share of ``rate``: it knows most already.
    encoder_share: float = 0.15
    warm_up: int = 100
    skies: int = 1500
    restarts: tuple[tuple[int, float], ...] = ()

    @property
    def steps(self) -> int:
        return sum(phase.steps for phase in self.phases)

    def rate_at(self, step: int) -> float:
        """Share of ``rate`` at a step (from 0)."""
        if step < self.warm_up:
            return (step + 1) / self.warm_up
        cycles = ((self.warm_up, 1.0), *self.restarts, (self.steps, 0.0))
        for (first, peak), (end, _) in pairwise(cycles):
            if step < end:
                fraction = (step - first) / max(1, end - first)
                return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * fraction)))
        return 0.01 * cycles[-2][1]

    def phase_at(self, step: int) -> Phase:
        """The phase that a step (from 0) belongs to."""
        for phase in self.phases:
            if step < phase.steps:
                return phase
            step -= phase.steps
        return self.phases[-1]


# Small images first: what is learnt there about meaning costs a tenth of what it costs at full size.
FULL = TrainingRecipe(
    (
        Phase(steps=300, size=224, batch=10, frozen=7),
        Phase(steps=1500, size=256, batch=8),
        Phase(steps=400, size=352, batch=6),
        Phase(steps=900, size=320, batch=8),
        Phase(steps=150, size=352, batch=6, frames=2),
        Phase(steps=450, size=480, batch=4),
        Phase(steps=450, size=352, batch=6),
        Phase(steps=200, size=480, batch=4),
    ),
    restarts=((2200, 0.5), (3700, 0.25)),
)
# For a data-centre GPU: four times the batch and twice the steps at the sizes that the network works at.
GPU = TrainingRecipe(
    (
        Phase(steps=200, size=256, batch=48, frozen=7),
        Phase(steps=1600, size=288, batch=48, frozen=0),
        Phase(steps=1200, size=416, batch=24, frozen=0),
        Phase(steps=300, size=416, batch=24, frames=2, frozen=0),
        Phase(steps=900, size=512, batch=16, frozen=0),
    ),
    skies=4000,
)
SMOKE = TrainingRecipe((Phase(60, 96, 8), Phase(20, 128, 4, frames=2)), warm_up=10, skies=60)
RECIPES = {"full": FULL, "gpu": GPU, "smoke": SMOKE}

#: Height and width as shares of the long side, drawn for each batch: wide, classic, square, upright.
SHAPES = ((0.5, 1.0), (0.75, 1.0), (1.0, 1.0), (1.0, 0.75), (1.0, 0.5))


def batch_size(size: int, shape: tuple[float, float], multiple: int) -> tuple[int, int]:
    """Height and width in pixels, multiples of ``multiple``."""
    high, wide = (max(multiple, round(size * fraction / multiple) * multiple) for fraction in shape)
    return high, wide
