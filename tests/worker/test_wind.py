# SPDX-License-Identifier: GPL-3.0-or-later
"""The new sky drifts with the wind that was asked for, and stands still without."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from support.jobs import report_of

from skyar_blender.contract.job import Clip, Settings, Sky
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.engine.media.exr import read_exr
from skyar_blender.engine.media.images import write_png
from skyar_blender.worker.stages.sky import seconds_of

COUNT = 5


@pytest.fixture
def clouds(tmp_path) -> Sky:
    """A panorama that is different in every direction."""
    noise = np.random.default_rng(4).random((90, 180)).astype(np.float32)
    soft = cv2.GaussianBlur(np.hstack([noise, noise, noise]), (0, 0), 3)[:, 180:360]
    grey = cv2.resize((soft - soft.min()) / np.ptp(soft), (720, 360), interpolation=cv2.INTER_CUBIC)
    path = tmp_path / "clouds.png"
    write_png(path, np.repeat(np.clip(60 + 180 * grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2))
    return Sky(source=str(path), kind="panorama")


def skies(job, run) -> list[np.ndarray]:
    run(job)
    folder = OutputFolder(Path(job.output))
    return [read_exr(folder.sky(index + 1)) for index in range(COUNT)]


def settings(wind: float) -> Settings:
    return Settings(quality="draft", matte_method="adaptive", motion="STATIC", previews=False, wind=wind)


def test_without_wind_a_locked_off_camera_sees_one_sky(make_movie, job_for, run, clouds):
    first, *others = skies(job_for(make_movie(images=COUNT), sky=clouds, settings=settings(0.0)), run)
    assert all(np.array_equal(first, other) for other in others)


@pytest.mark.parametrize("wind", [40.0, -40.0])
def test_the_sky_drifts_to_the_right_by_so_many_degrees_a_second(make_movie, job_for, run, clouds, wind):
    job = job_for(make_movie(images=COUNT), sky=clouds, settings=settings(wind))
    first, *_, last = (np.log1p(sky).mean(axis=2) for sky in skies(job, run))
    rate = 24
    focal = report_of(Path(job.output))["figures"]["focal_length_mm"] / 36 * first.shape[1]
    expected = focal * np.tan(np.radians(wind * (COUNT - 1) / rate))
    window = cv2.createHanningWindow(first.shape[::-1], cv2.CV_32F)
    (found, _), _ = cv2.phaseCorrelate(first.astype(np.float32), last.astype(np.float32), window)
    assert found == pytest.approx(expected, rel=0.2)


@pytest.mark.parametrize(("order", "seconds"), [([0, 1, 3, 4, 5], 5 / 30), (None, 5 / 24)])
def test_sky_keeps_the_movies_time_where_the_rates_differ(order, seconds):
    """Of a movie with 30 frames a second in a scene of 24."""
    job = SimpleNamespace(clip=Clip(path="clip.mp4", rate="24", order=order))
    shot = SimpleNamespace(sources=[0, 1, 3, 4, 5], job=job, reader=SimpleNamespace(own_rate=Fraction(30)))
    assert seconds_of(shot, SimpleNamespace(fps=24.0), 4) == pytest.approx(seconds)
