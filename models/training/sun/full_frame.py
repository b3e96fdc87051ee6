# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that look at a whole frame: trained with rendered scenes, whose surfaces are lit by a known sun."""

from __future__ import annotations

import numpy as np
import torch

from models.training.sun.fit import Float64Array, Hyperparameters, fit
from models.training.sun.frames import Examples
from skyar_blender.engine.sun.networks import Networks

RECIPE = Hyperparameters(widths=(64, 32), dropout=(0.1, 0.3, 0.0), epochs=60, batch=128, decay=0.1)
FOLDS = 5


def train_full_frame(examples: Examples, count: int = RECIPE.count) -> dict[str, Float64Array]:
    """Tensors of networks that answer with a direction, forward and right of the middle of the view."""
    azimuth = np.nan_to_num(examples.azimuth)
    # Without a sun the answer is nothing: neither ahead nor aside.
    answer = np.stack([np.cos(azimuth), np.sin(azimuth)], axis=1) * examples.lit[:, None]
    numbers = np.concatenate([examples.full_frame[:, 0], examples.full_frame[:, 1]])
    recipe = Hyperparameters(**{**vars(RECIPE), "count": count})
    return fit(numbers, np.concatenate([answer, answer * (1, -1)]), _apart, recipe)


def held_out(examples: Examples) -> Float64Array:
    """What networks say, forward and right, that saw nothing of a frame's scene, (frames, 2)."""
    seeds = np.unique(examples.seed)
    fold = np.searchsorted(seeds, examples.seed) % FOLDS
    found = np.zeros((len(fold), 2))
    for number in range(FOLDS):
        networks = Networks.of(train_full_frame(examples.only(fold != number), RECIPE.count // 2))
        these = examples.full_frame[fold == number]
        seen, mirrored = (networks.values(these[:, side]) for side in (0, 1))
        found[fold == number] = (seen + mirrored * (1.0, -1.0)) / 2
    return found


def _apart(given: torch.Tensor, answer: torch.Tensor) -> torch.Tensor:
    return ((given - answer) ** 2).mean()
