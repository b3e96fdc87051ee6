# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are sent: the real client and a server of the tests' own, which answers as far as the client asks."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from support.jobs import report_of
from support.wandb_server import ENTITY, WandbServer

from skyar_blender.contract import events
from skyar_blender.contract.job import Settings
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.contract.render import Render
from skyar_blender.contract.wandb import Wandb, waiting_runs
from skyar_blender.worker.wandb_log import launch

pytest.importorskip("wandb")
COUNT = 4
KEY = "0123456789abcdef" * 2 + "01234567"
PLACES = ("WANDB_CACHE_DIR", "WANDB_CONFIG_DIR", "WANDB_DATA_DIR")


@pytest.fixture
def client(tmp_path, monkeypatch):
    """``client(url)``: the client talks to that server, with a key, and writes into the test's folder only."""
    for name in PLACES:
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("WANDB_API_KEY", KEY)

    def talks_to(url: str) -> None:
        monkeypatch.setenv("WANDB_BASE_URL", url)

    return talks_to


@pytest.fixture
def job(make_movie, job_for, tmp_path):
    return job_for(
        make_movie(images=COUNT),
        settings=Settings(quality="draft", motion="STATIC"),
        device="cpu",
        wandb=Wandb(mode="online", directory=str(tmp_path / "logs")),
    )


def md5(path: Path) -> str:
    return base64.b64encode(hashlib.md5(path.read_bytes()).digest()).decode()


def not_logged(reported: list[events.Event]) -> list[events.Warning]:
    return [event for event in reported if isinstance(event, events.Warning) and event.code == "not_logged"]


def arrived(server: WandbServer, job) -> None:
    """The run with its figures, images and movies is there."""
    folder, report = OutputFolder(Path(job.output)), report_of(Path(job.output))
    ((name, run),) = server.runs.items()
    assert (run["displayName"], run["groupName"], run["project"]) == ("clip, panorama", "clip", "SkyAR")
    config = {key: each["value"] for key, each in json.loads(run["config"]).items()}
    assert config["job"]["clip"]["path"] == job.clip.path
    rows = [row for row in server.history[name] if "matte/coverage" in row]
    assert [row["matte/coverage"] for row in rows] == [frame["coverage"] for frame in report["frames"]]
    (movies,) = server.committed("video")
    assert server.content(movies) == {"demo.mp4": md5(folder.preview), "demo_cat.mp4": md5(folder.compare)}
    assert movies.files["demo.mp4"] == folder.preview.read_bytes()
    (sky,) = server.committed("skybox")
    assert sky.files[Path(job.sky.source).name] == Path(job.sky.source).read_bytes()
    (network,) = server.committed("model")
    (weights,) = network.files.values()
    assert hashlib.sha256(weights).hexdigest() == config["network"]["sha256"] == network.metadata["sha256"]
    shown = [path for path in server.uploads if path.startswith(f"runs/{name}/media/")]
    assert [path for path in shown if path.endswith(".mp4")] and [path for path in shown if "mask" in path]
    assert not server.unknown


