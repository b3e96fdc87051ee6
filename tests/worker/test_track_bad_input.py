# SPDX-License-Identifier: GPL-3.0-or-later
"""Clips that tell nothing of a camera, or too much: a sound track file that owns up to it, or a clear error."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from support.jobs import report_of, skyar

from skyar_blender.contract.errors import SkyarError
from skyar_blender.contract.job import Job, Settings
from skyar_blender.contract.track_file import Track
from skyar_blender.evaluation.tracking.cases import Case
from skyar_blender.evaluation.tracking.footage import shoot
from skyar_blender.evaluation.tracking.poses import TruePose, turned
from skyar_blender.evaluation.tracking.track_errors import Truth, corner_errors
from skyar_blender.evaluation.tracking.world import clouded, make_world
from skyar_blender.worker.job.job_file import parse_job

WIDTH, HEIGHT, COUNT = 160, 96, 16
SETTINGS = Settings(quality="draft", matte_method="adaptive", previews=False)


def plain(grey: int) -> list[np.ndarray]:
    return [np.full((HEIGHT, WIDTH, 3), grey, np.uint8)] * COUNT


def noise() -> list[np.ndarray]:
    random = np.random.default_rng(3)
    return [random.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8) for _ in range(COUNT)]


def gradient() -> list[np.ndarray]:
    rows = np.linspace(0.6, 1.0, HEIGHT)[:, None, None]
    return [np.rint(rows * np.array([140, 170, 230]) * np.ones((1, WIDTH, 1))).astype(np.uint8)] * COUNT


def filmed(yaw: float, pitch: float) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Frames of a camera that pans ``yaw`` degrees a frame, tilted up by ``pitch``, and their true homographies."""
    case = Case(
        name="pan", place=lambda: make_world(clouded(5), 11, near=False), width=256, height=144, frames=COUNT,
        move=lambda time: TruePose(turned(yaw=yaw * time, pitch=pitch), 200.0),
    )  # fmt: skip
    return [frame for frame, _ in shoot(case)], [truth.homography for truth in case.truths()]


def sound_track(job: Job, count: int) -> Track:
    """The track of a finished job, after a look at its numbers."""
    text = (Path(job.output) / "track.json").read_text()
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in track.json"))
    track = Track.from_json(text)
    assert len(track.frames) == count
    for frame in track.frames:
        rotation = np.array(frame.rotation)
        assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-6) and np.linalg.det(rotation) > 0
        assert np.isfinite(frame.homography).all() and 0 <= frame.confidence <= 1
    return track


@pytest.mark.parametrize(
    "images", [plain(0), plain(128), plain(255), noise(), gradient()],
    ids=["black", "grey", "white", "noise", "gradient"],
)  # fmt: skip
def test_nothing_to_follow_is_owned_up_to(make_movie, job_for, run, images):
    job = job_for(make_movie(images=images), settings=SETTINGS)
    run(job)
    track = sound_track(job, COUNT)
    assert max(frame.confidence for frame in track.frames) < 0.3
    (weak,) = report_of(Path(job.output))["figures"]["weak_ranges"]
    assert (weak["first"], weak["last"]) == (0, COUNT - 1) and weak["suggestion"]


@pytest.mark.parametrize("pitch", [0, 55], ids=["landscape", "only clouds"])
def test_what_is_sure_is_right(make_movie, job_for, run, pitch):
    images, true = filmed(0.6, pitch)
    job = job_for(make_movie(images=images), settings=replace(SETTINGS, focal_length=200 / 256 * 36))
    run(job)
    track = sound_track(job, COUNT)
    errors = corner_errors(
        [np.array(frame.homography) for frame in track.frames], [Truth(0, h) for h in true], 256, 144
    )
    for frame, error in zip(track.frames, errors.per_frame, strict=True):
        assert error < 2 or frame.confidence < 0.3
    if pitch == 0:
        assert min(frame.confidence for frame in track.frames) > 0.6


def test_one_frame_stands_still(make_movie, job_for, run):
    job = job_for(make_movie(images=1), settings=SETTINGS)
    run(job)
    (frame,) = sound_track(job, 1).frames
    assert np.allclose(frame.rotation, np.eye(3)) and frame.confidence == 1


def test_a_hundred_cuts(make_movie, job_for, run):
    random = np.random.default_rng(5)
    shots = []
    for _ in range(100):
        ground = cv2.GaussianBlur(random.integers(0, 256, (48, 64, 3), np.uint8), (0, 0), 1.2)
        ground[:16] = (150, 180, 225)
        shots += [ground, ground]
    job = job_for(make_movie(images=shots), settings=SETTINGS)
    run(job)
    track = sound_track(job, 200)
    for index in range(0, 200, 2):
        # A shot of two frames is a shot, or it was held for something before the lens: then it is no sure one.
        assert index == 0 or track.frames[index].source == "cut" or track.frames[index].confidence < 0.3


@pytest.mark.parametrize("focal", [0.0, -5.0, float("nan"), float("inf")])
def test_impossible_focal_lengths_are_refused(make_movie, job_for, focal):
    job = job_for(make_movie(images=2))
    with pytest.raises(ValueError, match="focal"):
        replace(SETTINGS, focal_length=focal)
    text = job.to_json().replace('"focal_length": null', f'"focal_length": {json.dumps(focal)}')
    assert json.dumps(focal) in text
    with pytest.raises(SkyarError, match=r"focal|finite|number"):
        parse_job(text.encode())


@pytest.mark.parametrize("focal", ["0", "-5", "nan", "inf", "wide"])
def test_impossible_focal_lengths_on_the_command_line(make_movie, tmp_path, focal):
    output = tmp_path / "track.json"
    reported = skyar("track", make_movie(images=2), "--output", output, f"--focal-length={focal}")
    assert reported.returncode == 2 or reported.returncode == 4, reported.stderr
    assert "focal" in reported.stderr.lower() and "Traceback" not in reported.stderr
    assert not output.exists()
