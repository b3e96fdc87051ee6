# SPDX-License-Identifier: GPL-3.0-or-later
"""A sky that moves, a movie or drifting clouds, goes by its own clock, whatever the clip's rate."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from skyar_blender.contract.job import Settings, Sky
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.engine.media.exr import encode_exr, read_exr

COUNT = 6
GREYS = range(40, 240, 10)


@pytest.fixture
def brightening(tmp_path: Path) -> Path:
    """Ten images a second, each a little brighter than the one before."""
    path = tmp_path / "brightening.mkv"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("ffv1", rate=Fraction(10))
        stream.width, stream.height, stream.pix_fmt = 128, 64, "bgr0"
        for grey in GREYS:
            image = av.VideoFrame.from_ndarray(np.full((64, 128, 3), grey, np.uint8), format="rgb24")
            container.mux(stream.encode(image.reformat(format="bgr0")))
        container.mux(stream.encode(None))
    return path


def _linear(codes: np.ndarray) -> np.ndarray:
    return ((codes / 255 + 0.055) / 1.055) ** 2.4


@pytest.mark.parametrize(("start", "speed"), [(0.0, 1.0), (0.3, 1.0), (0.0, 2.0), (0.4, 0.0)])
def test_each_frame_sees_the_moment_it_is_shown(make_movie, job_for, run, brightening, start, speed):
    sky = Sky(source=str(brightening), start=start, speed=speed)
    settings = Settings(quality="draft", matte_method="adaptive", motion="STATIC", previews=False)
    job = job_for(make_movie(images=COUNT, rate=Fraction(24)), sky=sky, settings=settings)
    run(job)
    folder = OutputFolder(Path(job.output))
    seen = [float(read_exr(folder.sky(index + 1)).mean()) for index in range(COUNT)]
    moments = start + speed * np.arange(COUNT) / 24
    assert seen == pytest.approx(np.interp(moments * 10, np.arange(len(GREYS)), _linear(np.array(GREYS))), rel=0.03)


@pytest.fixture
def drifting(tmp_path: Path) -> Path:
    """A panorama of stripes that a fast wind moves."""
    columns = np.broadcast_to(0.4 + 0.2 * np.sin(np.arange(256) / 4)[None, :, None], (128, 256, 3))
    path = tmp_path / "stripes.exr"
    path.write_bytes(encode_exr(np.asarray(columns, np.float32)))
    drift = "[drift]\nheading = 70.0\nspeed = 400.0\nheight = 800.0\nseconds = 12.0\n"
    path.with_suffix(".toml").write_text(f"mean_luminance = 0.4\n{drift}", encoding="utf-8")
    return path


@pytest.mark.parametrize("lost", [(1, 2), (3, 6), (1, 2, 3, 4, 5, 6)])
def test_clouds_drift_behind_a_tripod_and_what_is_made_again_is_the_same(make_movie, job_for, run, drifting, lost):
    settings = Settings(quality="draft", matte_method="adaptive", motion="STATIC", previews=False)
    job = job_for(make_movie(images=COUNT, rate=Fraction(24)), sky=Sky(source=str(drifting)), settings=settings)
    run(job)
    folder = OutputFolder(Path(job.output))
    made = [folder.sky(index + 1).read_bytes() for index in range(COUNT)]
    assert len(set(made)) == COUNT
    for number in lost:
        folder.sky(number).unlink()
    run(job)
    assert [folder.sky(index + 1).read_bytes() for index in range(COUNT)] == made
