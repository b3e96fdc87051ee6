# SPDX-License-Identifier: GPL-3.0-or-later
"""Two shots that dissolve into one another: the mattes, skies and lights of both do so too."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from support.clips import landscape, landscape_matte
from support.jobs import report_of

from skyar_blender.contract.layout import OutputFolder
from skyar_blender.engine.composite.dissolve import weight_of
from skyar_blender.engine.media.exr import read_exr
from skyar_blender.engine.media.images import read_matte_png

#: Frames before, within and after the dissolve.
BEFORE, WITHIN, AFTER = 8, 5, 8


def second(image: np.ndarray) -> np.ndarray:
    """Of a frame that of another place: coarser, mirrored, its skyline higher up."""
    lower = cv2.resize(image[16:, ::-1], image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(lower, image.dtype)


def test_what_is_sky_dissolves_with_the_shots(make_movie, job_for, run):
    fractions = np.concatenate([np.zeros(BEFORE), np.arange(1, WITHIN + 1) / (WITHIN + 1), np.ones(AFTER)])
    images, shots, mattes = [], [], []
    for index, fraction in enumerate(fractions):
        one, other = landscape(index, pan=1.0), second(landscape(150 + index, pan=1.0))
        shots.append((one, other))
        images.append(np.rint((1 - fraction) * one.astype(np.float32) + fraction * other).astype(np.uint8))
        mattes.append(
            (landscape_matte(index, pan=1.0) / 65535, second(landscape_matte(150 + index, pan=1.0)) / 65535)
        )
    job = job_for(make_movie(images=images))
    run(job)
    folder = OutputFolder(Path(job.output))
    report = report_of(folder.root)
    assert report["figures"]["dissolves"] == [{"first": BEFORE, "last": BEFORE + WITHIN - 1}]
    for index in range(BEFORE, BEFORE + WITHIN):
        found = read_matte_png(folder.matte(index + 1)) / 65535
        one, other = mattes[index]
        both, neither = (one > 0.99) & (other > 0.99), (one < 0.01) & (other < 0.01)
        assert np.mean(found[both] > 0.9) > 0.95 and np.mean(found[neither] < 0.1) > 0.95
        alone = (one > 0.99) & (other < 0.01)
        weight = weight_of(*shots[index], float(fractions[index]))
        assert np.median(np.abs(found - weight)[alone]) < 0.05
    whole = [read_matte_png(folder.matte(number + 1)).mean() for number in (BEFORE - 1, BEFORE + WITHIN)]
    between = [read_matte_png(folder.matte(number + 1)).mean() for number in range(BEFORE, BEFORE + WITHIN)]
    assert all(min(whole) * 0.95 <= each <= max(whole) * 1.05 for each in between)
    skies = [read_exr(folder.sky(number + 1)).mean() for number in range(BEFORE + WITHIN)]
    assert np.abs(np.diff(skies[BEFORE - 1 :])).max() < 0.2 * np.mean(skies)
    stops = [frame["light"]["stops"] for frame in report["frames"]]
    assert stops == sorted(stops) or stops == sorted(stops, reverse=True)
