# SPDX-License-Identifier: GPL-3.0-or-later
"""A job whose camera is given: its track, its sky, and files that are refused before anything is made."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.given import pan, pose, turned
from support.jobs import digests, report_of, skyar

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Clip, Job, Settings
from skyar_blender.contract.motion_file import CameraMotion
from skyar_blender.contract.track_file import Track
from skyar_blender.worker.job.job_file import parse_job

COUNT = 6


def settings(path: Path) -> Settings:
    return Settings(
        quality="draft", matte_method="adaptive", motion="SCENE_CAMERA", motion_path=str(path), previews=False
    )


@pytest.fixture
def given(make_movie, job_for, tmp_path):
    """A job on six frames, and the file of its camera."""
    path = tmp_path / "camera_motion.json"
    path.write_text(pan(range(0, 5 * COUNT, 5), pitch=4).to_json())
    return job_for(make_movie(images=COUNT), settings=settings(path)), path


def track_of(job: Job) -> Track:
    return Track.from_json(Path(job.output, "track.json").read_text())


def test_track_and_report_are_those_of_the_camera(given, run):
    job, _ = given
    run(job)
    track = track_of(job)
    assert track.focal_source == "camera"
    for index, frame in enumerate(track.frames):
        assert np.allclose(np.array(frame.rotation) @ track.world[0], turned(5 * index, 4), atol=1e-9)
    figures = report_of(Path(job.output))["figures"]
    assert figures["focal_length_mm"] == pytest.approx(36)
    assert figures["placement"]["shots"][0]["horizon_from"] == "camera"
    assert figures["placement"]["shots"][0]["pitch_degrees"] == pytest.approx(4)


def test_run_again_makes_nothing_and_gives_the_same(given, run, tmp_path):
    job, _ = given
    run(job)
    before = digests(Path(job.output))
    run(job)
    assert all(figures["computed"] == 0 for figures in report_of(Path(job.output))["stages"].values())
    assert digests(Path(job.output)) == before
    Path(job.output, "track.json").unlink()
    run(job)
    assert track_of(job).world is not None


def test_a_camera_that_moves_in_another_way_is_another_job(given, run):
    job, path = given
    run(job)
    path.write_text(pan(range(COUNT)).to_json())
    with pytest.raises(SkyarError, match="in use") as caught:
        run(job)
    assert caught.value.code == ErrorCode.OUTPUT_TAKEN
    assert "with a camera that has changed" in caught.value.why


def test_frames_shown_again_and_backwards(make_movie, job_for, run, tmp_path):
    path = tmp_path / "motion.json"
    path.write_text(pan([30, 20, 999, 10]).to_json())  # the second time counts for nothing
    clip = Clip(path=str(make_movie(images=COUNT)), order=[4, 3, 3, 1])
    job = job_for(clip, settings=settings(path))
    run(job)
    track = track_of(job)
    for frame, yaw in zip(track.frames, (30, 20, 20, 10), strict=True):
        assert np.allclose(np.array(frame.rotation) @ track.world[0], turned(yaw), atol=1e-9)


def test_gaps_are_warned_of(given, run):
    job, path = given
    path.write_text(CameraMotion(frames=[pose(0), None, None, None, None, pose(10)]).to_json())
    reported = run(job)
    warnings = [event.what for event in reported if getattr(event, "code", "") == "weak_track"]
    assert warnings == ["The given camera is uncertain in 4 of 6 frames."]
    assert report_of(Path(job.output))["frames"][2]["source"] == "interpolated"


def test_a_solved_camera_is_told_with_the_world_found_from_its_horizon(make_movie, job_for, run):
    job = job_for(make_movie(images=COUNT))
    run(job)
    world = np.array(track_of(job).world[0])
    (shot,) = report_of(Path(job.output))["figures"]["placement"]["shots"]
    assert np.degrees(np.arcsin(-world[2, 1])) == pytest.approx(shot["pitch_degrees"], abs=1e-3)


def changed(**changes: object) -> str:
    data = json.loads(pan(range(COUNT)).to_json())
    pose_of_two = data["frames"][2]
    for name, value in changes.items():
        (pose_of_two if name in pose_of_two else data)[name] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Expecting value"),
        ("[]", "object"),
        ("{}", "frames"),
        (changed(version=9), "version"),
        (changed(frames=[]), "first and at the last"),
        (changed(rotation=[[2.0] * 3] * 3), "rotation is none"),
        (changed(rotation="straight"), "array"),
        (changed(focal_length=0), "focal length is 0"),
        (changed(focal_length=-35.0), "focal length is -35"),
        (changed(focal_length=float("nan")), "NaN is no number"),
        (changed(focal_length="50"), "float"),
        (changed(confidence=2), "confidence is 2"),
        (changed(colour="red"), "Unknown fields: colour"),
        (pan(range(COUNT - 1)).to_json(), "It has 5 frames; the job has 6"),
        (None, "No such file"),
    ],
)
def test_files_that_are_refused(given, run, text, words):
    job, path = given
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(SkyarError) as caught:
        run(job)
    assert caught.value.code == ErrorCode.MOTION_UNREADABLE
    assert words in caught.value.why and caught.value.todo
    assert not Path(job.output).exists()


def test_settings_that_do_not_fit_together(given):
    job, _ = given
    assert parse_job(job.to_json().encode()) == job
    for wrong, words in (
        ({"motion": "SOLVE"}, "SOLVE takes no file"),
        ({"motion_path": None}, "SCENE_CAMERA needs a file"),
        ({"focal_length": 35.0}, "its own focal length"),
    ):
        with pytest.raises(ValueError, match=words):
            replace(job.settings, **wrong)


def test_from_the_command_line(given, tmp_path):
    job, path = given
    target = tmp_path / "track.json"
    arguments = ("track", job.clip.path, "--output", target, "--matte-method", "adaptive", "--quality", "draft")
    done = skyar(*arguments, "--motion-file", path)
    assert done.returncode == 0, done.stderr
    assert Track.from_json(target.read_text()).focal_source == "camera"
    done = skyar(*arguments, "--motion", "SOLVE", "--motion-file", path)
    assert done.returncode == 2 and "takes no file" in done.stderr
    path.write_text(changed(focal_length=0))
    done = skyar(*arguments, "--motion-file", path)
    assert done.returncode == 3 and "focal length is 0" in done.stderr