def test_runs_are_sent_with_their_lineage(job, run, client, tmp_path):
    """A run, another sky on the same clip, and a later render of the first: each is sent once and leads on."""
    with WandbServer() as server:
        client(server.url)
        reported = run(job)
        assert not not_logged(reported)
        arrived(server, job)
        (name,) = server.runs
        used = {artifact for who, artifact in server.used if who == name}
        assert used == {each.id for kind in ("skybox", "model") for each in server.committed(kind)}
        (place,) = [event.path for event in reported if isinstance(event, events.Artifact) and event.name == "wandb"]
        assert place == f"{server.url}/{ENTITY}/SkyAR/runs/{name}"

        run(replace(job, output=job.output + " 2", sky=replace(job.sky, rotation=90.0, raised=20.0)))
        first, second = server.committed("video")
        assert first.name == second.name == "clip-sky" and first.digest != second.digest
        # The network and the sky are the same: they are used twice, not sent twice.
        assert len(server.committed("model")) == len(server.committed("skybox")) == 1
        assert len(server.used) == 4

        movie = tmp_path / "tweaked.mp4"
        movie.write_bytes((Path(job.output) / "preview.mp4").read_bytes() + b"tweaked")
        render = Render(movie=str(movie), inputs={"Mix": 0.5}, defaults={"Mix": 1.0})
        logged = launch.log_folder(Path(job.output), job.wandb, render=render)
        third = server.committed("video")[-1]
        assert third.files["demo.mp4"] == movie.read_bytes()
        assert {artifact for who, artifact in server.used if who == logged.id} == {first.id}
        assert server.keys == {KEY}
        assert not server.unknown
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if KEY.encode() in path.read_bytes()]
    assert not waiting_runs(tmp_path / "logs")


def test_a_run_that_was_written_is_synced(job, run, client, tmp_path):
    """With the client's own reader of what it wrote: wandb sync."""
    job = replace(job, wandb=replace(job.wandb, mode="offline"))
    run(job)
    (folder,) = waiting_runs(tmp_path / "logs")
    with WandbServer() as server:
        client(server.url)
        command = [sys.executable, "-m", "wandb", "sync", str(folder)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        arrived(server, job)
    assert not waiting_runs(tmp_path / "logs")


# --- servers that fail -------------------------------------------------------------------------------------------


@pytest.fixture
def quick(job):
    """What is logged is not looked at: a job that loads no network."""
    return replace(job, settings=replace(job.settings, matte_method="adaptive"))


def survives(job, run, tmp_path) -> events.Warning:
    """The render is complete, the person is told, and the run lies on the disk; the warning."""
    reported = run(job)
    (warning,) = not_logged(reported)
    assert isinstance(reported[-1], events.Done) and report_of(Path(job.output))["complete"]
    folder = OutputFolder(Path(job.output))
    assert all(folder.sky(number + 1).exists() for number in range(COUNT)) and folder.preview.exists()
    (waiting,) = waiting_runs(tmp_path / "logs")
    assert "written to the disk" in warning.what and f'wandb sync "{waiting}"' in warning.todo
    assert KEY not in warning.what + warning.why + warning.todo
    return warning


@pytest.fixture
def impatient(monkeypatch):
    """Nobody waits for minutes in a test."""
    monkeypatch.setattr(launch, "ONLINE_SECONDS", 8.0)
    monkeypatch.setattr(launch, "SLOWEST", 1e9)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", ["hang", "error", "cut", "bad_key"])
def test_a_server_that_fails_costs_no_render(quick, run, client, tmp_path, monkeypatch, fault):
    if fault == "bad_key":  # the client gives up by itself, however slow the machine is
        monkeypatch.setattr(launch, "ONLINE_SECONDS", 60.0)
    with WandbServer(fault) as server:
        client(server.url)
        begun = time.monotonic()
        warning = survives(quick, run, tmp_path)
        assert time.monotonic() - begun < 100
        if fault == "hang":
            assert "did not end within" in warning.why
        if fault == "bad_key":
            assert "credential" in warning.why.lower() or "key" in warning.why.lower()


@pytest.mark.usefixtures("impatient")
def test_no_server_at_all(quick, run, client, tmp_path):
    with WandbServer() as server:
        url = server.url
    client(url)
    survives(quick, run, tmp_path)


@pytest.mark.usefixtures("impatient")
def test_what_was_written_then_is_sent_later(job, run, client, tmp_path):
    with WandbServer("error") as server:
        client(server.url)
        survives(job, run, tmp_path)
    (folder,) = waiting_runs(tmp_path / "logs")
    with WandbServer() as server:
        client(server.url)
        command = [sys.executable, "-m", "wandb", "sync", str(folder)]
        assert subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False).returncode == 0
        arrived(server, job)
