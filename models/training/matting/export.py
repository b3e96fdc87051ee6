# SPDX-License-Identifier: GPL-3.0-or-later
"""Write trained weights in the two forms that ship, and the metadata about them.

python -m models.training.matting.export --run RUN [--earlier WEIGHTS.pt ... --times 1] --output models --version 1.0

What a folder knows of how sure its weights are (``[confidence]``) holds for those weights alone: it is kept where
they are the same, and other weights are refused there unless ``--uncalibrated`` says that it is measured anew
afterwards.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import load_file, save_file

from skyar_blender.engine.matte.network.architecture import SkyNetwork
from skyar_blender.engine.matte.network.confidence import TABLE, Calibration

from .calibrate import write

NAME = "sky_matte"
_LARGEST = 12_000_000
#: Arrays of fewer numbers than this are left in single precision.
_SMALL = 256


def export(
    network: SkyNetwork, folder: Path, version: str, metadata: dict[str, str | int], uncalibrated: bool = False
) -> None:
    """The weights for torch (safetensors) and for ONNX Runtime, and ``sky_matte.toml`` with both hashes.

    Raises:
        SystemExit: before anything is written: the folder knows how sure other weights are, and ``uncalibrated`` is
            not set. Or the two forms do not answer alike, or are too large.
    """
    network.eval()
    # Half of single precision is enough for weights, at half the size; both files hold the same numbers.
    network.load_state_dict({name: _halved(each).float() for name, each in network.state_dict().items()})
    state = {name: _halved(each).contiguous() for name, each in network.state_dict().items()}
    calibration = _kept_calibration(state, folder, uncalibrated)
    save_file(
        state, folder / f"{NAME}.safetensors", metadata={"name": NAME, "version": version, "licence": "CC0-1.0"}
    )
    exported = folder / f"{NAME}.onnx"
    torch.onnx.export(
        network,
        (torch.zeros(1, 4, 224, 384),),
        str(exported),
        dynamo=False,
        # Norms are left to ONNX Runtime to fold, so that both files hold the very same numbers.
        training=torch.onnx.TrainingMode.PRESERVE,
        opset_version=17,
        input_names=["picture"],
        output_names=["logits"],
        dynamic_axes={"picture": {0: "n", 2: "h", 3: "w"}, "logits": {0: "n", 2: "h2", 3: "w2"}},
    )
    _pad_within(exported)
    _store_halved(exported)
    for path in (exported, exported.with_suffix(".safetensors")):
        path.chmod(0o644)
    _same(network, exported)
    paths = [folder / f"{NAME}.onnx", folder / f"{NAME}.safetensors"]
    for path in paths:
        if path.stat().st_size > _LARGEST:
            raise SystemExit(f"{path.name} has {path.stat().st_size} bytes, more than {_LARGEST}")
    lines = [f'name = "{NAME}"', f'version = "{version}"', 'licence = "CC0-1.0"']
    lines.append(f'date = "{datetime.now(UTC).date().isoformat()}"')
    lines += [
        f"{name} = {value if isinstance(value, int) else json.dumps(value)}" for name, value in metadata.items()
    ]
    lines += ["", "[sha256]", *(f'{path.suffix[1:]} = "{_hash(path)}"' for path in paths)]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    (folder / f"{NAME}.toml").write_text(text, encoding="utf-8")
    if calibration is not None:
        write(calibration, folder / f"{NAME}.toml")


def _kept_calibration(state: dict[str, torch.Tensor], folder: Path, uncalibrated: bool) -> Calibration | None:
    """How sure the weights in ``folder`` are, where ``state`` is those very weights."""
    path = folder / f"{NAME}.toml"
    known = (
        Calibration.from_metadata(tomllib.loads(path.read_text(encoding="utf-8")), path) if path.exists() else None
    )
    if known is None:
        return None
    before = load_file(folder / f"{NAME}.safetensors")
    if before.keys() == state.keys() and all(torch.equal(before[name], each) for name, each in state.items()):
        return known
    if uncalibrated:
        return None
    raise SystemExit(
        f"{path} tells how sure other weights are ([{TABLE}]). Nothing was written. Give --uncalibrated, then run "
        "models.training.matting.make_evaluation and models.training.matting.calibrate, which measure it anew."
    )


def _halved(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.half() if tensor.is_floating_point() else tensor


def _pad_within(path: Path) -> None:
    """Lopsided padding (:class:`_ConvNorm` of the encoder) within the convolutions: the same answer, sooner.

    As a step of its own it takes ONNX Runtime out of its blocked layout and back, a sixth of all time.
    """
    model = onnx.load(str(path))
    graph = model.graph
    for pad in [node for node in graph.node if node.op_type == "Pad"]:
        (convolution,) = (node for node in graph.node if pad.output[0] in node.input)
        given = {attribute.name: attribute for attribute in convolution.attribute}
        less = [(side - 2) // 2 for side in given["kernel_shape"].ints]
        given["pads"].ints[:] = [*less, *(each + 1 for each in less)]
        convolution.input[0] = pad.input[0]
    needed, nodes = {each.name for each in graph.output}, []
    for node in reversed(graph.node):  # in this order whoever needs a node comes before it
        if needed & set(node.output):
            needed |= set(node.input)
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(reversed(nodes))
    onnx.save(model, str(path))


def _store_halved(path: Path) -> None:
    """Weights in half precision in the file, single precision again as it is loaded."""
    model = onnx.load(str(path))
    graph = model.graph
    kept, casts = [], []
    for each in graph.initializer:
        array = numpy_helper.to_array(each)
        if array.dtype != np.float32 or array.size < _SMALL:
            kept.append(each)
            continue
        kept.append(numpy_helper.from_array(array.astype(np.float16), f"{each.name}_half"))
        casts.append(helper.make_node("Cast", [f"{each.name}_half"], [each.name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def mean_of(weights: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Mean of the weights that one training went through (Wortsman et al. 2022); counters are those of the first."""
    return {
        name: torch.stack([each[name] for each in weights]).mean(0) if first.is_floating_point() else first
        for name, first in weights[0].items()
    }


