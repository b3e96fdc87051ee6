# SPDX-License-Identifier: GPL-3.0-or-later
"""On a scene that stands still the light of the foreground stands still too, though every frame has its own noise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.clips import landscape, landscape_matte
from support.jobs import report_of

from skyar_blender.contract.job import Look
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.engine.composite.light import Light
from skyar_blender.engine.composite.look import Layers, composite
from skyar_blender.engine.media.exr import read_exr, read_plate
from skyar_blender.engine.media.images import read_matte_png

COUNT = 12
#: Out of 255; light that follows the mean of each whole frame changes by 0.4 to 0.5.
MOST = 0.2


def noisy(index: int) -> np.ndarray:
    noise = np.random.default_rng(index).normal(0, 4, (96, 160, 3))
    return np.clip(np.rint(landscape(0) + noise), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("light", ["sky", "horizon"])
def test_the_light_does_not_pump(make_movie, job_for, run, light):
    images = [noisy(index) for index in range(COUNT)]
    look = Look(light=light)
    job = job_for(make_movie(images=images))
    run(replace(job, settings=replace(job.settings, look=look)))
    folder = OutputFolder(Path(job.output))
    (found,) = report_of(folder.root)["figures"]["light"]
    shot_light = Light(tuple(found["tint"]), found["stops"], tuple(found["haze"]))
    assert abs(shot_light.stops) > 0.1  # or there is nothing that could pump
    ground = landscape_matte(0) == 0
    means = []
    for number, image in enumerate(images, start=1):
        matte = read_matte_png(folder.matte(number)).astype(np.float32) / 65535
        layers = Layers(matte, read_exr(folder.sky(number)), *read_plate(folder.plate(number)))
        means.append(composite(image, layers, look, shot_light)[ground].mean())
    assert np.abs(np.diff(means)).max() <= MOST
