# SPDX-License-Identifier: GPL-3.0-or-later
"""The new sky turns so that its sun stands where the shot's light comes from, or the person is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from support.jobs import report_of, under_other_sky

from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Settings, Sky
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.engine.media.exr import read_exr, write_exr
from skyar_blender.engine.sun.estimate import Sun
from skyar_blender.worker.stages import sun as sun_stage

COUNT = 3
SETTINGS = Settings(quality="draft", matte_method="adaptive", motion="STATIC", previews=False)
#: Where the sun stands in the test's sky, degrees right of its middle and up.
AZIMUTH, ELEVATION = -70.0, 12.0


def sky_with_sun(path: Path, azimuth: float | None) -> Sky:
    """Grey, with a small sun."""
    panorama = np.full((256, 512, 3), 0.3, np.float32)
    if azimuth is not None:
        at = (round((azimuth / 360 + 0.5) * 512), round((0.5 - ELEVATION / 180) * 256))
        cv2.circle(panorama, at, 2, (4000.0,) * 3, -1)
        panorama = cv2.GaussianBlur(panorama, (0, 0), 1.0)
    write_exr(path, panorama)
    return Sky(source=str(path))


@pytest.fixture
def job(make_movie, job_for, tmp_path):
    return job_for(make_movie(images=COUNT), sky=sky_with_sun(tmp_path / "sun.exr", AZIMUTH), settings=SETTINGS)


def seen_at(output: str) -> float:
    """Degrees right of the middle of the first frame where the new sky is brightest."""
    image = read_exr(OutputFolder(Path(output)).sky(1)).mean(axis=2)
    _row, column = np.unravel_index(int(image.argmax()), image.shape)
    focal = report_of(Path(output))["figures"]["focal_length_mm"] / 36 * image.shape[1]
    return float(np.degrees(np.arctan((column + 0.5 - image.shape[1] / 2) / focal)))


def warnings(reported: list[events.Event]) -> set[str]:
    return {event.code for event in reported if isinstance(event, events.Warning)}


@pytest.mark.parametrize("light_from", [0.0, -14.0, 371.0])
@pytest.mark.parametrize("mirror", [False, True])
def test_the_sun_comes_to_where_the_light_is_said_to_come_from(job, run, light_from, mirror):
    sky = replace(job.sky, aim_sun=True, light_from=light_from, mirror=mirror, rotation=33.0)
    # Aiming comes first, the artist's own turn goes on from there.
    reported = run(replace(job, sky=sky, output=job.output + "33"))
    turned = report_of(Path(job.output + "33"))["figures"]["sun"]
    assert (turned["new_sun_at"] - light_from - 33 + 180) % 360 - 180 == pytest.approx(0, abs=1.5)
    run(replace(job, sky=replace(sky, rotation=0.0)))
    assert seen_at(job.output) == pytest.approx((light_from + 180) % 360 - 180, abs=1.5)
    assert not warnings(reported) & {"no_sun_to_aim", "light_not_sure"}


@pytest.mark.parametrize(
    ("light_from", "apart"), [(AZIMUTH + 40, False), (AZIMUTH + 50, True), (AZIMUTH - 130, True)]
)
def test_a_sun_far_from_the_light_is_told_but_left(job, run, light_from, apart):
    reported = run(replace(job, sky=replace(job.sky, light_from=light_from)))
    assert ("sun_apart" in warnings(reported)) == apart
    figures = report_of(Path(job.output))["figures"]["sun"]
    assert figures["new_sun_at"] == pytest.approx(AZIMUTH, abs=1.5) and figures["turned"] == 0


def test_a_sky_without_a_sun_says_so(job, run, tmp_path):
    reported = run(
        replace(job, sky=replace(sky_with_sun(tmp_path / "grey.exr", None), aim_sun=True, light_from=20.0))
    )
    assert "no_sun_to_aim" in warnings(reported)
    assert report_of(Path(job.output))["figures"]["sun"]["new_sun_at"] is None


def test_light_that_is_found_is_looked_for_once(job, run, tmp_path, monkeypatch):
    looked = []

    def found(frames):
        looked.append(len(list(frames)))
        return Sun(9.0, 0.2, False)

    monkeypatch.setattr(sun_stage, "find_sun", found)
    reported = run(job)
    assert looked == [COUNT]
    assert not warnings(reported) & {"sun_apart", "light_not_sure"}  # what is not sure disturbs nobody
    aimed = replace(job.sky, aim_sun=True)
    other = under_other_sky(job, tmp_path / "changed", aimed)
    assert "light_not_sure" in warnings(run(other))
    assert looked == [COUNT]
    assert seen_at(other.output) == pytest.approx(9.0, abs=1.5)


def test_without_the_weights_only_aiming_fails(job, run, monkeypatch):
    def broken(frames):
        raise SkyarError(ErrorCode.WEIGHTS_MISSING, "No weights.", "They are gone.", "Install SkyAR again.")

    monkeypatch.setattr(sun_stage, "find_sun", broken)
    assert "light_unknown" in warnings(run(job))
    assert report_of(Path(job.output))["figures"]["sun"] is None
    with pytest.raises(SkyarError, match="No weights"):
        run(replace(job, sky=replace(job.sky, aim_sun=True), output=job.output + " aimed"))


def test_what_is_found_is_in_the_report(job, run):
    run(job)
    figures = report_of(Path(job.output))["figures"]["sun"]
    assert -180 <= figures["light_from"] <= 180 and 0 <= figures["confidence"] <= 1
    assert figures["sure"] in (True, False) and figures["given"] is False


def test_the_sky_is_turned_alike_where_a_run_was_cut_off(job, run):
    job = replace(job, sky=replace(job.sky, aim_sun=True))
    run(job)
    path = OutputFolder(Path(job.output)).sky(2)
    whole = path.read_bytes()
    path.unlink()
    run(job)
    assert path.read_bytes() == whole
