# SPDX-License-Identifier: GPL-3.0-or-later
"""The network in torch, and the checkpoint of SkyAR's paper, with random weights in their layouts."""

from __future__ import annotations

import pickle
import warnings
from functools import cache

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (make torch)")
safetensors = pytest.importorskip("safetensors.torch", reason="safetensors is not installed (make torch)")

from skyar_blender.contract.errors import ErrorCode, SkyarError  # noqa: E402
from skyar_blender.engine.matte.methods import matte_method  # noqa: E402
from skyar_blender.engine.matte.network.architecture import SkyNetwork  # noqa: E402
from skyar_blender.engine.matte.network.castle_network import CastleNetwork  # noqa: E402
from skyar_blender.engine.matte.network.segmenter import open_segmenter  # noqa: E402


def image(height: int = 120, width: int = 200) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)


def refused(path, code=ErrorCode.WEIGHTS_UNREADABLE) -> SkyarError:
    with pytest.raises(SkyarError) as caught:
        open_segmenter(path, "cpu", 384)
    assert caught.value.code == code
    return caught.value


@pytest.fixture
def network() -> SkyNetwork:
    torch.manual_seed(1)
    return SkyNetwork().eval()


@pytest.fixture
def shipped_kind(tmp_path, network):
    path = tmp_path / "weights.safetensors"
    safetensors.save_file(network.state_dict(), path)
    return path


def test_torch_and_onnx_answer_alike(tmp_path, network, shipped_kind):
    onnx = tmp_path / "weights.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            *(network, (torch.zeros(1, 4, 64, 96),), str(onnx)),
            dynamo=False,
            opset_version=17,
            input_names=["picture"],
            output_names=["logits"],
            dynamic_axes={"picture": {0: "n", 2: "h", 3: "w"}, "logits": {0: "n", 2: "h2", 3: "w2"}},
        )
    one, other = (open_segmenter(path, "cpu", 384).find(image()).logits for path in (onnx, shipped_kind))
    assert one.shape == (230, 384)
    assert np.abs(one - other).max() < 1e-3 and one.std() > 0


def test_safetensors_that_cannot_be_used(tmp_path, network, shipped_kind):
    whole = shipped_kind.read_bytes()
    for fraction in (0.3, 0.999):
        shipped_kind.write_bytes(whole[: int(fraction * len(whole))])
        refused(shipped_kind)
    state = network.state_dict()
    safetensors.save_file({name: tensor for name, tensor in state.items() if "head" not in name}, shipped_kind)
    assert "architecture" in refused(shipped_kind).why
    state["head.weight"][0, 0, 0, 0] = torch.nan
    safetensors.save_file(state, shipped_kind)
    assert "head.weight" in refused(shipped_kind).why


def test_a_gpu_that_is_not_there(shipped_kind):
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU that torch can use")
    with pytest.raises(SkyarError) as caught:
        open_segmenter(shipped_kind, "cuda", 384)
    assert caught.value.code == ErrorCode.DEVICE_UNAVAILABLE


@cache
def castle_state() -> dict:
    """Random weights under the checkpoint's names, with the parts of ResNet-50 that the network leaves out."""
    torch.manual_seed(2)
    state = CastleNetwork().state_dict()
    state["resnet.conv1.weight"] = torch.randn(64, 3, 7, 7)
    state["resnet.fc.weight"], state["resnet.fc.bias"] = torch.randn(1000, 2048), torch.randn(1000)
    return state


def save(path, state, **others):
    """As the published file: the network under its key, a NumPy number beside it."""
    torch.save({"epoch_id": 3, "best_val_acc": np.float64(0.5), **others, "model_G_state_dict": state}, path)
    return path


def test_the_names_and_sizes_of_the_checkpoint():
    state = castle_state()
    sizes = {name: tuple(tensor.shape) for name, tensor in state.items()}
    expected = {
        "conv_in.conv.weight": (64, 4, 7, 7),
        "conv_fpn1.conv.weight": (1024, 2049, 3, 3),
        "conv_fpn2.conv.weight": (512, 1025, 3, 3),
        "conv_fpn3.conv.weight": (256, 513, 3, 3),
        "conv_fpn4.conv.weight": (64, 257, 3, 3),
        "conv_pred_1.conv.weight": (64, 65, 3, 3),
        "conv_pred_2.conv.weight": (1, 65, 3, 3),
        "resnet.bn1.running_mean": (64,),
        "resnet.layer1.0.downsample.0.weight": (256, 64, 1, 1),
        "resnet.layer3.5.conv2.weight": (256, 256, 3, 3),
        "resnet.layer4.2.bn3.num_batches_tracked": (),
    }
    assert expected.items() <= sizes.items()
    trained = sum(tensor.numel() for name, tensor in state.items() if "running" not in name and "batches" not in name)
    assert round(trained / 1e6, 1) == 50.5


def test_the_checkpoint_loads_and_answers(tmp_path):
    path = save(tmp_path / "checkpoint.pt", castle_state())
    segmenter = open_segmenter(path, "cpu", 384)
    found = segmenter.find(image())
    assert found.logits.shape == (230, 384) and np.isfinite(found.logits).all()
    reference = CastleNetwork().eval()
    state = {
        name: tensor
        for name, tensor in castle_state().items()
        if not name.startswith(("resnet.conv1.", "resnet.fc."))
    }
    reference.load_state_dict(state)
    with torch.no_grad():
        flat = torch.full((1, 3, 384, 384), 0.5)
        expected = reference(flat)[0, 0].mean().item()
    grey = segmenter.find(np.full((384, 384, 3), 128, np.uint8)).logits
    assert grey.mean() == pytest.approx(expected, abs=0.02)
    matte = matte_method("network", "draft", path).fit([image()]).matte(image(), None)
    assert matte.shape == (120, 200) and 0 <= matte.min() <= matte.max() <= 1


def test_checkpoints_that_cannot_be_used(tmp_path):
    path = tmp_path / "checkpoint.pt"
    small = {"conv_in.conv.weight": torch.zeros(64, 4, 7, 7)}
    assert "architecture" in refused(save(path, small)).why
    torch.save(small, path)
    assert "model_G_state_dict" in refused(path).why
    torch.save([1, 2], path)
    refused(path)
    whole = save(path, small).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused(path)
    bias = castle_state()["conv_fpn4.conv.bias"].clone()
    bias[7] = torch.inf
    broken = castle_state() | {"conv_fpn4.conv.bias": bias}
    assert "conv_fpn4.conv.bias" in refused(save(path, broken)).why


class Canary:
    """Makes a folder when it is unpickled."""

    def __init__(self, path) -> None:
        self.path = path

    def __reduce__(self):
        import os

        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("how", ["torch", "old torch", "pickle"])
def test_code_in_a_checkpoint_does_not_run(tmp_path, how):
    path, canary = tmp_path / "checkpoint.pt", tmp_path / "canary"
    content = {"model_G_state_dict": {"conv_in.conv.weight": torch.zeros(1)}, "epoch_id": Canary(canary)}
    if how == "pickle":
        path.write_bytes(pickle.dumps({"epoch_id": Canary(canary)}))
    else:
        torch.save(content, path, _use_new_zipfile_serialization=how == "torch")
    assert "not run" in refused(path).why
    assert not canary.exists()