def _same(network: SkyNetwork, exported: Path) -> None:
    """Both forms must answer alike, at a size other than the one exported with."""
    image = torch.rand(1, 4, 96, 160, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = network(image).numpy()
    session = onnxruntime.InferenceSession(str(exported), providers=["CPUExecutionProvider"])
    found = session.run(None, {"picture": image.numpy()})[0]
    worst = float(np.abs(found - expected).max())
    if worst > 1e-2:
        raise SystemExit(f"the exported network differs by {worst} in log odds")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--run", type=Path, required=True, help="folder of a training; its averaged weights are taken"
    )
    parser.add_argument(
        "--earlier",
        type=Path,
        nargs="*",
        default=[],
        help="earlier weights.pt of the same run, to average with",
    )
    parser.add_argument("--times", type=int, default=1, help="how often the run's own weights count in that average")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--version", default="1.0")
    parser.add_argument(
        "--uncalibrated", action="store_true", help="how sure the weights are is measured anew afterwards"
    )
    options = parser.parse_args()
    state = torch.load(options.run / "last.pt", weights_only=True)
    network = SkyNetwork()
    averaged = {
        name.removeprefix("module."): each for name, each in state["averaged"].items() if name != "n_averaged"
    }
    earlier = [torch.load(path, weights_only=True) for path in options.earlier]
    network.load_state_dict(mean_of([averaged] * options.times + earlier))
    options.output.mkdir(parents=True, exist_ok=True)
    metadata: dict[str, str | int] = {"steps": state["step"], "seed": state["seed"]}
    export(network, options.output, options.version, metadata, options.uncalibrated)


if __name__ == "__main__":
    main()
