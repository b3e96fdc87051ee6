# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights that are an artifact of Weights & Biases: the real client, and a server of the tests' own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from support.jobs import digests, report_of
from support.networks import tiny_onnx
from support.wandb_server import WandbServer

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Settings
from skyar_blender.contract.wandb import Wandb
from skyar_blender.contract.weights_name import weights_name
from skyar_blender.worker.fetched_weights import weights_of
from skyar_blender.worker.job.weights_note import FetchedWeights, begun_with
from skyar_blender.worker.process.control import CancelToken

pytest.importorskip("wandb")
COUNT = 3
KEY = "fedcba9876543210" * 2 + "01234567"


@pytest.fixture
def server(tmp_path, monkeypatch):
    for name in ("WANDB_CACHE_DIR", "WANDB_CONFIG_DIR", "WANDB_DATA_DIR", "SKYAR_CACHE"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("WANDB_API_KEY", KEY)
    monkeypatch.delenv("SKYAR_OFFLINE", raising=False)
    with WandbServer() as server:
        monkeypatch.setenv("WANDB_BASE_URL", server.url)
        yield server


@pytest.fixture
def network(tmp_path) -> bytes:
    return tiny_onnx(tmp_path / "mine.onnx").read_bytes()


@pytest.fixture
def other_network(tmp_path) -> bytes:
    return tiny_onnx(tmp_path / "other.onnx", blue=20.0, high=9.0).read_bytes()


def publish(server: WandbServer, network: bytes, **more: bytes) -> str:
    return "wandb://" + server.publish("sky-net", "model", {"sky.onnx": network, **more})


def fetched(name: str, output: Path | None = None) -> FetchedWeights:
    found = weights_of(name, output, CancelToken())
    assert isinstance(found, FetchedWeights)
    return found


def refused(name: str, output: Path | None = None) -> SkyarError:
    with pytest.raises(SkyarError) as caught:
        weights_of(name, output, CancelToken())
    assert KEY not in str(caught.value)
    return caught.value


def test_they_are_fetched_once_and_kept(server, network):
    name = publish(server, network)
    found = fetched(name)
    assert found.name == name
    assert found.sha256 == hashlib.sha256(network).hexdigest()
    assert Path(found.path).read_bytes() == network
    requested = server.calls.total()
    assert fetched(name) == found
    assert server.calls.total() == requested
    assert server.keys == {KEY}
    assert not server.unknown


def test_an_alias_is_asked_for_each_time_and_told_as_a_version(server, network, other_network):
    publish(server, network)
    latest = "wandb://team/SkyAR/sky-net:latest"
    assert fetched(latest).name == "wandb://team/SkyAR/sky-net:v0"
    publish(server, other_network)
    assert fetched(latest).name == "wandb://team/SkyAR/sky-net:v1"
    assert Path(fetched(latest).path).read_bytes() == other_network


def test_a_kept_file_that_was_cut_off_is_fetched_again(server, network):
    name = publish(server, network)
    path = Path(fetched(name).path)
    path.write_bytes(network[:100])
    assert Path(fetched(name).path).read_bytes() == network


def test_without_a_network_only_what_is_kept_is_used(server, network, monkeypatch):
    name = publish(server, network)
    monkeypatch.setenv("SKYAR_OFFLINE", "1")
    assert refused(name).code is ErrorCode.NETWORK_FORBIDDEN
    monkeypatch.delenv("SKYAR_OFFLINE")
    found = fetched(name)
    monkeypatch.setenv("SKYAR_OFFLINE", "1")
    requested = server.calls.total()
    assert fetched(name) == found
    assert refused("wandb://team/SkyAR/sky-net:latest").code is ErrorCode.NETWORK_FORBIDDEN
    assert server.calls.total() == requested


@pytest.mark.parametrize(
    "files", [{"sky.pth": b"\x80\x04"}, {"a.onnx": b"1", "b.safetensors": b"2"}, {"read me.txt": b"none"}]
)
def test_an_artifact_must_hold_one_file_that_needs_no_unpickling(server, files):
    name = "wandb://" + server.publish("odd", "model", files)
    error = refused(name)
    assert error.code is ErrorCode.WEIGHTS_MISSING
    assert all(path in error.why for path in files)


def test_what_is_not_there_is_told(server):
    error = refused("wandb://team/SkyAR/nothing:v0")
    assert error.code is ErrorCode.WEIGHTS_MISSING
    assert "nothing" in error.what + error.why


def test_content_that_is_not_what_the_list_of_files_says_is_refused(server, network, tmp_path):
    name = publish(server, network)
    server.versions[-1].files["sky.onnx"] = network[:-1] + b"!"
    assert refused(name).code is ErrorCode.WEIGHTS_MISSING
    assert not list((tmp_path / "skyar_cache").rglob("fetched.json"))


@pytest.mark.parametrize(
    "text",
    ["wandb://sky:v1", "wandb://a/b/c", "wandb://a/b/../c:v1", "wandb://a/b/..:v1", "wandb://a//c:v1", "wandb://"],
)
def test_other_names_are_no_names(text):
    with pytest.raises(ValueError, match="is no name such as"):
        weights_name(text)
    with pytest.raises(ValueError, match="is no name such as"):
        Settings(matting_weights=text)


def test_a_result_goes_on_with_what_it_was_begun_with(
    server, network, other_network, make_movie, job_for, run, tmp_path
):
    publish(server, network)
    requested = "wandb://team/SkyAR/sky-net:latest"
    settings = Settings(quality="draft", motion="STATIC", matting_weights=requested, previews=False)
    job = job_for(make_movie(images=COUNT), settings=settings, until="sky", device="cpu")
    run(job)
    own = replace(settings, matting_weights=str(tmp_path / "mine.onnx"))
    run(replace(job, settings=own, output=job.output + " 2"))
    assert digests(Path(job.output)) == digests(Path(job.output + " 2"))
    publish(server, other_network)
    for path in (Path(job.output) / "matte").iterdir():
        path.unlink()
    run(job)
    assert digests(Path(job.output)) == digests(Path(job.output + " 2"))
    begun = begun_with(Path(job.output))
    assert begun is not None and begun.name == "wandb://team/SkyAR/sky-net:v0"
    note = Path(job.output) / "state" / "weights.json"
    note.write_text(json.dumps({**begun.to_dict(), "sha256": "0" * 64}))
    assert refused(requested, Path(job.output)).code is ErrorCode.WEIGHTS_UNREADABLE


def test_the_lineage_leads_from_the_artifact_to_the_movies(server, network, make_movie, job_for, run, tmp_path):
    name = publish(server, network)
    settings = Settings(quality="draft", motion="STATIC", matting_weights=name)
    wandb = Wandb(mode="online", directory=str(tmp_path / "logs"))
    job = job_for(make_movie(images=COUNT), settings=settings, device="cpu", wandb=wandb)
    run(job)
    assert report_of(Path(job.output))["complete"]
    ((run_name, reported),) = server.runs.items()
    config = json.loads(reported["config"])["network"]["value"]
    assert config["artifact"] == name and config["sha256"] == hashlib.sha256(network).hexdigest()
    (model,) = server.committed("model")
    assert (run_name, model.id) in server.used
    assert not server.unknown
