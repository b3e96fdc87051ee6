# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs with the matting network: the shipped weights, a person's own, and what is said where there are none."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.jobs import digests, report_of, skyar
from support.networks import tiny_onnx

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Settings
from skyar_blender.engine.matte.network import weights
from skyar_blender.worker import self_check
from skyar_blender.worker.job.running_job import RunningJob


@pytest.fixture
def network_job(make_movie, job_for, tmp_path):
    """A job of eight frames with the tiny network, up to its sky."""
    own = str(tiny_onnx(tmp_path / "weights.onnx"))
    settings = Settings(quality="draft", matte_method="network", matting_weights=own)
    return job_for(make_movie(), settings=settings, until="sky")


def test_a_persons_weights(network_job, run):
    run(network_job)
    report = report_of(Path(network_job.output))
    assert report["complete"] and 0.3 < report["figures"]["coverage_mean"] < 0.8
    assert report["figures"]["device"] == "cpu"


def test_resumed_with_the_same_weights_gives_the_same_bytes(network_job, run):
    run(network_job)
    folder = Path(network_job.output)
    before = digests(folder)
    (folder / "matte" / "000003.png").unlink()
    run(network_job)
    assert digests(folder) == before


def test_resumed_with_other_weights_is_refused(network_job, run):
    run(network_job)
    folder = Path(network_job.output)
    (folder / "matte" / "000003.png").unlink()
    tiny_onnx(Path(network_job.settings.matting_weights), blue=50.0)
    with pytest.raises(SkyarError) as caught:
        run(network_job)
    assert caught.value.code == ErrorCode.OUTPUT_TAKEN
    assert "weights" in caught.value.what


def test_nothing_is_begun_without_weights_or_runtime(network_job, run, tmp_path, monkeypatch):
    missing = replace(network_job, settings=replace(network_job.settings, matting_weights=str(tmp_path / "no.onnx")))
    with pytest.raises(SkyarError) as caught:
        run(missing)
    assert caught.value.code == ErrorCode.WEIGHTS_MISSING
    monkeypatch.setattr(weights, "models_folder", lambda: tmp_path / "nowhere")
    with pytest.raises(SkyarError) as caught:
        run(replace(network_job, settings=Settings(quality="draft", matte_method="network")))
    assert caught.value.code == ErrorCode.WEIGHTS_MISSING
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(SkyarError) as caught:
        run(network_job)
    assert caught.value.code == ErrorCode.ENGINE_INCOMPLETE
    assert "--matte-method adaptive" in caught.value.todo
    assert not Path(network_job.output).exists()


def test_the_shipped_weights_by_the_command(make_movie, tmp_path):
    options = ("--quality", "draft", "--output", tmp_path / "out")
    done = skyar("matte", make_movie(images=2), "--matte-method", "network", *options)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out" / "matte").iterdir())) == 2
    assert json.loads((tmp_path / "out" / "job.json").read_text())["settings"]["matte_method"] == "network"


@pytest.mark.parametrize("command", ["replace", "matte", "track"])
def test_weights_that_are_none_by_the_command(make_movie, tmp_path, command):
    (tmp_path / "weights.onnx").write_text("a shopping list")
    options = ["--matte-method", "network", "--matting-weights", "weights.onnx", "--output", "out"]
    sky = ["--sky", "sunset"] if command == "replace" else []
    done = skyar(command, make_movie(images=2), *options, *sky, cwd=tmp_path)
    assert done.returncode == 6
    assert "Traceback" not in done.stderr and "--matte-method adaptive" in done.stderr
    assert not (tmp_path / "out").exists()


def test_weights_with_the_adaptive_method_by_the_command(make_movie, tmp_path):
    tiny_onnx(tmp_path / "weights.onnx")
    options = ["--matte-method", "adaptive", "--matting-weights", "weights.onnx", "--output", "out"]
    done = skyar("matte", make_movie(images=2), *options, cwd=tmp_path)
    assert done.returncode == 2
    assert "no network" in done.stderr


def test_the_check_names_the_weights_and_tells_when_they_are_missing(tmp_path, monkeypatch):
    metadata = weights.shipped_metadata()
    found = self_check._weights()
    assert found.ok and found.value == f"{metadata['name']} {metadata['version']}"
    monkeypatch.setattr(weights, "models_folder", lambda: tmp_path)
    for default, ok in (("network", False), ("adaptive", True)):
        monkeypatch.setattr(self_check, "DEFAULT_MATTE_METHOD", default)
        found = self_check._weights()
        assert found.ok is ok and "missing" in found.value and "adaptive" in found.todo


@pytest.mark.parametrize(("count", "expected"), [(72, 8), (30, 8), (20, 8), (5, 5)])
def test_the_method_is_fitted_to_frames_that_the_network_looks_at_anyway(network_job, count, expected):
    running = SimpleNamespace(job=network_job, draft=True, sources=list(range(3, 3 + count)))
    chosen = RunningJob.sampled(running, running.sources)
    assert len(chosen) == expected and chosen[0] == 3
    if count >= 20:
        assert all((source - 3) % 2 == 0 for source in chosen)
