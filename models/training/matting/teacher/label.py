# SPDX-License-Identifier: GPL-3.0-or-later
"""Let the teacher, and a second network where there is one, propose labels.

    python -m models.training.matting.teacher.label --backbone vit_s_focus.onnx --head head.pt PHOTOS.jsonl OUTPUT
        [--long-side 392] [--network sky_matte.onnx] [--refine]

Writes ``OUTPUT/NAME.png`` for each row: 255 = sky, 128 where they do not know or do not agree. ``OUTPUT/doubt.json``
has the part of each image that is unknown. Labels that are there are kept.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch

from skyar_blender.engine.matte.network.segmenter import open_segmenter
from skyar_blender.engine.matte.refine import refine

from ..photographs import UNKNOWN
from .backbone import PATCH, Backbone, load_backbone
from .head import Head

#: Probabilities between which the mean opinion is none, and by how much two opinions may differ.
_LOW, _HIGH, _APART = 0.12, 0.88, 0.5


@torch.no_grad()
def found_by(
    backbone: Backbone, head: Head, image: np.ndarray, size: tuple[int, ...], long_side: int | None = None
) -> np.ndarray:
    """Probability of sky, (H', W') = ``size``, in an image (H, W, 3), 8-bit RGB, seen at ``long_side`` pixels."""
    scale = (long_side or max(image.shape[:2])) / max(image.shape[:2])
    height, width = (max(PATCH, round(each * scale / PATCH) * PATCH) for each in image.shape[:2])
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    seen = torch.from_numpy(np.ascontiguousarray(small)).permute(2, 0, 1)[None].float() / 255
    tokens = backbone(seen.to(backbone.patches.weight.dtype)).float()
    return _probability(head(tokens, seen)[0, 0].numpy(), size)


def _probability(logits: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    enlarged = cv2.resize(np.asarray(logits, np.float32), size[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(1 / (1 + np.exp(-np.clip(enlarged, -30, 30))), np.float32)


def label_of(image: np.ndarray, opinions: list[np.ndarray], refined: bool) -> tuple[np.ndarray, float]:
    """The label, 8 bits, and the part of it that is unknown: where there is doubt away from any edge."""
    mean = np.asarray(np.mean(opinions, axis=0), np.float32)
    matte = refine(image, mean, 4.0) if refined else mean
    apart = np.ptp(opinions, axis=0) > _APART
    doubt = (apart | ((mean > _LOW) & (mean < _HIGH))).astype(np.uint8)
    # The band along an edge is soft because the answer is coarse, not because of doubt.
    reach = max(1, round(max(mean.shape) / 40))
    doubt = cv2.morphologyEx(doubt, cv2.MORPH_OPEN, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    label = np.rint(np.clip(matte, 0, 1) * 255).astype(np.uint8)
    label[label == UNKNOWN] = UNKNOWN - 1
    label[doubt > 0] = UNKNOWN
    return label, float(doubt.mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--backbone", type=Path, required=True)
    parser.add_argument("--head", type=Path, required=True)
    parser.add_argument("--long-side", type=int, default=392)
    parser.add_argument("--network", type=Path, help="weights of the shipped kind, for a second opinion")
    parser.add_argument("--refine", action="store_true", help="edges as the picture has them")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    backbone = load_backbone(options.backbone).to(torch.bfloat16)
    head = Head()
    head.load_state_dict(torch.load(options.head, weights_only=True))
    head.eval()
    second = open_segmenter(options.network, "cpu", 384) if options.network else None
    options.output.mkdir(parents=True, exist_ok=True)
    record = options.output / "doubt.json"
    doubts: dict[str, float] = json.loads(record.read_text()) if record.exists() else {}
    for line in options.photos.read_text(encoding="utf-8").splitlines():
        image = options.photos.parent / json.loads(line)["image"]
        path = options.output / f"{image.stem}.png"
        if path.exists():
            continue
        pixels = cv2.cvtColor(cv2.imread(str(image), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        opinions = [found_by(backbone, head, pixels, pixels.shape[:2], options.long_side)]
        if second:
            opinions.append(_probability(second.find(pixels).logits, pixels.shape[:2]))
        label, doubts[path.stem] = label_of(pixels, opinions, options.refine)
        cv2.imwrite(str(path), label)
        record.write_text(json.dumps(doubts, indent=0, sort_keys=True), encoding="utf-8")


if __name__ == "__main__":
    main()
