# SPDX-License-Identifier: GPL-3.0-or-later
"""Several clips in one run: what takes long is loaded once, and one that fails does not stop the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from support.jobs import digests, quick_job, report_of, run_here, skyar

from skyar_blender.contract.job import Settings
from skyar_blender.worker.job import loaded
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job


def test_one_that_fails_is_told_and_the_others_go_on(make_movie, tmp_path):
    clip = make_movie(images=3)
    (tmp_path / "again").mkdir()
    second = Path(clip).rename(tmp_path / "again" / Path(clip).name)
    first = make_movie(images=2)
    options = ["--sky", "jupiter", "--quality", "draft", "--matte-method", "adaptive", "--output", tmp_path / "out"]
    done = skyar("replace", first, tmp_path / "gone.mp4", second, *options)
    assert done.returncode == 3 and "1 of 3 clips failed" in done.stderr and "gone.mp4" in done.stdout
    frames = {name: report_of(tmp_path / "out" / name)["clip"]["frames"] for name in ("clip", "clip-2")}
    assert frames == {"clip": 2, "clip-2": 3}


def test_network_and_sky_are_loaded_once(make_movie, tmp_path, monkeypatch):
    found: Counter[str] = Counter()
    made = {name: getattr(loaded, name) for name in ("matting_of", "load_sky")}

    def counting(name, *given, **named):
        found[name] += 1
        return made[name](*given, **named)

    for name in made:
        monkeypatch.setattr(loaded, name, partial(counting, name))
    job = quick_job(tmp_path, make_movie(images=3), settings=Settings(quality="draft"))
    kept = loaded.Loaded()
    jobs = [replace(job, output=str(tmp_path / name)) for name in ("first", "second")]
    for each in jobs:
        run_job(each, lambda event: None, CancelToken(), loaded=kept)
    assert found == {"matting_of": 1, "load_sky": 1}
    run_here(replace(job, output=str(tmp_path / "alone")))
    assert digests(tmp_path / "first") == digests(tmp_path / "second") == digests(tmp_path / "alone")


def test_a_job_alone_lets_go_of_the_network_once_its_mattes_are_made(make_movie, tmp_path, monkeypatch):
    held, load_sky = [], loaded.load_sky

    def loading(*given, **named):
        held.append(kept.holds_matting)
        return load_sky(*given, **named)

    monkeypatch.setattr(loaded, "load_sky", loading)
    for alone in (False, True):
        kept = loaded.Loaded(alone=alone)
        job = quick_job(tmp_path, make_movie(images=2), settings=Settings(quality="draft"))
        run_job(replace(job, output=str(tmp_path / str(alone))), lambda event: None, CancelToken(), loaded=kept)
    assert held == [True, False]


def test_what_was_changed_is_loaded_anew(tmp_path, make_movie):
    job = quick_job(tmp_path, make_movie(images=1))
    kept = loaded.Loaded()
    first = kept.sky(job.sky, pytest.fail)
    assert kept.sky(job.sky, pytest.fail) is first
    assert kept.sky(replace(job.sky, rotation=30.0), pytest.fail) is not first
    other = Path(job.sky.source)
    other.write_bytes(other.read_bytes() + b" ")
    assert kept.sky(job.sky, pytest.fail) is not first
