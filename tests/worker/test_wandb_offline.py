# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is logged with the real client, offline, and read back from the disk."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.clips import landscape, write_movie
from support.jobs import quick_job, report_of, run_here
from support.wandb_records import Written, read_run

from skyar_blender.contract import events
from skyar_blender.contract.job import Clip, Job, Settings
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.contract.wandb import Wandb, waiting_runs
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.images import read_frame
from skyar_blender.worker.wandb_log import launch

pytest.importorskip("wandb")
#: Frames of most clips, and of one from which only some are shown.
COUNT, MANY = 6, 45
KEY = "0123456789abcdef" * 2 + "01234567"


def job_in(folder: Path, count: int = COUNT) -> Job:
    return quick_job(
        folder,
        write_movie(folder / "clip.mp4", [landscape(index) for index in range(count)]),
        settings=Settings(quality="draft", matte_method="adaptive", motion="STATIC"),
        wandb=Wandb(directory=str(folder / "logs"), tags=["test"], keep_clip=True, host="Blender 9.9.9"),
    )


@pytest.fixture
def job(tmp_path):
    return job_in(tmp_path)


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A job that was logged with a key in the environment, alone in its folder, and what it reported."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WANDB_API_KEY", KEY)
        job = job_in(tmp_path_factory.mktemp("once"))
        return job, run_here(job)


def logged(job) -> Written:
    (folder,) = waiting_runs(job.wandb.folder(Path(job.output)))
    return read_run(folder)


def md5(path: Path) -> str:
    return base64.b64encode(hashlib.md5(path.read_bytes()).digest()).decode()


def artifact(written: Written, kind: str):
    (found,) = [each for each in written.artifacts.values() if each.type == kind]
    return found, {entry.path: entry for entry in found.manifest.contents}


def test_everything_about_a_run_is_written(once):
    job, reported = once
    assert [event.name for event in reported if isinstance(event, events.Artifact)][-1] == "wandb"
    assert not [event for event in reported if isinstance(event, events.Warning) and event.code == "not_logged"]
    written, folder, report = logged(job), OutputFolder(Path(job.output)), report_of(Path(job.output))

    assert (written.run.display_name, written.run.run_group) == ("clip, panorama", "clip")
    assert written.run.project == "SkyAR" and "test" in written.run.tags and "panorama" in written.run.tags
    assert written.exit_code == 0

    config = written.config
    assert config["job"]["settings"] == job.to_dict()["settings"] and config["job"]["sky"] == job.to_dict()["sky"]
    assert "wandb" not in config["job"]
    assert config["clip"]["sha256"] == hashlib.sha256(Path(job.clip.path).read_bytes()).hexdigest()
    assert config["versions"]["host"] == "Blender 9.9.9" and config["versions"]["skyar"] == report["skyar"]
    assert config["device"] == report["figures"]["device"]

    rows = [row for row in written.history if "matte/coverage" in row]
    assert [row["frame"] for row in rows] == list(range(COUNT))
    for row, frame in zip(rows, report["frames"], strict=True):
        assert row["matte/coverage"] == frame["coverage"] and row["track/confidence"] == frame["confidence"]
        assert row.get("matte/flicker") == frame.get("matte_flicker")
        assert row["light/stops"] == pytest.approx(report["figures"]["light"][0]["stops"])
    assert written.summary["seconds"] == report["seconds"]
    assert written.summary["stages/matte/ms_per_frame"] == report["stages"]["matte"]["ms_per_frame"]
    assert written.summary["peak_memory_mb"] == report["figures"]["peak_memory_mb"]

    movies, entries = artifact(written, "video")
    assert movies.name == "clip-sky" and set(entries) == {"demo.mp4", "demo_cat.mp4"}
    assert entries["demo.mp4"].digest == md5(folder.preview)
    assert entries["demo_cat.mp4"].digest == md5(folder.compare)
    for kind, path in (("skybox", Path(job.sky.source)), ("clip", Path(job.clip.path))):
        _found, entries = artifact(written, kind)
        assert entries[path.name].digest == md5(path)
        copy = Path(entries[path.name].local_path)
        assert job.wandb.directory in str(copy) and copy.read_bytes() == path.read_bytes()
    assert not [each for each in written.artifacts.values() if each.type == "model"]  # no network was used


