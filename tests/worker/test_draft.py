# SPDX-License-Identifier: GPL-3.0-or-later
"""Drafts: what they show, what is kept between them, and the process that makes them as they are asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.jobs import ROOT, skyar

from skyar_blender.contract import events
from skyar_blender.contract.correction import Correction
from skyar_blender.contract.draft import DraftRequest
from skyar_blender.contract.errors import SkyarError
from skyar_blender.contract.job import Clip
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.images import read_frame, write_png
from skyar_blender.worker.draft.clip_frame import OpenClip
from skyar_blender.worker.draft.drafter import Drafter
from skyar_blender.worker.draft.shot_result import ShotResult


@pytest.fixture
def job(job_for, make_movie):
    job = job_for(make_movie(images=3))
    # Darker to the right, so that a turn shows.
    levels = np.linspace(255, 60, 64)[:, None, None] * np.cos(np.linspace(-1.2, 1.2, 128))[None, :, None]
    write_png(Path(job.sky.source), (levels * np.array([0.9, 0.5, 0.3])).astype(np.uint8))
    return replace(job, settings=replace(job.settings, motion="STATIC"))


def with_sky(job, **changes):
    return replace(job, sky=replace(job.sky, **changes))


def test_a_draft_shows_what_the_run_makes(job, run):
    draft = Drafter().draft(job, 0, 4096)
    run(job)
    ((_, made),) = open_clip(Clip(path=str(Path(job.output) / "preview.mp4"))).frames([0])
    assert draft.result.shape == made.shape and draft.notes == []
    assert np.abs(draft.result.astype(int) - made).mean() < 3  # the previews are compressed
    assert np.abs(draft.original.astype(int) - made).mean() > 20
    # Sky is blue and ground is grey in the view of the matte.
    red, _, blue = draft.matte.mean(1)[[4, -4]].T
    assert blue[0] > red[0] + 50 and abs(blue[1] - red[1]) < 3


def test_only_what_has_changed_is_made_anew(job, monkeypatch, tmp_path):
    read, loaded = [], []
    real = OpenClip.read
    monkeypatch.setattr(OpenClip, "read", lambda *given: read.append(given[1]) or real(*given))
    monkeypatch.setattr("skyar_blender.worker.draft.drafter.load_sky", _counted(loaded))
    drafter = Drafter()
    first = drafter.draft(job, 0, 96)
    assert first.result.shape == (58, 96, 3)
    for changes in ({"rotation": 70.0}, {"raised": 5.0}, {"exposure": -2.0}):
        other = drafter.draft(with_sky(job, **changes), 0, 96)
        assert np.abs(other.result.astype(int) - first.result).max() > 3, changes
    assert len(read) == len(loaded) == 1
    drafter.draft(job, 2, 96)
    assert len(read) == 2 and len(loaded) == 1
    # The same again is the same, and another file of that name is another sky.
    assert np.array_equal(drafter.draft(job, 0, 96).result, first.result) and len(read) == 2
    write_png(Path(job.sky.source), np.full((64, 128, 3), 90, np.uint8))
    os.utime(job.sky.source, ns=(1, 1))
    assert np.abs(drafter.draft(job, 0, 96).result.astype(int) - first.result).max() > 20 and len(loaded) == 2


def _counted(loaded: list[object]):
    from skyar_blender.engine.sky.load import load_sky

    return lambda *given, **named: loaded.append(given) or load_sky(*given, **named)


def test_the_horizon_lies_where_it_is_wanted(job):
    drafter = Drafter()
    found = drafter.draft(job, 0, 96).horizon
    assert found is not None and 0 < sum(found) / 2 < 1
    lower = drafter.draft(replace(job, settings=replace(job.settings, horizon=0.2)), 0, 96).horizon
    assert lower is not None and sum(lower) / 2 == pytest.approx(0.2, abs=0.005)
    assert lower[1] - lower[0] == pytest.approx(found[1] - found[0], abs=0.01)


def test_a_moving_camera_is_told(job):
    moving = replace(job, settings=replace(job.settings, motion="SOLVE"))
    assert Drafter().draft(moving, 0, 96).notes == []
    (note,) = Drafter().draft(moving, 1, 96).notes
    assert "turned" in note and "horizon" not in note
    placed = replace(moving, settings=replace(moving.settings, horizon=0.4))
    (note,) = Drafter().draft(placed, 1, 96).notes
    assert "turned" in note and "horizon" in note


def test_rain_reflections_and_a_flat_sky(job, tmp_path):
    photo = tmp_path / "photo.png"
    write_png(photo, np.full((60, 90, 3), (200, 40, 40), np.uint8))
    look = replace(job.settings.look, rain=1.0, reflections=1.0)
    wet = replace(with_sky(job, source=str(photo), keep_ground=True), settings=replace(job.settings, look=look))
    drafter = Drafter()
    dry = drafter.draft(with_sky(job, source=str(photo), keep_ground=True), 0, 96)
    assert np.abs(drafter.draft(wet, 0, 96).result.astype(int) - dry.result).mean() > 0.5
    assert dry.result[:4].mean((0, 1)).argmax() == 0


def test_what_stands_in_the_way_is_raised_and_forgotten(job, tmp_path):
    drafter = Drafter()
    with pytest.raises(SkyarError) as raised:
        drafter.draft(with_sky(job, source=str(tmp_path / "gone.png")), 0, 96)
    assert raised.value.code == "sky_unreadable"
    drafter.draft(job, 0, 96)
    with pytest.raises(SkyarError) as raised:
        drafter.draft(replace(job, clip=Clip(path=str(tmp_path / "gone.mp4"))), 0, 96)
    assert raised.value.code == "clip_missing"
    drafter.draft(job, 0, 96)


def test_the_process_answers_the_newest_and_ends_with_its_input(job, tmp_path):
    pictures = tmp_path / "pictures"
    pictures.mkdir()

    def request(number: int, **changes: object) -> str:
        wanted = DraftRequest(number=number, job=job, frame=0, size=96, folder=str(pictures))
        return replace(wanted, **changes).to_line()

    process = subprocess.Popen(
        [sys.executable, "-m", "skyar_blender.worker.draft"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None and process.stdout is not None

    def said() -> events.Event:
        while isinstance(event := events.from_line(process.stdout.readline()), events.Alive):
            pass
        return event

    def ask(*lines: str) -> None:
        os.write(process.stdin.fileno(), "".join(f"{line}\n" for line in lines).encode())

    assert said() == events.Starting()
    # In one go, so that all but the last are too old when the first is looked at.
    ask(request(1), request(2, frame=1), request(3))
    assert said() == events.Drafting(number=3)
    drafted = said()
    assert isinstance(drafted, events.Drafted) and (drafted.width, drafted.height) == (96, 58)
    result, original = (read_frame(Path(each)) for each in (drafted.result, drafted.original))
    assert result.shape == original.shape == read_frame(Path(drafted.matte)).shape == (58, 96, 3)
    ask('{"number": 4}')
    assert said() == events.Drafting(number=4)
    refused = said()
    assert isinstance(refused, events.Error) and refused.code == "bad_job"
    ask(request(5, job=with_sky(job, rotation=90.0)))
    assert said() == events.Drafting(number=5)
    turned = said()
    assert isinstance(turned, events.Drafted) and np.any(read_frame(Path(turned.result)) != result)
    assert not Path(drafted.result).exists()
    process.stdin.close()
    assert process.wait(timeout=20) == 0


def test_a_process_that_nobody_asks_ends():
    process = subprocess.Popen(
        [sys.executable, "-m", "skyar_blender.worker.draft", "--idle", "0.2"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.wait(timeout=20) == 0


def test_a_draft_in_a_shell(job, tmp_path):
    picture, matte = tmp_path / "new" / "draft.png", tmp_path / "matte.png"
    given = [job.clip.path, "--sky", job.sky.source, "--matte-method", "adaptive", "--quality", "draft"]
    done = skyar("draft", *given, "--frame", 1, "--size", 96, "--output", picture, "--matte", matte)
    assert done.returncode == 0, done.stderr
    assert read_frame(picture).shape == read_frame(matte).shape == (58, 96, 3)
    assert str(picture) in done.stdout and "turned" in done.stdout
    beyond = skyar("draft", *given, "--frame", 9, "--output", picture)
    assert beyond.returncode == 3 and "0 to 2" in beyond.stderr


def test_the_shots_result_lends_matte_and_camera(job_for, make_movie, run):
    job = job_for(make_movie(images=5))
    rows, columns = np.linspace(255, 60, 64)[:, None, None], np.cos(np.linspace(-9, 9, 128))[None, :, None]
    write_png(Path(job.sky.source), (rows * (0.6 + 0.4 * columns) * np.array([0.9, 0.5, 0.3])).astype(np.uint8))
    run(job)
    ((_, made),) = open_clip(Clip(path=str(Path(job.output) / "preview.mp4"))).frames([4])
    alone = Drafter().draft(job, 4, 4096)
    known = Drafter().draft(replace(job, reuse=job.output), 4, 4096)
    assert len(alone.notes) == 1 and known.notes == []

    def error(draft) -> float:
        return float(np.abs(draft.result[:40].astype(int) - made[:40]).mean())

    assert error(known) < 3 and error(known) < 0.6 * error(alone)  # the camera has panned by then
    # Of another horizon the result's camera does not tell; its matte it lends all the same.
    lower = replace(job.settings, horizon=0.1)
    assert len(Drafter().draft(replace(job, reuse=job.output, settings=lower), 4, 96).notes) == 1


def test_corrections_of_this_frame_and_of_others(job_for, make_movie, run, tmp_path):
    random = np.random.default_rng(0)
    frame = np.full((180, 320, 3), (150, 185, 230), np.float64)
    frame[110:] = (70, 75, 60)
    frame[110:] += random.normal(0, 14, (70, 320, 1))
    frame[:150, 180:280] = (222, 226, 232)  # a white house, which is taken for sky
    street = [np.clip(frame + random.normal(0, 1, frame.shape), 0, 255).astype(np.uint8) for _ in range(4)]
    job = job_for(make_movie(images=street), until="matte")
    job = replace(job, settings=replace(job.settings, motion="STATIC"))
    marks = np.zeros((180, 320, 3), np.uint8)
    marks[70:110, 205:255] = 255
    paths = [tmp_path / place / "masks" / "a" / "marks.png" for place in ("here", "elsewhere")]
    for path in paths:
        path.parent.mkdir(parents=True)
        write_png(path, marks)

    def corrected(*frames: int, path: Path = paths[0]):
        held = [Correction(path=str(path), truth="not_sky", first=frame, last=frame) for frame in frames]
        return replace(job, settings=replace(job.settings, corrections=held))

    drafter = Drafter()

    def sky(wanted, frame: int, part: tuple[slice, slice]) -> float:
        """How blue, 0..1, a part is in the view of the matte."""
        place = drafter.draft(wanted, frame, 4096).matte[part].astype(int)
        return float((place[..., 2] - place[..., 0]).mean()) / 91

    house, marked = (slice(120, 145), slice(190, 270)), (slice(72, 108), slice(208, 252))
    assert sky(job, 1, house) > 0.9
    assert sky(corrected(1), 1, marked) < 0.1 and sky(corrected(1), 1, house) < 0.4
    assert sky(corrected(1), 3, house) < 0.4  # another frame learns from it
    assert sky(corrected(1), 3, (slice(5, 60), slice(5, 150))) > 0.9

    # A result lends its matte where it has the very corrections, wherever their images lie; its camera always.
    run(replace(corrected(1), until="sky"))
    for frames, lent in (((1,), True), ((2,), False), ((), False)):
        wanted = replace(corrected(*frames, path=paths[1]), reuse=job.output)
        result = ShotResult.of(wanted, 4, (160, 96))
        assert result is not None and (result.matte(1, (320, 180)) is not None) == lent
        assert result.camera(1, (320, 180)) is not None
