# SPDX-License-Identifier: GPL-3.0-or-later
"""A 360-degree clip: found by its file's word, matted, turned along and laid on in all directions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.clips import say_spherical
from support.jobs import report_of

from skyar_blender.common.rain import PICTURES
from skyar_blender.contract.errors import SkyarError
from skyar_blender.contract.job import Look
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.contract.track_file import Track
from skyar_blender.engine.media.exr import read_exr, read_plate
from skyar_blender.engine.media.images import read_matte_png
from skyar_blender.engine.media.movie import MovieReader
from skyar_blender.engine.media.spherical import photograph_is_spherical
from skyar_blender.worker.track_grid import write_grid

WIDTH, HEIGHT, STEP = 384, 192, 6


def around(index: int) -> tuple[np.ndarray, np.ndarray]:
    """A place whose camera turns to the right, and its matte; both ends are neighbours."""
    rng = np.random.default_rng(5)
    columns, rows = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    angle = columns / WIDTH * 2 * np.pi
    skyline = HEIGHT * (0.47 + 0.05 * np.sin(3 * angle) + 0.02 * np.sin(11 * angle + 1))
    matte = np.clip(skyline - rows + 0.5, 0, 1)
    ground = rng.integers(20, 110, (HEIGHT // 3, WIDTH // 3, 3)).repeat(3, axis=0).repeat(3, axis=1)
    sky = np.array([120, 165, 225]) * (0.75 + 0.5 * rows[..., None] / HEIGHT)
    image = matte[..., None] * sky + (1 - matte[..., None]) * ground
    turned = np.roll(np.clip(np.rint(image), 0, 255).astype(np.uint8), -STEP * index, axis=1)
    return turned, np.roll(matte, -STEP * index, axis=1)


def test_it_is_done_in_all_directions(make_movie, job_for, run):
    frames = [around(index) for index in range(4)]
    clip = say_spherical(make_movie(images=[image for image, _ in frames]))
    job = job_for(clip)
    look = Look(rain=0.5, reflections=1.0)
    run(replace(job, settings=replace(job.settings, look=look)))
    folder = OutputFolder(Path(job.output))
    for number, (_, matte) in enumerate(frames, start=1):
        found = read_matte_png(folder.matte(number)) / 65535
        assert np.abs(found - matte).mean() < 0.02
        assert found[:4].min() > 0.9 and found[-40:].max() < 0.1  # straight up, and far down
        assert np.abs(found[:, 0] - found[:, -1]).mean() < 0.03
    track = Track.from_json(folder.track.read_text())
    assert track.projection == "equirectangular"
    turns = [np.degrees(np.arctan2(frame.rotation[2][0], frame.rotation[2][2])) for frame in track.frames]
    assert np.allclose(turns, np.arange(4) * STEP / WIDTH * 360, atol=0.3)
    first, last = (read_exr(folder.sky(number)) for number in (1, 4))
    assert np.abs(np.roll(first, -3 * STEP, axis=1) - last).mean() < 0.01
    assert np.abs(first[:, 0] - first[:, -1]).max() < 0.05
    preview = MovieReader(str(folder.preview), None)
    assert preview.spherical and preview.count == 4  # players turn about in it
    assert len(list(folder.rain(1).parent.iterdir())) == PICTURES
    write_grid(job, folder.root / "grid.mp4")
    grid = MovieReader(str(folder.root / "grid.mp4"), None)
    assert grid.spherical
    _, drawn = next(grid.frames([2]))
    changed = np.abs(drawn.astype(int) - frames[2][0]).max(axis=2) > 30
    assert changed[HEIGHT // 2 - 1 : HEIGHT // 2 + 1].mean() > 0.8  # the horizon goes all around
    assert changed[: HEIGHT // 2, [0, -1]].any(axis=0).all()  # lines cross the seam
    gain, fraction = read_plate(folder.reflection(1))
    assert np.isfinite(gain).all() and fraction.max() <= 1 and not fraction[:80].any()
    assert report_of(folder.root)["figures"]["coverage_mean"] == pytest.approx(0.47, abs=0.03)


def test_what_cannot_be_is_said_before(make_movie, job_for, run):
    job = job_for(make_movie(images=2))
    with pytest.raises(SkyarError, match="twice as wide"):
        run(replace(job, clip=replace(job.clip, projection="equirectangular")))


def test_photographs_tell_it_by_their_xmp(tmp_path):
    path = tmp_path / "a.jpg"
    whole = b'GPano:ProjectionType="equirectangular" GPano:FullPanoWidthPixels="%d" '
    for width, spherical in ((b"400", True), (b"300", False)):
        path.write_bytes(b"head " + whole % 400 + b'GPano:CroppedAreaImageWidthPixels="' + width + b'"')
        assert photograph_is_spherical(path) is spherical
    path.write_bytes(b"nothing")
    assert not photograph_is_spherical(path)
