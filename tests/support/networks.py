# SPDX-License-Identifier: GPL-3.0-or-later
"""A matting network of one layer, in ONNX, that takes what is bluer than red and high up for sky."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def tiny_onnx(
    path: Path,
    *,
    blue: float = 60.0,
    high: float = 6.0,
    given: str = "picture",
    stride: int = 2,
    inputs: int = 4,
    sure: float | None = None,
) -> Path:
    """Write it; its log odds of sky are ``blue`` times (blue - red) plus ``high`` times (0.5 - y), less 4.

    ``sure``: what it says everywhere of how sure it is; None: it does not say.
    """
    outputs = 1 if sure is None else 2
    weights = np.zeros((outputs, inputs, 2, 2), np.float32)
    weights[0, 0], weights[0, 2], weights[0, -1] = -blue / 4, blue / 4, -high / 4
    bias = np.array([high / 2 - 4, *([] if sure is None else [sure])], np.float32)
    size = ["n", "h2", "w2"]
    graph = helper.make_graph(
        [helper.make_node("Conv", [given, "weights", "bias"], ["logits"], strides=[stride, stride])],
        "tiny",
        [helper.make_tensor_value_info(given, TensorProto.FLOAT, ["n", inputs, "h", "w"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [size[0], outputs, *size[1:]])],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(bias, "bias")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path


def shipped_folder(folder: Path) -> Path:
    """A folder as ``models/``, with the tiny network as the shipped one."""
    folder.mkdir(exist_ok=True)
    onnx_path = tiny_onnx(folder / "sky_matte.onnx")
    other = folder / "sky_matte.safetensors"
    other.write_bytes(b"none")
    hashes = {path.suffix[1:]: hashlib.sha256(path.read_bytes()).hexdigest() for path in (onnx_path, other)}
    lines = ['name = "sky_matte"', 'version = "0.1"', "[sha256]", *(f'{k} = "{v}"' for k, v in hashes.items())]
    (folder / "sky_matte.toml").write_text("\n".join(lines))
    return folder


def model_of(path: Path) -> onnx.ModelProto:
    return onnx.load_model_from_string(path.read_bytes())
