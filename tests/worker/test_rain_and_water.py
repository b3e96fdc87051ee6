# SPDX-License-Identifier: GPL-3.0-or-later
"""Rain and reflections: made where they are wanted, and only there; a later run may want them first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from support.jobs import under_other_sky

from skyar_blender.contract.job import Clip, Look
from skyar_blender.engine.media.exr import read_plate

COUNT = 4


@pytest.fixture
def plain(make_movie, job_for, run):
    job = job_for(make_movie(images=COUNT))
    run(job)
    return job


def files(folder: Path, kind: str) -> int:
    return sum(1 for _ in (folder / kind).glob("[0-9]*"))


def preview(folder: Path) -> np.ndarray:
    with av.open(str(folder / "preview.mp4")) as movie:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in movie.decode(video=0)]).astype(float)


def test_not_wanted_not_made(plain):
    folder = Path(plain.output)
    assert not (folder / "rain").exists() and not (folder / "reflection").exists()


@pytest.mark.parametrize(("look", "kind"), [({"rain": 0.8}, "rain"), ({"reflections": 1.0}, "reflection")])
def test_a_later_run_makes_them(plain, run, tmp_path, look, kind):
    output = tmp_path / "wet"
    job = under_other_sky(plain, output, plain.sky, Look(**look), previews=True)
    run(job)
    assert files(output, kind) == (COUNT if kind == "reflection" else 32)
    if kind == "reflection":
        gain, fraction = read_plate(output / kind / "000001.exr")
        assert np.isfinite(gain).all() and fraction.min() >= 0 and fraction.max() <= 1
    else:
        assert np.abs(preview(output) - preview(Path(plain.output))).mean() > 0.5
    # A rerun makes what was lost, and nothing else.
    lost = output / kind / ("000002.exr" if kind == "reflection" else "000002.png")
    before, other = lost.read_bytes(), (output / "sky" / "000001.exr").stat().st_mtime_ns
    lost.unlink()
    run(job)
    assert lost.read_bytes() == before and (output / "sky" / "000001.exr").stat().st_mtime_ns == other


def test_frames_that_show_the_same_source_share_a_mirror(make_movie, job_for, run):
    clip = Clip(path=str(make_movie(images=COUNT)), order=[0, 0, 1, 3, 1])
    job = job_for(clip)
    run(replace(job, settings=replace(job.settings, look=Look(reflections=1.0))))
    folder = Path(job.output) / "reflection"
    first, again, second, _, back = [(folder / f"{number:06d}.exr").read_bytes() for number in range(1, 6)]
    assert first == again and second == back and first != second
