# SPDX-License-Identifier: GPL-3.0-or-later
"""Train the matting network.

    python -m models.training.matting.train --output RUN --cut-outs FOLDER [--rendered FOLDER ...] [--data FOLDER]
        [--encoder efficientnet-lite2-9656183e.pth]

Goes on where an earlier run in the same folder stopped. ``RUN/log.jsonl`` holds the figures, ``RUN/last.pt`` the
state.
"""

from __future__ import annotations

import argparse
import json
import time
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset

from skyar_blender.engine.matte.network.architecture import STRIDE, SkyNetwork

from .gather import Data, gather
from .held_out import held_out
from .pretrained import load_encoder
from .recipe import RECIPES, SHAPES, TrainingRecipe, batch_size
from .samples import Sources
from .tracking import Log

_KEEP = 0.9985
_EVERY = 100
#: Share of the images that do not say which way is up: the network must not lean on it.
_BLIND = 0.25


class Batches(IterableDataset):  # type: ignore[type-arg]
    """Batch after batch; the one of a step depends on the seed and the step only."""

    def __init__(self, sources: Sources, recipe: TrainingRecipe, seed: int, first: int) -> None:
        self.sources, self.recipe, self.seed, self.first = sources, recipe, seed, first

    def __iter__(self):  # type: ignore[no-untyped-def]
        info = torch.utils.data.get_worker_info()
        start, step_by = (info.id, info.num_workers) if info else (0, 1)
        for step in range(self.first + start, self.recipe.steps, step_by):
            yield self.batch(step)

    def batch(self, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Images (N, H, W, 3), mattes and what is known of them (N, H/2, W/2), 8 bits; frames in a row."""
        phase = self.recipe.phase_at(step)
        shape = SHAPES[int(np.random.default_rng((self.seed, step)).integers(len(SHAPES)))]
        size = batch_size(phase.size, shape, STRIDE)
        count = phase.batch // phase.frames
        drawn = [self.sources.draw((self.seed, step, item), size, phase.frames) for item in range(count)]
        return tuple(np.concatenate([getattr(each, name) for each in drawn]) for name in ("image", "matte", "known"))  # type: ignore[return-value]


def as_input(images: torch.Tensor, blind: torch.Tensor | None = None) -> torch.Tensor:
    """(N, H, W, 3) 8 bits to what the network takes; it is not told y in images that are ``blind`` (N,)."""
    image = images.permute(0, 3, 1, 2).float() / 255
    height, width = image.shape[2:]
    y = torch.linspace(0, 1, height, device=image.device).view(1, 1, -1, 1).expand(len(image), 1, height, width)
    if blind is not None:
        y = torch.where(blind.view(-1, 1, 1, 1), 0.5, y)
    return torch.cat([image, y], 1).contiguous(memory_format=torch.channels_last)


def loss_of(answer: torch.Tensor, matte: torch.Tensor, known: torch.Tensor, frames: int) -> torch.Tensor:
    """Cross entropy, absolute error, and between frames of a shot the error of the change (dtSSD's term).

    ``answer`` (N, 2, H, W) as the network gives it; its second channel is to say how often the first one is right.
    """
    logits, sureness = answer[:, :1], answer[:, 1:]
    entropy = functional.binary_cross_entropy_with_logits(logits, matte, reduction="none")
    found = torch.sigmoid(logits)
    error = (found - matte).abs()
    edge = functional.max_pool2d(matte, 5, 1, 2) + functional.max_pool2d(-matte, 5, 1, 2)
    weight = known * (1 + edge)
    right = ((logits.detach() > 0) == (matte > 0.5)).float()
    doubt = functional.binary_cross_entropy_with_logits(sureness, right, reduction="none")
    total = (weight * (entropy + error)).sum() / weight.sum().clamp_min(1)
    total = total + (known * doubt).sum() / known.sum().clamp_min(1)
    if frames > 1:
        pairs = [each.reshape(-1, frames, *each.shape[1:]) for each in (found, matte, known)]
        change = (pairs[0][:, 1:] - pairs[0][:, :-1]) - (pairs[1][:, 1:] - pairs[1][:, :-1])
        total = total + 2.0 * (change.abs() * pairs[2][:, 1:]).mean()
    return total


def train(
    data: Data,
    output: Path,
    recipe: TrainingRecipe,
    seed: int,
    log: Log,
    workers: int,
    encoder: Path | None = None,
    device: str = "cpu",
) -> SkyNetwork:
    """Run the recipe; returns the averaged network (exponential moving average of the weights).

    On a GPU the network runs in half precision (bfloat16), its weights stay in single precision.
    """
    torch.manual_seed(seed)
    network = SkyNetwork()
    if encoder:
        load_encoder(network.encoder, encoder)
    network = network.to(device, memory_format=torch.channels_last)
    averaged = torch.optim.swa_utils.AveragedModel(network, multi_avg_fn=_moving_average, use_buffers=True)
    fraction = recipe.encoder_share if encoder else 1.0
    optimiser = torch.optim.AdamW(_groups(network, recipe.rate, fraction), lr=recipe.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, recipe.rate_at)
    state_file = output / "last.pt"
    first = 0
    if state_file.exists():
        state = torch.load(state_file, map_location=device, weights_only=True)
        if state["steps"] != recipe.steps or state["seed"] != seed:
            raise SystemExit(f"{state_file} belongs to another recipe or seed; choose another --output")
        for name, part in (
            ("network", network),
            ("averaged", averaged),
            ("optimiser", optimiser),
            ("schedule", schedule),
        ):
            part.load_state_dict(state[name])
        first = state["step"]
        print(f"going on from step {first}", flush=True)
    batches = DataLoader(
        Batches(data.sources, recipe, seed, first),
        batch_size=None,
        num_workers=workers,
        prefetch_factor=4 if workers else None,
    )
    begun, recent = time.monotonic(), []
    for step, (images, mattes, known) in enumerate(batches, first):
        phase = recipe.phase_at(step)
        _freeze(network, phase.frozen if encoder else 0, keep_statistics=encoder is not None)
        chance = np.random.default_rng((seed, step, 9)).random(len(images) // phase.frames)
        blind = torch.from_numpy(np.repeat(chance < _BLIND, phase.frames))
        images, mattes, known, blind = (each.to(device, non_blocking=True) for each in (images, mattes, known, blind))
        with torch.autocast(device, torch.bfloat16, enabled=device != "cpu"):
            answer = network(as_input(images, blind))
        loss = loss_of(answer.float(), mattes[:, None].float() / 255, known[:, None].float(), phase.frames)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        averaged.update_parameters(network)
        recent.append(loss.detach())
        done = step + 1
        if done % 50 == 0 or done == recipe.steps:
            log.write(
                step=done,
                loss=round(float(torch.stack(recent).mean()), 5),
                size=phase.size,
                seconds=round(time.monotonic() - begun, 1),
            )
            recent.clear()
        if done % _EVERY == 0 or done == recipe.steps:
            parts = {"network": network, "averaged": averaged, "optimiser": optimiser, "schedule": schedule}
            state = {name: part.state_dict() for name, part in parts.items()} | {
                "step": done,
                "steps": recipe.steps,
                "seed": seed,
            }
            torch.save(state, state_file.with_suffix(".part"))
            state_file.with_suffix(".part").rename(state_file)
        if done % (3 * _EVERY) == 0 or done == recipe.steps:
            log.write(step=done, **held_out(partial(_answers, averaged.module), data))
    return averaged.module


def _groups(network: SkyNetwork, rate: float, encoder_share: float) -> list[dict[str, object]]:
    """Weights decay, biases and norms do not; the encoder learns at a share of the rate."""
    groups: list[dict[str, object]] = []
    of_encoder = {id(each) for each in network.encoder.parameters()}
    for inside in (True, False):
        parameters = [each for each in network.parameters() if (id(each) in of_encoder) == inside]
        lr = rate * (encoder_share if inside else 1.0)
        groups.append({"params": [each for each in parameters if each.ndim > 1], "weight_decay": 0.02, "lr": lr})
        groups.append({"params": [each for each in parameters if each.ndim <= 1], "weight_decay": 0.0, "lr": lr})
    return groups


def _freeze(network: SkyNetwork, stages: int, keep_statistics: bool) -> None:
    """Let all learn but the stem and the first ``stages`` of the encoder; its norms may keep what they were."""
    network.train()
    if keep_statistics:
        network.encoder.eval()
    frozen = [network.encoder.stem, *network.encoder.stages[:stages]] if stages else []
    still = {id(each) for module in frozen for each in module.parameters()}
    for each in network.encoder.parameters():
        each.requires_grad_(id(each) not in still)


def _answers(network: SkyNetwork, image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Probability of sky (H/2, W/2) = ``size`` in an image (H, W, 3), 8 bits."""
    network.eval()
    device = next(network.parameters()).device
    with torch.no_grad():
        found = torch.sigmoid(network(as_input(torch.from_numpy(image[None]).to(device))))[0, 0].cpu().numpy()
    assert found.shape == size
    return np.asarray(found)


def _moving_average(averaged: list[torch.Tensor], current: list[torch.Tensor], count: torch.Tensor | int) -> None:
    """Short memory at first, longer later."""
    keep = min(_KEEP, (1 + float(count)) / (10 + float(count)))
    for mine, new in zip(averaged, current, strict=True):
        if mine.is_floating_point():
            mine.lerp_(new, 1 - keep)
        else:
            mine.copy_(new)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="folder of this run")
    parser.add_argument("--cut-outs", type=Path, required=True, help="shards of make_cut_outs")
    parser.add_argument("--rendered", type=Path, nargs="*", default=[], help="folders of make_scenes")
    parser.add_argument("--data", type=Path, help="folder with photos.jsonl, labelled.jsonl and panoramas/")
    parser.add_argument("--clouds", type=Path, help="labels of the data's clouds, of teacher.label")
    parser.add_argument("--encoder", type=Path, help="weights to start the encoder from; else from chance")
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="full")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--threads", type=int, default=1, help="more than one pays on an idle machine only")
    parser.add_argument("--wandb", metavar="PROJECT", help="also log to Weights & Biases")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    recipe = RECIPES[options.recipe]
    options.output.mkdir(parents=True, exist_ok=True)
    data = gather(options.cut_outs, options.rendered, options.data, recipe.skies, options.seed, options.clouds)
    log = Log(
        options.output / "log.jsonl", options.wandb, {"recipe": options.recipe, "seed": options.seed, **data.counts}
    )
    log.write(**data.counts)
    network = train(data, options.output, recipe, options.seed, log, options.workers, options.encoder, options.device)
    torch.save(network.state_dict(), options.output / "weights.pt")
    log.write(done=True)
    print(json.dumps(held_out(partial(_answers, network), data)))


if __name__ == "__main__":
    main()
