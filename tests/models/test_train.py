# SPDX-License-Identifier: GPL-3.0-or-later
"""The training loop and the export, on a handful of steps."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed: make torch")

import torch

from models.training.matting.calibrate import write
from models.training.matting.cutouts.recipes import cut_out
from models.training.matting.cutouts.textures import Photographs
from models.training.matting.export import export, mean_of
from models.training.matting.gather import Data, gather
from models.training.matting.recipe import Phase, TrainingRecipe
from models.training.matting.tracking import Log
from models.training.matting.train import loss_of, train
from skyar_blender.engine.matte.network.architecture import SkyNetwork
from skyar_blender.engine.matte.network.confidence import Calibration

_RECIPE = TrainingRecipe((Phase(3, 32, 2), Phase(2, 32, 4, frames=2)), warm_up=2, skies=4)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    folder = tmp_path_factory.mktemp("cut_outs")
    np.save(folder / "000000.npy", np.stack([cut_out(seed, Photographs([])) for seed in range(3)]))
    return gather(folder, [], None, _RECIPE.skies, 1)


def _trained(data: Data, folder: Path, recipe: TrainingRecipe = _RECIPE) -> dict[str, torch.Tensor]:
    folder.mkdir(exist_ok=True)
    log = Log(folder / "log.jsonl", None, {})
    return train(data, folder, recipe, 5, log, workers=0).state_dict()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole")


@pytest.fixture(scope="module")
def whole(data: Data, folder: Path) -> dict[str, torch.Tensor]:
    """Weights of a training that nothing disturbed."""
    return _trained(data, folder)


@pytest.mark.usefixtures("whole")
def test_the_loss_is_logged(folder: Path) -> None:
    figures = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert figures[0]["step"] == 5 and figures[0]["loss"] > 0


def test_a_seed_trains_the_same_weights_again_also_when_interrupted(
    data: Data, whole: dict[str, torch.Tensor], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.training.matting.train._EVERY", 2)
    drawn = data.sources.draw

    def failing(seed: tuple[int, ...], size: tuple[int, int], frames: int = 1) -> object:
        if seed[1] == 3:
            raise KeyboardInterrupt
        return drawn(seed, size, frames)

    monkeypatch.setattr(data.sources, "draw", failing)
    with pytest.raises(KeyboardInterrupt):
        _trained(data, tmp_path / "part")
    monkeypatch.setattr(data.sources, "draw", drawn)
    resumed = _trained(data, tmp_path / "part")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


@pytest.mark.usefixtures("whole")
def test_a_state_of_another_recipe_is_refused(data: Data, folder: Path) -> None:
    with pytest.raises(SystemExit, match="another recipe"):
        _trained(data, folder, TrainingRecipe((Phase(9, 32, 2),), skies=4))


def test_loss_falls_with_the_error_and_ignores_what_is_unknown() -> None:
    matte = torch.zeros(2, 1, 8, 8)
    matte[:, :, :4] = 1
    known = torch.ones_like(matte)
    sure = torch.full_like(matte, 9.0)
    right, wrong = torch.cat([16 * (matte - 0.5), sure], 1), torch.cat([-8 * (matte - 0.5), -sure], 1)
    boasting = torch.cat([wrong[:, :1], sure], 1)
    assert loss_of(wrong, matte, known, 1) < loss_of(boasting, matte, known, 1)
    assert loss_of(right, matte, known, 1) < 0.1 < loss_of(wrong, matte, known, 1)
    assert loss_of(wrong, matte, torch.zeros_like(known), 2) == 0
    flickering = torch.stack([right[0], wrong[0]])
    assert loss_of(flickering, matte, known, 2) > loss_of(flickering, matte, known, 1)


def test_both_exported_forms_answer_alike_and_how_sure_they_are_is_never_lost_silently(tmp_path: Path) -> None:
    known, reported = Calibration((0.0, 1.0), (0.5, 0.8), 0.1, 1.0, -1.0), tmp_path / "sky_matte.toml"
    torch.manual_seed(0)
    network = SkyNetwork().eval()
    for version in ("0.1", "0.2"):
        export(network, tmp_path, version, {"steps": 5})
        metadata = tomllib.loads(reported.read_text(encoding="utf-8"))
        assert metadata["version"] == version and metadata["steps"] == 5
        assert set(metadata["sha256"]) == {"onnx", "safetensors"}
        assert Calibration.from_metadata(metadata, reported) == (None if version == "0.1" else known)
        write(known, reported)
    before = reported.read_bytes()
    with pytest.raises(SystemExit, match="--uncalibrated"):
        export(SkyNetwork().eval(), tmp_path, "0.3", {"steps": 5})
    assert reported.read_bytes() == before


def test_the_network_stays_within_its_budget() -> None:
    from torch.utils.flop_counter import FlopCounterMode

    network = SkyNetwork().eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        logits = network(torch.zeros(1, 4, 384, 512))
    assert logits.shape == (1, 2, 192, 256)
    assert counter.get_total_flops() <= 8e9
    assert sum(each.numel() * 2 for each in network.state_dict().values()) <= 10e6


def test_weights_are_averaged() -> None:
    first, second = (SkyNetwork().state_dict() for _ in range(2))
    mean = mean_of([first, second])
    assert list(mean) == list(first)
    for name, value in mean.items():
        if value.is_floating_point():
            assert torch.allclose(value, (first[name] + second[name]) / 2)
    SkyNetwork().load_state_dict(mean)
