# SPDX-License-Identifier: GPL-3.0-or-later
"""How the sky is found: what the artist chooses is what the job says, and nothing is replaced silently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import bpy
import pytest
from blender.shots import saved_shot, skyar, strips

replace_sky = bpy.ops.sequencer.skyar_replace_sky


@pytest.fixture
def shot(media: Path, tmp_path: Path) -> Any:
    """A saved file with one movie strip of four frames."""
    return saved_shot(media, tmp_path, 1, (0, 4))


@pytest.fixture
def weights(tmp_path: Path) -> Any:
    """``weights(path)`` sets the preference, which is empty again afterwards."""
    chosen = skyar("addon.preferences.preferences").preferences()

    def choose(path: Path) -> None:
        chosen.matting_weights = str(path)

    yield choose
    chosen.matting_weights = ""


def test_the_default_is_that_of_the_contract(shot: Any) -> None:
    job = skyar("contract.job")
    default = job.DEFAULT_MATTE_METHOD
    assert shot.skyar.matte_method == default
    properties = replace_sky.get_rna_type().properties
    assert properties["matte_method"].default == default
    assert [item.identifier for item in properties["matte_method"].enum_items] == list(get_args(job.MatteMethodName))


@pytest.mark.parametrize("method", ["network", "adaptive"])
def test_the_chosen_method_is_the_jobs(shot: Any, tmp_path: Path, method: str) -> None:
    assert replace_sky(sky="jupiter", quality="draft", matte_method=method, output="//out") == {"FINISHED"}
    settings = json.loads((tmp_path / "out" / "job.json").read_text())["settings"]
    assert settings["matte_method"] == method and settings["matting_weights"] is None
    assert any(strip.type == "SCENE" for strip in strips(shot))


def test_weights_that_are_none_name_the_other_method(shot: Any, tmp_path: Path, weights: Any) -> None:
    (tmp_path / "holiday.onnx").write_text("wish you were here")
    weights(tmp_path / "holiday.onnx")
    with pytest.raises(RuntimeError, match=r"no weights that SkyAR can use.*holiday\.onnx.*Adaptive"):
        replace_sky(sky="jupiter", quality="draft", matte_method="network")
    assert not any(strip.type == "SCENE" for strip in strips(shot))
    assert replace_sky(sky="jupiter", quality="draft", matte_method="adaptive") == {"FINISHED"}
