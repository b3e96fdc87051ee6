# SPDX-License-Identifier: GPL-3.0-or-later
"""Teaches the networks that find where a shot's light comes from, from frames of the scene generator.

    .blender/5.0/bin/python models/training/scenes/make_scenes.py --output build/sunlit --sunlit --second-sky ...
    .venv/bin/python -m models.training.sun.train build/sunlit

How sure they must be is chosen on scenes that they were not taught with: see `sure_level`.
"""

from __future__ import annotations

import argparse
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save
from torch import nn

from models.training.sun.frames import Examples, Floats, read_examples
from skyar_blender.engine.sun.describe import SKY_SHARE
from skyar_blender.engine.sun.estimate import NAME, SunNetworks, networks_from

MODELS = Path(__file__).parents[2]
WIDTHS = (64, 32)
FOLDS, NETWORKS, EPOCHS, BATCH, RATE = 5, 8, 60, 128, 2e-3
#: A shot is within so many degrees in this share of the cases that are called sure.
GOOD, SHARE = 30.0, 0.9
#: A shot whose sky is to be replaced shows at least so much of it.
LEAST_SKY = 0.1


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenes", type=Path, help="folder of frames from make_scenes.py")
    parser.add_argument("--output", type=Path, default=MODELS, help="folder for the weights")
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    examples = read_examples(asked.scenes, asked.scenes.parent / f"{asked.scenes.name}_described")
    lit = np.isfinite(examples.azimuth)
    print(f"{len(lit)} frames of {len(set(examples.seed))} scenes, {lit.sum()} of them with a sun")
    seen = examples.numbers[:, 0, SKY_SHARE] >= LEAST_SKY
    confidence, error = held_out(examples)
    level = sure_level(confidence[lit & seen], error[lit & seen])
    sure = confidence >= level
    right = error <= GOOD
    print(
        f"held out, frames that show {100 * LEAST_SKY:.0f} % of sky: {(lit & seen).sum()} with a sun, median error "
        f"{np.median(error[lit & seen]):.1f} degrees; sure above {level:.3f}: {sure[lit & seen].mean():.3f} of them, "
        f"{right[lit & seen & sure].mean():.3f} of these within {GOOD:.0f} degrees; of {(~lit & seen).sum()} "
        f"without a sun {sure[~lit & seen].mean():.3f} are called sure"
    )
    for share in (0.7, 0.5, 0.3):
        least = np.quantile(confidence[lit & seen], 1 - share)
        within = right[lit & seen & (confidence >= least)].mean()
        print(f"the surest {100 * share:.0f} % of them: {within:.3f} within {GOOD:.0f} degrees (above {least:.3f})")
    tensors = taught(examples, np.ones(len(lit), bool), NETWORKS)
    content = save({name: np.ascontiguousarray(value, np.float32) for name, value in tensors.items()})
    (asked.output / f"{NAME}.safetensors").write_bytes(content)
    (asked.output / f"{NAME}.toml").write_text(
        f'name = "{NAME}"\nlicence = "CC0-1.0"\ndate = {datetime.now(UTC).date()}\n'
        f'sha256 = "{hashlib.sha256(content).hexdigest()}"\n'
        f"sure_above = {level:.4f}  # confidence of a shot whose light is told within {GOOD:.0f} degrees\n",
        encoding="utf-8",
    )


def held_out(examples: Examples) -> tuple[Floats, Floats]:
    """Confidence and error in degrees of each frame, by networks that saw nothing of its scene."""
    seeds = np.unique(examples.seed)
    fold = np.searchsorted(seeds, examples.seed) % FOLDS
    found = np.zeros((len(fold), 2))
    for number in range(FOLDS):
        networks = networks_from(taught(examples, fold != number, NETWORKS // 2), 0.0)
        found[fold == number] = towards(networks, examples.numbers[fold == number])
    confidence = np.hypot(found[:, 0], found[:, 1])
    azimuth = np.nan_to_num(examples.azimuth)
    error = np.degrees(np.abs((np.arctan2(found[:, 1], found[:, 0]) - azimuth + np.pi) % (2 * np.pi) - np.pi))
    return confidence, error


def sure_level(confidence: Floats, error: Floats) -> float:
    """The least confidence above which `SHARE` of the frames are within `GOOD` degrees."""
    order = np.argsort(-confidence)
    share = np.cumsum(error[order] <= GOOD) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share[20:] >= SHARE) + 20
    return float(confidence[order][good[-1]]) if len(good) else float(confidence.max())


def towards(networks: SunNetworks, numbers: Floats) -> Floats:
    """As the engine does it: a frame and its mirror image, (frames, 2)."""
    seen, mirrored = (networks.towards(numbers[:, side]) for side in (0, 1))
    return (seen + mirrored * (1.0, -1.0)) / 2


def taught(examples: Examples, which: NDArray[np.bool_], count: int) -> dict[str, Floats]:
    """Tensors of `count` networks, each taught with the frames in `which` in another order."""
    numbers, azimuth = examples.numbers[which], np.nan_to_num(examples.azimuth[which])
    lit = np.isfinite(examples.azimuth[which])[:, None]
    mean, deviation = numbers[:, 0].mean(axis=0), numbers[:, 0].std(axis=0) + 1e-3
    # Without a sun the answer is nothing: neither ahead nor aside.
    answer = np.stack([np.cos(azimuth), np.sin(azimuth)], axis=1) * lit
    values = np.clip((np.concatenate([numbers[:, 0], numbers[:, 1]]) - mean) / deviation, -4, 4)
    inputs = torch.from_numpy(values.astype(np.float32))
    answers = torch.from_numpy(np.concatenate([answer, answer * (1, -1)]).astype(np.float32))
    networks = [_network(inputs, answers, seed) for seed in range(count)]
    tensors = {"mean": mean, "deviation": deviation}
    layers = [[layer for layer in network if isinstance(layer, nn.Linear)] for network in networks]
    for index in range(len(WIDTHS) + 1):
        weights = [network[index].weight.detach().numpy().T for network in layers]
        tensors[f"weight{index}"] = np.stack(weights)
        tensors[f"bias{index}"] = np.stack([network[index].bias.detach().numpy() for network in layers])
    return tensors


def _network(inputs: torch.Tensor, answers: torch.Tensor, seed: int) -> nn.Sequential:
    torch.manual_seed(seed)
    network = nn.Sequential(
        nn.Dropout(0.1), nn.Linear(inputs.shape[1], WIDTHS[0]), nn.GELU("tanh"),
        nn.Dropout(0.3), nn.Linear(WIDTHS[0], WIDTHS[1]), nn.GELU("tanh"), nn.Linear(WIDTHS[1], 2),
    )  # fmt: skip
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0.1)
    steps = EPOCHS * -(-len(inputs) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for _ in range(EPOCHS):
        order = torch.randperm(len(inputs))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            loss = ((network(inputs[batch]) - answers[batch]) ** 2).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return network.eval()


if __name__ == "__main__":
    main()
