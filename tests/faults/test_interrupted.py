# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed, out of room, robbed of clip or folder, two at once, stopped: nothing damaged stays, a rerun is whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from support.clips import landscape, write_movie
from support.jobs import digests

from skyar_blender.bridge.worker_process import WorkerProcess
from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.file_record import misfits, read_record, state_of
from skyar_blender.contract.job import Clip, Job, Sky
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.engine.media.images import write_png
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job

KILLS, MOMENTS = 20, 10
STAGES = ("matte", "track", "plate", "sky", "preview")


def run(job: Job) -> None:
    run_job(job, lambda event: None, CancelToken())


def nothing_damaged(folder: Path) -> None:
    """Every file that has its name is as it was written."""
    record = read_record(OutputFolder(folder))
    for name, states in record.files.items():
        path = folder / name
        assert not path.exists() or state_of(path) in states, name


def test_killed_at_random_moments(job, server, tmp_path):
    seconds = time.monotonic()
    undisturbed = replace(job, output=str(tmp_path / "undisturbed"))
    assert server(undisturbed).outcome().code == "done"
    seconds = time.monotonic() - seconds
    chance = random.Random(22)
    for _ in range(KILLS):
        running = server(job)
        time.sleep(chance.uniform(0, seconds))
        running.stop()
        folder = Path(job.output)
        if folder.exists():
            nothing_damaged(folder)
        if (folder / "report.json").exists():  # it came to its end: begin anew
            shutil.rmtree(folder)
    assert server(job).outcome().code == "done"
    assert digests(Path(job.output)) == digests(Path(undisturbed.output))
    assert misfits(OutputFolder(Path(job.output))) == []


def test_no_room_at_ten_moments(job, server, tmp_path):
    undisturbed = replace(job, output=str(tmp_path / "undisturbed"))
    assert server(undisturbed).outcome().code == "done"
    sizes = sorted({path.stat().st_size for path in Path(undisturbed.output).rglob("*.*")})
    chosen = [sizes[round(place * (len(sizes) - 1) / (MOMENTS - 1))] - 1 for place in range(MOMENTS)]
    for largest in chosen:
        outcome = server(job, largest=largest).outcome()
        assert outcome.code == ErrorCode.OUTPUT_FULL, (largest, outcome)
        if Path(job.output).exists():
            nothing_damaged(Path(job.output))
    assert server(job).outcome().code == "done"
    assert digests(Path(job.output)) == digests(Path(undisturbed.output))


class When(CancelToken):
    """Does something as soon as a stage has begun."""

    def __init__(self, stage: str, do) -> None:
        super().__init__()
        self.stage, self.do = stage, do

    def listen(self, event: events.Event) -> None:
        if isinstance(event, events.Progress) and event.stage == self.stage and self.do is not None:
            do, self.do = self.do, None
            do()


@pytest.mark.parametrize("how", ["replaced", "deleted"])
@pytest.mark.parametrize(("kind", "stage"), [*(("movie", stage) for stage in STAGES), ("pictures", "plate")])
def test_the_clip_goes_while_the_job_runs(job, tmp_path, stage, kind, how):
    if kind == "pictures":
        images = tmp_path / "shot"
        images.mkdir()
        names = [f"{index}.png" for index in range(4)]
        for index, name in enumerate(names):
            write_png(images / name, landscape(index))
        job = replace(job, clip=Clip(path=str(images), kind="sequence", files=names))

    def do() -> None:
        path = tmp_path / "clip.mp4" if kind == "movie" else tmp_path / "shot" / "3.png"
        path.unlink()
        if how == "replaced" and kind == "movie":
            write_movie(path, [landscape(index, pan=5.0) for index in range(6)])
        elif how == "replaced":
            write_png(path, landscape(9, pan=7.0))

    token = When(stage, do)
    with pytest.raises(SkyarError) as caught:
        run_job(job, token.listen, token)
    assert caught.value.code == ErrorCode.CLIP_CHANGED
    assert how in caught.value.what and caught.value.todo
    nothing_damaged(Path(job.output))


@pytest.mark.parametrize("stage", STAGES)
def test_the_folder_goes_while_the_job_runs(job, stage):
    token = When(stage, lambda: shutil.rmtree(job.output))
    with pytest.raises(SkyarError) as caught:
        run_job(job, token.listen, token)
    assert caught.value.code == ErrorCode.OUTPUT_NOT_WRITABLE and "is gone" in caught.value.what
    run(job)
    assert misfits(OutputFolder(Path(job.output))) == []


@pytest.mark.parametrize("other", ["the same", "another"])
def test_two_at_once(job, server, other):
    second = job if other == "the same" else replace(job, sky=Sky(source="jupiter"))
    both = [server(job), server(second)]
    codes = sorted(running.outcome().code for running in both)
    allowed = [["done", "output_busy"], ["done", "done" if other == "the same" else "output_taken"]]
    assert codes in allowed
    assert misfits(OutputFolder(Path(job.output))) == []


@pytest.mark.parametrize(
    "where", ["matte", "sky", "state", "set_aside", "worker.lock", "track.json", ".part-track.json"]
)
def test_planted_links_lead_nowhere(job, tmp_path, where):
    theirs = tmp_path / "theirs"
    link = Path(job.output, where)
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.suffix:
        theirs.write_text("precious")
    else:
        theirs.mkdir()
        (theirs / "letter.txt").write_text("precious")
    link.symlink_to(theirs)
    before = sorted(
        (path, path.read_text()) for path in (theirs.parent.glob("theirs*/*" if theirs.is_dir() else "theirs"))
    )
    try:
        run(job)
    except SkyarError as error:
        assert error.code == ErrorCode.OUTPUT_TAKEN
    after = sorted(
        (path, path.read_text()) for path in (theirs.parent.glob("theirs*/*" if theirs.is_dir() else "theirs"))
    )
    assert after == before


def test_a_stopped_worker_is_told_within_twenty_seconds(job):
    worker = WorkerProcess(Path(sys.executable), job)
    worker.start()
    try:
        while not any(isinstance(event, events.Started) for event in worker.poll()):
            time.sleep(0.05)
            assert worker.running
        os.killpg(worker.pid, signal.SIGSTOP)
        stopped = time.monotonic()
        reported: list[events.Event] = []
        while not any(isinstance(event, events.Warning) and event.code == "worker_silent" for event in reported):
            assert time.monotonic() - stopped < 20
            reported += worker.poll()
            time.sleep(0.1)
        os.killpg(worker.pid, signal.SIGCONT)
        worker.wait(reported.append)
        assert isinstance(reported[-1], events.Done)
    finally:
        worker.stop()
