# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed, cancelled and left alone: a rerun goes on, gives the same bytes, and redoes nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from support.jobs import ROOT, digests, report_of, start_worker

from skyar_blender.common.option_lookup import with_options
from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Sky
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job

STAGES = ["matte", "track", "sky", "preview"]
COUNT = 12


@pytest.fixture(scope="module")
def expected(done):
    """Digests of what it made."""
    return digests(Path(done.output))


@pytest.fixture
def undisturbed(make_movie, job_for, expected):
    """A job that nothing was done of, and the digests of the same job's undisturbed run."""
    return job_for(make_movie(images=COUNT)), expected


@pytest.mark.parametrize("stage", STAGES)
def test_killed_in_a_stage_then_rerun(undisturbed, run, tmp_path, stage):
    job, expected = undisturbed
    worker = start_worker(job, tmp_path)
    for line in worker.stdout:
        event = events.from_line(line)
        if isinstance(event, events.Progress) and event.stage == stage:
            break
    worker.kill()
    worker.wait()
    folder = Path(job.output)
    # A file's name stands for a whole file: those under way have other names.
    done = {
        kind: len(list((folder / kind).glob("[0-9]*"))) if (folder / kind).exists() else 0
        for kind in ("matte", "plate", "sky")
    }
    run(job)
    assert digests(folder) == expected
    report = report_of(folder)
    for kind in ("matte", "plate", "sky"):
        assert report["stages"][kind]["reused"] == done[kind]
        assert report["stages"][kind]["computed"] == COUNT - done[kind]


@pytest.mark.parametrize("lost", [[1], [3, 4, 9], [COUNT]])
def test_only_what_is_missing_is_made_again(finished, expected, run, lost):
    folder = Path(finished.output)
    for number in lost:
        (folder / "matte" / f"{number:06d}.png").unlink()
        (folder / "plate" / f"{number:06d}.exr").unlink()
        (folder / "sky" / f"{number:06d}.exr").unlink()
    run(finished)
    assert digests(folder) == expected
    stages = report_of(folder)["stages"]
    assert all(stages[stage]["computed"] == len(lost) for stage in ("matte", "plate", "sky"))
    assert stages["track"]["computed"] == stages["preview"]["computed"] == 0


def test_complete_job_run_again_makes_nothing(finished, run):
    before = {path: path.stat().st_mtime_ns for path in Path(finished.output, "sky").iterdir()}
    reported = run(finished)
    assert isinstance(reported[0], events.Started) and reported[0].resumed
    assert {path: path.stat().st_mtime_ns for path in Path(finished.output, "sky").iterdir()} == before
    assert all(figures["computed"] == 0 for figures in report_of(Path(finished.output))["stages"].values())