def test_images_are_looked_at(run, tmp_path):
    job = job_in(tmp_path, MANY)
    run(job)
    written, (folder,) = logged(job), waiting_runs(job.wandb.folder(Path(job.output)))
    (row,) = [row for row in written.history if "preview/path" in row]
    movie = open_clip(Clip(path=str(folder / "files" / row["preview/path"])))
    assert movie.count == 40  # the first frames, not all
    source = open_clip(job.clip)
    assert (movie.width, movie.height) == (2 * source.width, source.height)
    (_, both), (_, before) = next(iter(movie.frames([7]))), next(iter(source.frames([7])))
    assert abs(both[:, : source.width].astype(int) - before).mean() < 6
    assert abs(both[:, source.width :].astype(int) - before).mean() > 6
    images = row["key_frames/filenames"]
    assert len(images) == 5 and row["key_frames/captions"][-1] == f"frame {MANY - 1}"
    masks = row["key_frames/all_masks"]
    for index, image, mask in zip((0, 11, 22, 33, 44), images, masks, strict=True):
        shown = read_frame(folder / "files" / image)
        marked = read_frame(folder / "files" / mask["sky"]["path"])
        assert shown.shape == marked.shape
        coverage = report_of(Path(job.output))["frames"][index]["coverage"]
        assert (marked[..., 0] == 1).mean() == pytest.approx(coverage, abs=0.02)


def test_the_network_is_an_artifact(make_movie, job_for, run, tmp_path):
    job = job_for(
        make_movie(images=2),
        settings=Settings(quality="draft", motion="STATIC"),
        device="cpu",
        wandb=Wandb(directory=str(tmp_path / "logs")),
    )
    run(job)
    written = logged(job)
    found, entries = artifact(written, "model")
    (entry,) = entries.values()
    content = Path(entry.local_path).read_bytes()
    assert written.config["network"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert json.loads(found.metadata)["sha256"] == written.config["network"]["sha256"]


def test_a_rerun_that_makes_nothing_new_is_no_new_run(job, run):
    run(job)
    run(job)
    assert len(waiting_runs(job.wandb.folder(Path(job.output)))) == 1
    run(replace(job, wandb=replace(job.wandb, project="Other")))
    assert len(waiting_runs(job.wandb.folder(Path(job.output)))) == 2
    OutputFolder(Path(job.output)).matte(2).unlink()
    run(job)
    assert len(waiting_runs(job.wandb.folder(Path(job.output)))) == 3


def test_files_are_the_same_without_logging(once, run, tmp_path):
    job, _reported = once
    plain, logged = tmp_path / "plain", Path(job.output)
    run(replace(job, wandb=None, output=str(plain)))
    for path in plain.rglob("*"):
        other = logged / path.relative_to(plain)
        if path.suffix in (".exr", ".png") or path.name == "track.json":
            assert other.read_bytes() == path.read_bytes(), path
        elif path.suffix == ".mp4":  # encoders with several threads make no two files alike
            one, two = (open_clip(Clip(path=str(each))) for each in (path, other))
            for (_, frame), (_, same) in zip(one.frames(range(COUNT)), two.frames(range(COUNT)), strict=True):
                assert np.abs(frame.astype(int) - same).mean() < 0.5, path


def test_no_key_is_in_any_file(once):
    job, _reported = once
    files = [path for path in Path(job.output).parent.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


# --- what can go wrong ---------------------------------------------------------------------------------------------


def told_of(job, run) -> events.Warning:
    """The one warning of a run that could not be logged, whose result is complete all the same."""
    reported = run(job)
    (warning,) = [event for event in reported if isinstance(event, events.Warning) and event.code == "not_logged"]
    assert isinstance(reported[-1], events.Done) and report_of(Path(job.output))["complete"]
    assert OutputFolder(Path(job.output)).preview.stat().st_size > 1000
    assert "the result itself is complete" in warning.what and warning.todo
    return warning


def test_without_the_package(job, run, monkeypatch):
    real = launch.importlib.util.find_spec
    monkeypatch.setattr(launch.importlib.util, "find_spec", lambda name: None if name == "wandb" else real(name))
    warning = told_of(job, run)
    assert "not installed" in warning.why and "pip install wandb" in warning.todo


def test_a_folder_that_cannot_be_written(job, run, tmp_path):
    (tmp_path / "logs").write_text("a file")
    assert "logs" in told_of(job, run).why


def test_a_process_that_hangs_is_ended(job, run, monkeypatch):
    monkeypatch.setattr(launch, "OFFLINE_SECONDS", 0.2)
    warning = told_of(job, run)
    assert "did not end within" in warning.why and "skyar log" in warning.todo


def test_a_full_disk(job, run, tmp_path, monkeypatch):
    """The client's files meet a limit on their size, as on a disk without room."""
    small = tmp_path / "python"
    small.write_text(f'#!/bin/sh\nulimit -f 8\ntrap "" XFSZ\nexec {sys.executable} "$@"\n')
    small.chmod(0o755)
    monkeypatch.setattr(launch.sys, "executable", str(small))
    told_of(job, run)
