# SPDX-License-Identifier: GPL-3.0-or-later
"""Burnt-in graphics and blurred sides stay as they are; the sky around and between them is found all the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from support.clips import landscape, landscape_matte
from support.jobs import report_of

from skyar_blender.contract import events
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.engine.media.images import read_matte_png

COUNT = 9


def with_logo(index: int) -> np.ndarray:
    image = landscape(index, pan=3)
    image[6:26, 110:146] = (200, 30, 30)
    return image


def with_sides(index: int) -> np.ndarray:
    image = landscape(index, pan=3)
    around = cv2.GaussianBlur(cv2.resize(image, None, fx=2, fy=2), (0, 0), 14)[48:144, 80:240]
    around[:, 50:110] = image[:, 50:110]
    return around


def well_in_the_sky(index: int) -> np.ndarray:
    """Where the sky is, some pixels from the skyline, which is not what these tests are about."""
    sky = (landscape_matte(index, pan=3) == 65535).astype(np.uint8)
    return cv2.erode(sky, np.ones((13, 13), np.uint8)) > 0


def mattes_of(job, run) -> tuple[list[str], list[np.ndarray], list[np.ndarray]]:
    """Warnings, mattes and areas of a run, 0..1."""
    reported = run(replace(job, until="matte", sky=None))
    folder = OutputFolder(Path(job.output))
    images = [
        [read_matte_png(path_of(number)) / 65535 for number in range(1, COUNT + 1)]
        for path_of in (folder.matte, folder.area)
    ]
    return [event.code for event in reported if isinstance(event, events.Warning)], *images


def test_a_logo_stays(make_movie, job_for, run):
    job = job_for(make_movie(images=[with_logo(index) for index in range(COUNT)]))
    reported, mattes, areas = mattes_of(job, run)
    assert reported == []
    assert len(report_of(Path(job.output))["figures"]["graphics"]) == 1
    for index in range(COUNT):
        assert areas[index][8:24, 112:144].max() == 0 and mattes[index][8:24, 112:144].max() == 0
        sky = well_in_the_sky(index)
        sky[3:29, 107:149] = False
        assert (mattes[index][sky] > 0.9).mean() > 0.97 and areas[index][sky].min() == 1


def test_blurred_sides_stay(make_movie, job_for, run):
    reported, mattes, areas = mattes_of(
        job_for(make_movie(images=[with_sides(index) for index in range(COUNT)])), run
    )
    assert reported == ["blurred_sides"]
    for index in range(COUNT):
        for image in (mattes[index], areas[index]):
            assert image[:, :48].max() == 0 and image[:, 112:].max() == 0
        sky = well_in_the_sky(index)
        assert (mattes[index][:, 53:107][sky[:, 53:107]] > 0.9).mean() > 0.9