class CancelIn(CancelToken):
    """Cancels as soon as a stage has begun."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self.stage = stage

    def listen(self, event: events.Event) -> None:
        if isinstance(event, events.Progress) and event.stage == self.stage:
            self.cancel("The test wants it so.")


@pytest.mark.parametrize("stage", STAGES)
def test_cancelled_in_a_stage_then_rerun(undisturbed, run, stage):
    job, expected = undisturbed
    token = CancelIn(stage)
    with pytest.raises(SkyarError) as caught:
        run_job(job, token.listen, token)
    assert caught.value.code == ErrorCode.CANCELLED
    assert not report_of(Path(job.output))["complete"]
    run(job)
    assert digests(Path(job.output)) == expected


def wait_for_start(lines: Iterable[str]) -> None:
    """Until the worker has begun; it may have said before that it is alive."""
    assert any(isinstance(events.from_line(line), events.Started) for line in lines)


def test_cancel_by_the_supervisor(make_movie, job_for, tmp_path):
    worker = start_worker(job_for(make_movie(images=200)), tmp_path)
    wait_for_start(worker.stdout)
    worker.stdin.write("cancel\n")
    worker.stdin.flush()
    last = [events.from_line(line) for line in worker.stdout][-1]
    assert isinstance(last, events.Error) and last.code == "cancelled"
    assert worker.wait(timeout=10) == 130


def test_worker_ends_when_its_supervisor_is_killed(make_movie, job_for, tmp_path):
    job = job_for(make_movie(images=400))
    (tmp_path / "job.json").write_text(job.to_json())
    supervisor = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys\n"
            "w = subprocess.Popen([sys.executable, '-m', 'skyar_blender.worker', '--job', sys.argv[1]],"
            " stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)\n"
            "print(w.pid, flush=True)\n"
            "print(w.stdout.readline(), flush=True)\n"
            "w.wait()",
            str(tmp_path / "job.json"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    worker = psutil.Process(int(supervisor.stdout.readline()))
    assert json.loads(supervisor.stdout.readline())["event"] in ("starting", "alive", "started")
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()
    deadline = time.monotonic() + 10
    while worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE


def test_another_job_never_lands_in_the_folder(finished, run):
    before = digests(Path(finished.output))
    for other in (
        replace(finished, sky=Sky(source="sunset")),
        replace(finished, clip=replace(finished.clip, last=COUNT - 2)),
    ):
        with pytest.raises(SkyarError) as caught:
            run(other)
        assert caught.value.code == ErrorCode.OUTPUT_TAKEN
    assert digests(Path(finished.output)) == before


def made(folder: Path) -> dict[str, int]:
    return {stage: figures["computed"] for stage, figures in report_of(folder)["stages"].items()}


def reruns(job, run, tmp_path, **options) -> tuple[Path, list[str]]:
    """Run ``job`` with other options in its folder, and in an empty one: the same comes out; warnings' words."""
    other = with_options(job, options)
    reported = [
        each.what for each in run(other) if isinstance(each, events.Warning) and each.code == "options_changed"
    ]
    apart = tmp_path / "-".join(options)
    run(replace(other, output=str(apart)))
    assert digests(Path(job.output)) == digests(apart)
    return Path(job.output), reported


def test_other_options_make_again_what_they_affect(make_movie, job_for, run, tmp_path):
    job = job_for(make_movie(images=4))
    run(job)
    folder, reported = reruns(job, run, tmp_path, haze=0.4)
    assert made(folder)["preview"] == 4 and {**made(folder), "preview": 0} == dict.fromkeys(made(folder), 0)
    assert "haze" in reported[0] and "the rest stays" in reported[0]

    painted = folder / "matte" / "000002.png"
    painted.write_bytes(painted.read_bytes() + b"painted over")
    job = with_options(job, {"haze": 0.4})
    folder, reported = reruns(job, run, tmp_path, sky_rotation=30.0)
    found = made(folder)
    assert found["matte"] == 1 and found["track"] == 0 and found["plate"] == 0 and found["sky"] == 4
    assert (folder / "set_aside" / "matte" / "000002.png").read_bytes().endswith(b"painted over")

    job = with_options(job, {"sky_rotation": 30.0})
    folder, reported = reruns(job, run, tmp_path, quality="high")
    assert made(folder)["matte"] == made(folder)["plate"] == 4 and "quality" in reported[0]
    job = with_options(job, {"quality": "high"})
    folder, reported = reruns(job, run, tmp_path, motion="STATIC")
    assert made(folder)["track"] == 4 and "motion" in reported[0]


def test_changed_clip_is_another_job(finished, run, make_movie):
    make_movie(images=COUNT + 1)  # over the old one
    with pytest.raises(SkyarError) as caught:
        run(finished)
    assert caught.value.code == ErrorCode.OUTPUT_TAKEN


def test_folder_with_the_users_own_files_is_left_alone(make_movie, job_for, run):
    job = job_for(make_movie())
    Path(job.output).mkdir()
    (Path(job.output) / "holiday.jpg").write_text("precious")
    with pytest.raises(SkyarError) as caught:
        run(job)
    assert caught.value.code == ErrorCode.OUTPUT_TAKEN
    assert [path.name for path in Path(job.output).iterdir()] == ["holiday.jpg"]


def test_two_workers_in_one_folder(make_movie, job_for, run, tmp_path):
    job = job_for(make_movie(images=200))
    worker = start_worker(job, tmp_path)
    wait_for_start(worker.stdout)
    with pytest.raises(SkyarError) as caught:
        run(job)
    assert caught.value.code == ErrorCode.OUTPUT_BUSY
    worker.kill()
    worker.wait()
