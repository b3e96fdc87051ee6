# SPDX-License-Identifier: GPL-3.0-or-later
"""After a cut the new sky goes on: by a place that is seen again, or by where the light of both shots comes from."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from support.clips import place
from support.jobs import report_of

from skyar_blender.contract.job import Settings
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.contract.track_file import Track
from skyar_blender.engine.sky.placement import drifted
from skyar_blender.engine.sun.estimate import Sun
from skyar_blender.worker.stages import sun as sun_stage

#: Frames of each shot: more than a second of them, so that none is a cover.
COUNT = 4


@pytest.fixture
def job(make_movie, job_for):
    shots = [place(seed, 320, 192) for seed in (1, 2, 1)]
    clip = make_movie(images=[image for image in shots for _ in range(COUNT)], rate=Fraction(3))
    return job_for(clip, settings=Settings(matte_method="adaptive", previews=False))


def facing(output: str) -> list[tuple[str, int | None]]:
    shots = report_of(Path(output))["figures"]["placement"]["shots"]
    return [(shot["heading_from"], shot["heading_of"]) for shot in shots]


def world(output: str) -> list[np.ndarray]:
    track = Track.from_json(OutputFolder(Path(output)).track.read_text())
    assert track.world is not None
    return [np.array(each) for each in track.world]


@pytest.mark.parametrize("sure", [True, False])
def test_a_shot_goes_on_by_its_place_or_by_its_light(job, run, monkeypatch, sure):
    suns = iter([Sun(10.0, 0.9, True), Sun(50.0, 0.9, sure)])
    looked = []

    def found(frames):
        looked.append(len(list(frames)))
        return next(suns)

    monkeypatch.setattr(sun_stage, "find_sun", found)
    run(job)
    assert looked == [2 * COUNT, COUNT]
    assert facing(job.output) == [("middle", None), ("light" if sure else "middle", None), ("place", 0)]
    first, second, third = world(job.output)
    np.testing.assert_allclose(third, first, atol=1e-3)
    azimuth = np.degrees(np.arctan2(second[2, 0], second[2, 2]))
    assert azimuth == pytest.approx(-40.0 if sure else 0.0, abs=0.1)
    # A resumed run faces alike, and so does one under light that the artist gives, which begins from there.
    OutputFolder(Path(job.output)).sky(COUNT + 1).unlink()
    run(job)
    np.testing.assert_allclose(world(job.output)[1], second)
    if sure:
        other = replace(job, sky=replace(job.sky, light_from=30.0), output=job.output + " given", reuse=job.output)
        run(other)
        np.testing.assert_allclose(world(other.output)[1], drifted(second, -20.0), atol=1e-9)
    assert looked == [2 * COUNT, COUNT]
