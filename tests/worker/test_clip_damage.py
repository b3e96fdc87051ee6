# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips that are damaged, or change while a job runs: told in words, and before the work where that is possible."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.clips import landscape, write_movie
from support.jobs import ROOT, report_of

from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Clip
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job


def warnings_of(reported: list[events.Event], code: str) -> list[events.Warning]:
    return [event for event in reported if isinstance(event, events.Warning) and event.code == code]


def test_damaged_frames_are_named_and_kept(make_movie, job_for, run):
    path = make_movie("lost.ts", 16, times=[*range(4), *range(6, 18)])
    job = job_for(path, until="matte")
    reported = run(job)
    (warning,) = warnings_of(reported, "clip_damaged")
    assert "frames 5 to 6" in warning.what
    assert reported.index(warning) < next(
        place for place, event in enumerate(reported) if isinstance(event, events.Progress)
    )
    assert report_of(Path(job.output))["figures"]["damaged_frames"] == [{"first": 4, "last": 5}]
    assert "frames 5 to 6" in warnings_of(run(job), "clip_damaged")[0].what


def test_damage_that_only_decoding_shows_is_told_again_by_a_rerun(make_movie, job_for, run):
    path = make_movie("hurt.mov", 5, codec="png", pixels="rgb24")
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 400] = bytes(400)
    path.write_bytes(whole)
    job = job_for(path, until="matte")
    (warning,) = warnings_of(run(job), "clip_damaged")
    assert "damaged at frame 3." in warning.what
    assert warnings_of(run(job), "clip_damaged") == [warning]


def test_time_stamps_that_jump_by_an_hour(make_movie, job_for, run):
    path = make_movie("jump.mkv", 6, times=[0, 1, 2, 86400, 86401, 86402])
    job = job_for(path)
    with pytest.raises(SkyarError) as caught:
        run(job)
    assert caught.value.code == ErrorCode.CLIP_RANGE
    assert "frame 3 to frame 86400, 60 min" in caught.value.what and "--last 2 or --first 86400" in caught.value.todo
    assert not Path(job.output).exists()


def test_a_image_held_for_long_is_made_once(make_movie, job_for, run):
    path = make_movie("pause.mkv", 4, times=[0, 1, 300, 301])
    job = job_for(path, until="matte")
    reported = run(job)
    assert "from frame 2 to frame 300, 12 s long" in warnings_of(reported, "clip_holds")[0].what
    assert [event.total for event in reported if isinstance(event, events.Progress)][-1] == 4
    assert report_of(Path(job.output))["clip"]["frames"] == 302


@pytest.mark.parametrize("fate", ["deleted", "replaced"])
def test_clip_that_goes_while_the_job_runs(make_movie, job_for, tmp_path, fate):
    path = make_movie("clip.mkv", 6)
    job = job_for(path, until="matte")
    whole = path.read_bytes()

    def strike(event: events.Event) -> None:
        if isinstance(event, events.Progress) and path.exists() and path.read_bytes() == whole:
            path.unlink()
            if fate == "replaced":
                write_movie(path, [landscape(40 + index) for index in range(6)])

    with pytest.raises(SkyarError) as caught:
        run_job(job, strike, CancelToken())
    assert caught.value.code == ErrorCode.CLIP_CHANGED and fate in caught.value.what
    assert "Errno" not in str(caught.value)

    path.unlink(missing_ok=True)
    path.write_bytes(whole)
    if fate == "deleted":
        run_job(job, lambda event: None, CancelToken())
        return
    with pytest.raises(SkyarError) as caught:  # what is there may be of either
        run_job(job, lambda event: None, CancelToken())
    assert caught.value.code == ErrorCode.OUTPUT_TAKEN


def test_name_that_is_no_unicode(make_movie, job_for, run, tmp_path):
    path = make_movie("clip.mkv", 2)
    odd = path.rename(tmp_path / "caf\udce9.mkv")
    job = job_for(Clip(path=str(odd)), until="matte", output=str(tmp_path / "out\udce9"))
    run(job)
    assert report_of(Path(job.output))["complete"]


def test_name_that_is_no_unicode_is_printed_as_it_is():
    code = (
        "from skyar_blender.worker.process.standard_streams import StandardStreams\n"
        "streams = StandardStreams()\n"
        "streams.events.write('caf\\udce9\\n')\n"
        "streams.close()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    assert done.stdout == b"caf\xe9\n"
