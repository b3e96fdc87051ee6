# SPDX-License-Identifier: GPL-3.0-or-later
"""Teaching small networks of one shape, and their weights as the engine reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Float64Array = NDArray[np.float64]
Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
# Further from the mean than so many deviations tells no more; as in the engine.
_FAR = 4.0


@dataclass(frozen=True)
class Hyperparameters:
    """``dropout`` before each layer; ``count`` networks, each with its own beginning and order of the examples."""

    widths: tuple[int, ...]
    dropout: tuple[float, ...]
    epochs: int
    batch: int
    decay: float
    rate: float = 2e-3
    count: int = 8


def fit(
    numbers: Float64Array, answers: Float64Array, loss: Loss, recipe: Hyperparameters, start: str = ""
) -> dict[str, Float64Array]:
    """Tensors of networks that answer ``answers`` to ``numbers`` (examples, ...), named after ``start``.

    The numbers are brought to mean 0 and deviation 1 as their first half says; the second is its mirror images.
    """
    first = numbers[: len(numbers) // 2]
    mean, deviation = first.mean(axis=0), first.std(axis=0) + 1e-3
    values = np.clip((numbers - mean) / deviation, -_FAR, _FAR)
    inputs, outputs = (torch.from_numpy(each.astype(np.float32)) for each in (values, answers))
    networks = [_network(inputs, outputs, loss, recipe, seed) for seed in range(recipe.count)]
    tensors = {f"{start}mean": mean, f"{start}deviation": deviation}
    layers = [[layer for layer in network if isinstance(layer, nn.Linear)] for network in networks]
    for index in range(len(recipe.widths) + 1):
        weights = [network[index].weight.detach().numpy().T for network in layers]
        tensors[f"{start}weight{index}"] = np.stack(weights)
        tensors[f"{start}bias{index}"] = np.stack([network[index].bias.detach().numpy() for network in layers])
    return tensors


def _network(
    inputs: torch.Tensor, outputs: torch.Tensor, loss: Loss, recipe: Hyperparameters, seed: int
) -> nn.Sequential:
    torch.manual_seed(seed)
    sizes = [inputs.shape[1], *recipe.widths, outputs.shape[1]]
    parts: list[nn.Module] = []
    for index, dropout in enumerate(recipe.dropout):
        parts += [nn.Dropout(dropout), nn.Linear(sizes[index], sizes[index + 1])]
        if index < len(recipe.widths):
            parts.append(nn.GELU("tanh"))
    network = nn.Sequential(*parts)
    optimiser = torch.optim.AdamW(network.parameters(), recipe.rate, weight_decay=recipe.decay)
    steps = recipe.epochs * -(-len(inputs) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.rate, total_steps=steps)
    for _ in range(recipe.epochs):
        order = torch.randperm(len(inputs))
        for start in range(0, len(order), recipe.batch):
            batch = order[start : start + recipe.batch]
            wrong = loss(network(inputs[batch]), outputs[batch])
            optimiser.zero_grad()
            wrong.backward()
            optimiser.step()
            schedule.step()
    return network.eval()
