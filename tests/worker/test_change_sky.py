# SPDX-License-Identifier: GPL-3.0-or-later
"""Another sky for a finished result: the same as from the beginning, without matting and tracking again."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
import pytest
from support.jobs import report_of, skyar, under_other_sky

from skyar_blender.common.changed_sky import with_other_sky
from skyar_blender.common.sky_library import RAIN
from skyar_blender.contract import events
from skyar_blender.contract.correction import Correction
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Look, Sky
from skyar_blender.engine.media.images import write_png

COUNT = 8
FOUND = ("matte", "track", "plate")


@pytest.fixture
def other_sky(tmp_path: Path) -> Sky:
    """Green above and red below, so that nothing of it is like the first sky."""
    path = tmp_path / "other.png"
    rows = np.linspace(0, 1, 64)[:, None, None]
    pixels = (1 - rows) * np.array([60, 190, 80]) + rows * np.array([220, 60, 40])
    write_png(path, (pixels * np.ones((1, 128, 1))).astype(np.uint8))
    return Sky(source=str(path), rotation=30, raised=4)


def contents(folder: Path) -> dict[str, str]:
    """Digest of every file below ``folder`` but for the log."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".log"
    }


def test_it_is_what_a_run_from_the_beginning_makes(finished, other_sky, run, tmp_path):
    before = contents(Path(finished.output))
    job = under_other_sky(finished, tmp_path / "changed", other_sky, previews=True)
    run(job)
    run(replace(job, output=str(tmp_path / "from the beginning"), reuse=None))
    fast, slow = (report_of(tmp_path / name) for name in ("changed", "from the beginning"))
    for stage in FOUND:
        assert fast["stages"][stage]["reused"] == COUNT
        assert fast["stages"][stage]["computed"] == 0
        assert slow["stages"][stage]["computed"] == COUNT
    assert (fast["figures"]["reused"], slow["figures"]["reused"]) == ("out", None)
    assert 0 < fast["seconds"] < slow["seconds"]
    for name in ("light", "grain", "placement", "sky", "coverage_mean"):
        assert fast["figures"][name] == slow["figures"][name], name
    for kind in ("matte", "plate", "sky", "grain", "track.json"):
        made, expected = ({k: v for k, v in contents(tmp_path / n).items() if k.startswith(kind)} for n in (
            "changed", "from the beginning"))  # fmt: skip
        assert made == expected, kind
    assert contents(Path(finished.output)) == before
    old, new = (contents(Path(folder)) for folder in (finished.output, job.output))
    assert all(old[f"sky/{n:06d}.exr"] != new[f"sky/{n:06d}.exr"] for n in range(1, COUNT + 1))


