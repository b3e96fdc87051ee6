# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole job: the output folder is what the contract says."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from support.clips import landscape, write_movie
from support.jobs import digests, quick_job, report_of, run_here

from skyar_blender.common.speeds import read_speeds, speeds_file
from skyar_blender.contract import events
from skyar_blender.contract.job import Clip
from skyar_blender.contract.report import Report
from skyar_blender.contract.track_file import Track
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.exr import read_exr, read_plate
from skyar_blender.engine.media.images import read_matte_png, write_png

COUNT = 10


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A job and its events; nothing of it is changed by the tests."""
    folder = tmp_path_factory.mktemp("finished")
    images = [landscape(index) for index in range(COUNT)]
    job = quick_job(folder, write_movie(folder / "clip.mp4", images, sound=True))
    return job, run_here(job)


def test_output_folder(finished):
    job, _ = finished
    folder = Path(job.output)
    assert sorted(path.name for path in folder.iterdir()) == [
        "compare.mp4",
        "confidence.png",
        "job.json",
        "matte",
        "plate",
        "preview.mp4",
        "report.json",
        "sky",
        "state",
        "track.json",
    ]
    assert [path.name for path in sorted((folder / "matte").iterdir())] == [
        f"{n:06d}.png" for n in range(1, COUNT + 1)
    ]
    assert [path.name for path in sorted((folder / "sky").iterdir())] == [f"{n:06d}.exr" for n in range(1, COUNT + 1)]
    matte = read_matte_png(folder / "matte" / "000001.png")
    assert matte.shape == (96, 160) and matte.dtype == np.uint16
    assert matte[:30].mean() > 60000 and matte[80:].mean() < 5000
    sky = read_exr(folder / "sky" / "000001.exr")
    assert sky.shape == (96, 160, 3) and np.isfinite(sky).all() and sky.mean() > 0.01
    plate, open_to = read_plate(folder / "plate" / "000001.exr")
    assert plate.shape == (96, 160, 3) and np.isfinite(plate).all()
    assert open_to[0].min() > 0.9 and open_to[-1].max() < 0.6
    # The plate goes on with the old sky where hills stand before it.
    assert np.abs(plate[70] / plate[20] - 1).max() < 0.6


def test_track_is_the_contract(finished):
    track = Track.from_json((Path(finished[0].output) / "track.json").read_text())
    assert (track.width, track.height, track.fps, len(track.frames)) == (160, 96, 24.0, COUNT)
    np.testing.assert_allclose(track.frames[0].homography, np.eye(3), atol=1e-6)
    for index, frame in enumerate(track.frames):
        assert frame.index == index and 0 <= frame.confidence <= 1
        focal = np.diag([track.focal(index)] * 2 + [1.0])
        focal[:2, 2] = (159 / 2, 95 / 2)
        first = np.diag([track.focal(0)] * 2 + [1.0])
        first[:2, 2] = (159 / 2, 95 / 2)
        expected = focal @ np.array(frame.rotation) @ np.linalg.inv(first)
        np.testing.assert_allclose(frame.homography, expected / expected[2, 2], rtol=1e-3, atol=1e-3)


def test_events_tell_the_story(finished):
    reported = finished[1]
    assert isinstance(reported[0], events.Started) and reported[0].frames == COUNT and not reported[0].resumed
    assert isinstance(reported[-1], events.Done)
    stages = [event.stage for event in reported if isinstance(event, events.Progress)]
    assert list(dict.fromkeys(stages)) == [
        "matte",
        "track",
        "second_look",
        "plate",
        "sun",
        "sky",
        "light",
        "grain",
        "preview",
    ]
    fractions = [event.fraction for event in reported if isinstance(event, events.Progress)]
    assert fractions == sorted(fractions) and fractions[-1] == pytest.approx(1)
    names = [event.name for event in reported if isinstance(event, events.Artifact)]
    assert names == ["matte", "track", "plate", "sky", "preview", "compare", "report"]


def test_the_time_left_is_told_and_the_speed_is_kept(finished):
    """From the first word of progress on; a later run is foretold from it."""
    _, found = finished
    progress = [event for event in found if isinstance(event, events.Progress)]
    assert all(event.seconds_left is not None for event in progress)
    fractions = [event.fraction for event in progress]
    assert fractions == sorted(fractions) and fractions[-1] == pytest.approx(1.0)
    kept = [run for run in read_speeds(speeds_file()) if run.work.frames.get("matte") == COUNT]
    assert kept and kept[-1].seconds["matte"] > 0 and kept[-1].seconds["frames"] > 0


def test_report_counts_and_figures(finished):
    report = report_of(Path(finished[0].output))
    assert report["complete"] and len(report["frames"]) == COUNT
    for stage in ("matte", "track", "plate", "sky", "preview"):
        assert report["stages"][stage]["computed"] == COUNT and report["stages"][stage]["seconds"] > 0
    assert list(report["stages"]) == list(finished[0].steps)
    assert Report.from_dict(report).to_dict(set(report["frames"][0])) == report  # every figure has its place
    assert 0.3 < report["figures"]["coverage_mean"] < 0.8
    (light,) = report["figures"]["light"]
    assert light["first_frame"] == 0 and len(light["tint"]) == len(light["haze"]) == 3
    assert {"index", "source_frame", "coverage", "confidence", "source"} <= set(report["frames"][3])


def test_previews_have_rate_and_sound(finished):
    for name in ("preview.mp4", "compare.mp4"):
        path = Path(finished[0].output) / name
        reader = open_clip(Clip(path=str(path)))
        assert (reader.width, reader.height, reader.count, reader.rate) == (160, 96, COUNT, 24)
        with av.open(str(path)) as container:
            assert container.streams.audio


def test_preview_changes_the_sky_and_keeps_the_ground(finished):
    """The ground gets another light, but what is seen on it stays."""
    job = finished[0]
    _, before = next(iter(open_clip(job.clip).frames([4])))
    _, after = next(iter(open_clip(Clip(path=str(Path(job.output) / "preview.mp4"))).frames([4])))
    change = np.abs(before.astype(int) - after).mean(axis=2)
    assert change[:30].mean() > 20 and change[85:].mean() < change[:30].mean()
    kept = [
        np.corrcoef(before[part][..., 1].ravel(), after[part][..., 1].ravel())[0, 1]
        for part in (slice(0, 30), slice(85, None))
    ]
    assert kept[1] > 0.9 > kept[0]


def test_reversed_order_shows_the_same_mattes(make_movie, job_for, run, tmp_path):
    clip = make_movie(images=6)
    run(job_for(clip, output=str(tmp_path / "forward")))
    run(job_for(Clip(path=str(clip), order=[5, 4, 3, 3, 1, 0]), output=str(tmp_path / "back")))
    backward = digests(tmp_path / "back")
    assert len(backward) == 12
    assert backward["matte/000003.png"] == backward["matte/000004.png"]
    assert backward["sky/000003.exr"] == backward["sky/000004.exr"]
    track = Track.from_json((tmp_path / "back" / "track.json").read_text())
    np.testing.assert_allclose(track.frames[0].homography, np.eye(3), atol=1e-6)
    first = read_matte_png(tmp_path / "back" / "matte" / "000001.png").astype(int)
    last = read_matte_png(tmp_path / "forward" / "matte" / "000006.png").astype(int)
    assert np.abs(first - last).mean() < 1500  # the methods saw other neighbours


def test_image_sequence(tmp_path, job_for, run):
    folder = tmp_path / "pictures 空"
    folder.mkdir()
    names = [f"shot {index}.png" for index in range(3)]
    for index, name in enumerate(names):
        write_png(folder / name, landscape(index))
    run(job_for(Clip(path=str(folder), kind="sequence", files=names, rate="25")))
    reader = open_clip(Clip(path=str(tmp_path / "out" / "preview.mp4")))
    assert (reader.count, reader.rate, reader.sound) == (3, 25, None)


def test_a_part_of_the_clip(make_movie, job_for, run):
    clip = make_movie(images=12)
    job = job_for(Clip(path=str(clip), first=4, last=7))
    run(job)
    frames = report_of(Path(job.output))["frames"]
    assert [frame["source_frame"] for frame in frames] == [4, 5, 6, 7]


@pytest.mark.parametrize("until", ["matte", "track"])
def test_stopping_early_needs_no_sky(make_movie, job_for, run, until):
    job = job_for(make_movie(images=3), sky=None, until=until)
    run(job)
    assert (Path(job.output) / "matte" / "000003.png").exists()
    assert (Path(job.output) / "track.json").exists() == (until == "track")
    assert not (Path(job.output) / "sky").exists()
