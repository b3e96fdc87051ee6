# SPDX-License-Identifier: GPL-3.0-or-later
"""A clip whose pixels are not square: the new sky has the geometry of the image as it is shown."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from support.clips import landscape, write_movie
from support.jobs import report_of

from skyar_blender.contract.job import Settings
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.contract.track_file import Track
from skyar_blender.engine.media.exr import read_exr
from skyar_blender.engine.media.movie import MovieReader
from skyar_blender.engine.media.movie_writer import MovieWriter

SQUEEZED = 120


@pytest.fixture
def anamorphic(tmp_path: Path) -> Path:
    """The landscape in pixels of 4:3."""
    path = tmp_path / "anamorphic.mp4"
    with MovieWriter(path, SQUEEZED, 96, Fraction(24), None, Fraction(4, 3)) as movie:
        for _ in range(2):
            movie.write(np.asarray(cv2.resize(landscape(0), (SQUEEZED, 96), interpolation=cv2.INTER_AREA), np.uint8))
    return path


def test_the_new_sky_is_that_of_the_image_as_shown(anamorphic, make_movie, job_for, run, tmp_path):
    settings = Settings(quality="draft", matte_method="adaptive", motion="STATIC", horizon=0.4)
    skies = []
    for name, clip in (("square", make_movie(images=2)), ("squeezed", anamorphic)):
        job = replace(job_for(clip), settings=settings, output=str(tmp_path / name))
        run(job)
        folder = OutputFolder(Path(job.output))
        track = Track.from_json(folder.track.read_text())
        assert (track.width, track.height) == (160, 96)
        skies.append(read_exr(folder.sky(1)))
    assert report_of(folder.root)["clip"]["width"] == SQUEEZED
    assert skies[1].shape == (96, SQUEEZED, 3)
    expected = cv2.resize(skies[0], (SQUEEZED, 96), interpolation=cv2.INTER_AREA)
    assert np.abs(skies[1] - expected).max() < 0.01
    assert MovieReader(str(folder.preview), None).pixel_aspect == Fraction(4, 3)


@pytest.mark.parametrize("rotation", [0, 90])
def test_turned_clips_have_turned_pixels(tmp_path, anamorphic, rotation):
    path = write_movie(tmp_path / "turned.mp4", [landscape(0)] * 2, rotation=rotation, pixel_aspect=Fraction(4, 3))
    assert MovieReader(str(path), None).pixel_aspect == (Fraction(3, 4) if rotation else Fraction(4, 3))
    assert MovieReader(str(anamorphic), None).pixel_aspect == Fraction(4, 3)