def test_it_looks_for_no_sky_and_loads_nothing_that_does(finished, other_sky, run, tmp_path, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("the matting method was asked for")

    monkeypatch.setattr("skyar_blender.worker.job.loaded.matting_of", refuse)
    run(under_other_sky(finished, tmp_path / "changed", other_sky))
    with pytest.raises(SkyarError, match="matting method was asked for"):
        run(replace(finished, output=str(tmp_path / "anew")))


def test_the_light_is_that_of_the_images_as_they_are_stored(finished, other_sky, run, tmp_path, monkeypatch):
    job = under_other_sky(finished, tmp_path / "changed", other_sky)
    with monkeypatch.context() as patched:
        patched.delattr("skyar_blender.worker.stages.light.sky_of")  # they need not be read
        run(job)
    from_memory = report_of(tmp_path / "changed")["figures"]["light"]
    (tmp_path / "changed" / "state" / "new_sky.json").unlink()
    run(job)
    assert report_of(tmp_path / "changed")["figures"]["light"] == from_memory


def test_painting_over_one_matte_leaves_the_other_alone(finished, other_sky, run, tmp_path):
    run(under_other_sky(finished, tmp_path / "changed", other_sky))
    mine, theirs = (Path(folder, "matte", "000001.png") for folder in (tmp_path / "changed", finished.output))
    assert mine.stat().st_ino != theirs.stat().st_ino
    before = theirs.read_bytes()
    mine.write_bytes(b"painted over")
    assert theirs.read_bytes() == before


def test_plates_take_no_room_twice_and_either_can_be_made_anew(finished, other_sky, run, tmp_path):
    job = under_other_sky(finished, tmp_path / "changed", other_sky)
    run(job)
    mine, theirs = (Path(folder, "plate", "000001.exr") for folder in (tmp_path / "changed", finished.output))
    assert mine.stat().st_ino == theirs.stat().st_ino
    before = theirs.read_bytes()
    mine.unlink()
    run(job)
    assert mine.read_bytes() == theirs.read_bytes() == before


def test_where_files_cannot_be_shared_they_are_copied(finished, other_sky, run, tmp_path, monkeypatch):
    def link(*_, **__):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", link)
    run(under_other_sky(finished, tmp_path / "changed", other_sky))
    mine, theirs = (Path(folder, "plate", "000001.exr") for folder in (tmp_path / "changed", finished.output))
    assert mine.stat().st_ino != theirs.stat().st_ino and mine.read_bytes() == theirs.read_bytes()


def test_it_makes_no_previews_unless_they_are_wanted(finished, other_sky, run, tmp_path):
    reported = run(under_other_sky(finished, tmp_path / "changed", other_sky))
    assert isinstance(reported[-1], events.Done)
    assert {event.stage for event in reported if isinstance(event, events.Progress)} == {
        *FOUND,
        "second_look",
        "sun",
        "sky",
        "light",
        "grain",
    }
    assert not (tmp_path / "changed" / "preview.mp4").exists()


def test_another_horizon_places_the_sky_anew(finished, run, tmp_path):
    run(under_other_sky(finished, tmp_path / "same", finished.sky))
    run(under_other_sky(finished, tmp_path / "higher", finished.sky, horizon=0.8))
    first, same, higher = (
        report_of(Path(folder))["figures"]["placement"]["shots"][0]
        for folder in (finished.output, tmp_path / "same", tmp_path / "higher")
    )
    assert same == first
    assert higher["horizon_from"] == "setting"
    assert higher["horizon_height"] == pytest.approx(0.8, abs=1e-3)


def test_light_by_hand_is_what_the_report_says(finished, run, tmp_path):
    look = Look(light="manual", tint=[1.5, 1.0, 0.5], light_change=-2.0)
    run(under_other_sky(finished, tmp_path / "by hand", finished.sky, look))
    light = report_of(tmp_path / "by hand")["figures"]["light"][0]
    assert (light["tint"], light["stops"]) == ([1.5, 1.0, 0.5], -2.0)


def test_a_rerun_needs_the_first_result_no_more(finished, other_sky, run, tmp_path):
    job = under_other_sky(finished, tmp_path / "changed", other_sky)
    run(job)
    (tmp_path / "changed" / "sky" / "000003.exr").unlink()
    shutil.rmtree(finished.output)
    run(job)
    stages = report_of(tmp_path / "changed")["stages"]
    assert [stages[name]["computed"] for name in (*FOUND, "sky")] == [0, 0, 0, 1]
    assert report_of(tmp_path / "changed")["figures"]["reused"] == "out"


def test_masks_of_the_job_come_along(make_movie, job_for, run, other_sky, tmp_path):
    job = job_for(make_movie(images=COUNT), until="sky")
    masks = Path(job.output, "state", "masks")
    masks.mkdir(parents=True)
    mask = np.zeros((96, 160), np.uint8)
    mask[80:88, 20:40] = 255
    assert cv2.imwrite(str(masks / "sky.png"), mask)
    marks = [Correction(path="state/masks/sky.png", truth="sky")]
    job = replace(job, settings=replace(job.settings, corrections=marks, previews=False))
    run(job)
    run(under_other_sky(job, tmp_path / "changed", other_sky))
    assert (tmp_path / "changed" / "state" / "masks" / "sky.png").exists()
    assert report_of(tmp_path / "changed")["stages"]["matte"]["computed"] == 0


@pytest.mark.parametrize(
    "spoil",
    ["nothing there", "no job", "another quality", "another part", "clip changed"],
)
def test_what_does_not_fit_is_refused(spoil, finished, other_sky, run, tmp_path):
    job = under_other_sky(finished, tmp_path / "changed", other_sky)
    if spoil == "nothing there":
        job = replace(job, reuse=str(tmp_path / "no such folder"))
    elif spoil == "no job":
        Path(finished.output, "job.json").write_text("[]")
        Path(finished.output, "state", "record.txt").unlink()
    elif spoil == "another quality":
        job = replace(job, settings=replace(job.settings, quality="normal"))
    elif spoil == "another part":
        job = replace(job, clip=replace(job.clip, first=2))
    else:
        with Path(finished.clip.path).open("ab") as file:
            file.write(os.urandom(64))
    with pytest.raises(SkyarError) as caught:
        run(job)
    assert caught.value.code == ErrorCode.BAD_JOB
    assert str(job.reuse) in caught.value.what
    assert caught.value.todo
    assert not (tmp_path / "changed" / "matte").exists()


def test_on_the_command_line(finished, other_sky, tmp_path):
    output = tmp_path / "changed"
    done = skyar("change-sky", finished.output, "--sky", other_sky.source, "--sky-rotation", 30, "--sky-raised", 4,
                 "--light", "horizon", "--output", output)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert report_of(output)["stages"]["track"]["reused"] == COUNT
    again = skyar("change-sky", output, "--sky-mirror", "--output", tmp_path / "mirrored")
    assert again.returncode == 0, again.stderr
    assert report_of(tmp_path / "mirrored")["figures"]["sky"]["name"] == "other.png"
    for folder, word in ((tmp_path / "nowhere", "no result"), (Path(finished.clip.path).parent, "job.json")):
        failed = skyar("change-sky", folder, "--output", tmp_path / "x")
        assert failed.returncode == 2
        assert word in failed.stderr
        assert "Traceback" not in failed.stderr


def test_rain_comes_and_goes_with_a_sky_that_brings_it(job_for, tmp_path):
    job = job_for(tmp_path / "clip.mp4")
    dry, wet = Sky(source="cloudy"), Sky(source="rainy")
    job = replace(job, sky=dry)

    def rain(before, sky, **given):
        return with_other_sky(before, str(tmp_path), str(tmp_path / "out"), sky.source, given).settings.look.rain

    rained_on = with_other_sky(job, str(tmp_path), str(tmp_path / "out"), wet.source)
    assert rained_on.settings.look.rain == RAIN
    assert rain(rained_on, dry) == 0
    assert rain(job, wet, rain=0.0) == 0
    by_hand = replace(job, settings=replace(job.settings, look=Look(rain=0.2)))
    assert rain(by_hand, wet) == rain(by_hand, dry) == 0.2
