# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are no weights are refused with words, and nothing in them runs."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import numpy_helper
from support.networks import model_of, shipped_folder, tiny_onnx

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.engine.matte.network.segmenter import open_segmenter
from skyar_blender.engine.matte.network.weights import given_weights, shipped_metadata, shipped_weights


def refused(path: Path, code: ErrorCode = ErrorCode.WEIGHTS_UNREADABLE) -> SkyarError:
    with pytest.raises(SkyarError) as caught:
        open_segmenter(path, "cpu", 384)
    assert caught.value.code == code
    assert "--matte-method adaptive" in caught.value.todo
    return caught.value


def test_shipped_weights_are_what_their_description_says(tmp_path):
    folder = shipped_folder(tmp_path / "models")
    assert shipped_weights("onnx", folder).content == (folder / "sky_matte.onnx").read_bytes()
    (folder / "sky_matte.onnx").write_bytes((folder / "sky_matte.onnx").read_bytes()[:-1])
    with pytest.raises(SkyarError, match="SHA-256") as caught:
        shipped_weights("onnx", folder)
    assert caught.value.code == ErrorCode.WEIGHTS_UNREADABLE


@pytest.mark.parametrize("lost", ["sky_matte.toml", "sky_matte.onnx"])
def test_missing_weights_offer_the_method_without(tmp_path, lost):
    folder = shipped_folder(tmp_path / "models")
    (folder / lost).unlink()
    with pytest.raises(SkyarError) as caught:
        shipped_weights("onnx", folder)
    assert caught.value.code == ErrorCode.WEIGHTS_MISSING
    assert "--matte-method adaptive" in caught.value.todo and "Adaptive" in caught.value.todo


@pytest.mark.parametrize("text", ["", "[sha256]", "sha256 = 3", "[sha256]\nonnx = 1\nsafetensors = 2", "\x00"])
def test_a_broken_description(tmp_path, text):
    (tmp_path / "sky_matte.toml").write_text(text)
    with pytest.raises(SkyarError) as caught:
        shipped_metadata(tmp_path)
    assert caught.value.code == ErrorCode.WEIGHTS_UNREADABLE


def test_no_such_file(tmp_path):
    refused(tmp_path / "none.onnx", ErrorCode.WEIGHTS_MISSING)
    refused(tmp_path, ErrorCode.WEIGHTS_MISSING)  # a folder


def test_empty_file(tmp_path):
    (tmp_path / "weights.onnx").write_bytes(b"")
    assert "empty" in refused(tmp_path / "weights.onnx").why


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0 a photograph", b"GIF89a", b"just text\n", bytes(100)])
@pytest.mark.parametrize("name", ["weights.onnx", "weights.jpg"])
def test_wrong_kinds_of_files(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name)


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.9, 0.999])
def test_truncated(tmp_path, fraction):
    path = tiny_onnx(tmp_path / "weights.onnx")
    path.write_bytes(path.read_bytes()[: int(fraction * path.stat().st_size)])
    refused(path)


@pytest.mark.parametrize("change", [{"given": "image"}, {"stride": 1}, {"inputs": 3}])
def test_of_another_architecture(tmp_path, change):
    refused(tiny_onnx(tmp_path / "weights.onnx", **change))


@pytest.mark.parametrize("number", [np.nan, np.inf])
@pytest.mark.parametrize("which", [0, 1])
def test_numbers_that_are_none(tmp_path, number, which):
    path = tiny_onnx(tmp_path / "weights.onnx")
    model = model_of(path)
    tensor = model.graph.initializer[which]
    array = numpy_helper.to_array(tensor).copy()
    array.flat[0] = number
    tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))
    path.write_bytes(model.SerializeToString())
    assert "finite" in refused(path).why


class Canary:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("name", ["weights.onnx", "weights.safetensors", "weights.pt"])
def test_code_in_a_pickle_does_not_run(tmp_path, name):
    canary = tmp_path / "canary"
    (tmp_path / name).write_bytes(pickle.dumps({"model_G_state_dict": Canary(canary)}))
    with pytest.raises(SkyarError) as caught:
        open_segmenter(tmp_path / name, "cpu", 384)
    assert caught.value.code in (ErrorCode.WEIGHTS_UNREADABLE, ErrorCode.ENGINE_INCOMPLETE)  # with torch, without
    assert not canary.exists()
    pickle.loads((tmp_path / name).read_bytes())
    assert canary.exists()  # it would have run


def test_without_its_runtime(tmp_path, monkeypatch):
    path = tiny_onnx(tmp_path / "weights.onnx")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    refused(path, ErrorCode.ENGINE_INCOMPLETE)


def test_onnx_is_not_for_a_gpu(tmp_path):
    path = tiny_onnx(tmp_path / "weights.onnx")
    with pytest.raises(SkyarError) as caught:
        open_segmenter(path, "cuda", 384)
    assert caught.value.code == ErrorCode.DEVICE_UNAVAILABLE


def test_the_kind_is_seen_from_the_content(tmp_path):
    path = tiny_onnx(tmp_path / "weights.bin")
    assert given_weights(path).kind == "onnx"
    assert open_segmenter(path, "cpu", 384).sha256 == given_weights(path).sha256
