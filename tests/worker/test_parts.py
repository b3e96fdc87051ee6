# SPDX-License-Identifier: GPL-3.0-or-later
"""A clip in parts: split, made side by side, joined; the result is that of one run, byte for byte."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from support.jobs import ROOT, run_here

from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.file_record import misfits
from skyar_blender.contract.job import Clip, Job, Look, Settings
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.contract.part import Part, parts_of
from skyar_blender.worker.job.locks import part_of_folder
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job
from skyar_blender.worker.run.run_part import run_part

COUNT = 12
PARTS = [Part(1, 5), Part(6, 9), Part(10, COUNT)]


def everything(folder: Path) -> dict[str, str]:
    """SHA-256 of all that is seen or read on, and all that is remembered of the clip."""
    found = [path for path in folder.rglob("*.*") if path.suffix in (".png", ".exr", ".mp4")]
    found += [folder / "track.json", *(folder / "state").glob("*.json")]
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in found}


def made(root: Path, part: Part) -> list[events.Event]:
    reported: list[events.Event] = []
    run_part(root, part, reported.append, CancelToken())
    return reported


def joined(job: Job) -> None:
    run_job(job, lambda event: None, CancelToken(), extent="joined")


@pytest.fixture(scope="module")
def found(done, tmp_path_factory) -> Job:
    """The same clip, of which only that was done which has to see the whole of it."""
    job = replace(done, output=str(tmp_path_factory.mktemp("split") / "out"))
    run_job(job, lambda event: None, CancelToken(), extent="findings")
    assert not Path(job.output, "sky").exists() and not Path(job.output, "plate").exists()
    return job


@pytest.fixture
def split(found, tmp_path) -> Job:
    """The same in the test's folder."""
    shutil.copytree(found.output, tmp_path / "out")
    return replace(found, output=str(tmp_path / "out"))


def test_split_and_joined_equals_whole(done, split, tmp_path):
    # One part is made in a copy of the folder, as on another machine; the others in any order.
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(split.output, elsewhere)
    made(elsewhere, PARTS[1])
    made(Path(split.output), PARTS[2])
    made(Path(split.output), PARTS[0])
    shutil.copytree(elsewhere, split.output, dirs_exist_ok=True)
    joined(split)
    assert everything(Path(split.output)) == everything(Path(done.output))
    assert misfits(OutputFolder(Path(split.output))) == []
    assert not list(OutputFolder(Path(split.output)).parts.glob("*.txt"))


def test_rain_reflections_and_repeated_frames_too(make_movie, job_for, tmp_path):
    settings = Settings(quality="draft", matte_method="adaptive", look=Look(reflections=0.6, rain=0.5))
    clip = Clip(path=str(make_movie(images=5)), order=[4, 3, 3, 1, 0])
    whole = job_for(clip, settings=settings)
    run_here(whole)
    split = replace(whole, output=str(tmp_path / "split"))
    run_job(split, lambda event: None, CancelToken(), extent="findings")
    for part in parts_of(5, 2):
        made(Path(split.output), part)
    joined(split)
    assert everything(Path(split.output)) == everything(Path(whole.output))


def test_a_part_that_was_killed_goes_on(done, split):
    root = Path(split.output)
    worker = subprocess.Popen(
        [sys.executable, "-m", "skyar_blender.worker.cli", "part", str(root), f"1-{COUNT}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    deadline = time.monotonic() + 120
    while len(ready := sorted((root / "sky").glob("[0-9]*"))) < 2:
        assert worker.poll() is None and time.monotonic() < deadline
    worker.kill()
    worker.wait()
    kept = {path: path.stat().st_mtime_ns for path in ready[1:]}
    ready[0].write_bytes(b"torn")
    reported = made(root, Part(1, COUNT))
    assert [each.code for each in reported if isinstance(each, events.Warning)] == ["files_damaged"]
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert (root / "set_aside" / "sky" / ready[0].name).read_bytes() == b"torn"
    joined(split)
    shutil.rmtree(root / "set_aside")
    assert everything(root) == everything(Path(done.output))


def test_what_is_missing_is_told_and_not_made_silently(split):
    root = Path(split.output)
    for part in (PARTS[0], PARTS[2]):
        made(root, part)
    with pytest.raises(SkyarError) as caught:
        joined(split)
    assert caught.value.code == ErrorCode.BAD_JOB and "6-9" in caught.value.why
    assert not (root / "preview.mp4").exists()


def test_damaged_findings_are_no_ground_to_stand_on(split):
    root = Path(split.output)
    (root / "matte" / "000003.png").write_bytes(b"torn")
    made(root, Part(11, 12))  # which does not look at it
    with pytest.raises(SkyarError) as caught:
        made(root, Part(5, 6))
    assert caught.value.code == ErrorCode.BAD_JOB and "matte/000003.png" in caught.value.why
    (root / "state" / "sky.json").unlink()
    with pytest.raises(SkyarError) as caught:
        made(root, Part(11, 12))
    assert "state/sky.json" in caught.value.why


def test_two_do_not_work_on_the_same(split):
    folder = OutputFolder(Path(split.output))
    with part_of_folder(folder, PARTS[0]):
        for busy in (lambda: made(folder.root, PARTS[0]), lambda: run_here(split)):
            with pytest.raises(SkyarError) as caught:
                busy()
            assert caught.value.code == ErrorCode.OUTPUT_BUSY
        with part_of_folder(folder, PARTS[1]):  # but side by side
            pass


def test_parts_of_a_clip():
    assert parts_of(250, 100) == [Part(1, 100), Part(101, 200), Part(201, 250)]
    assert Part.parse("6-9") == Part(6, 9) and str(Part(6, 9)) == "6-9"
    for text in ("", "5", "9-6", "0-4", "1-x"):
        with pytest.raises(ValueError, match="no part"):
            Part.parse(text)
