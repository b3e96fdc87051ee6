# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks of the artist in a job: always right in their frames, reruns safe, mistakes told before anything is made."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from support.clips import landscape
from support.jobs import digests, report_of, skyar

from skyar_blender.contract.correction import Correction
from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Clip, Settings
from skyar_blender.engine.media.images import read_matte_png
from skyar_blender.engine.media.masks import placed, read_mask

COUNT = 8
HEIGHT, WIDTH = 96, 160
#: Sky in the clip, and ground, to be marked as what they are not.
ABOVE = (slice(10, 30), slice(20, 60))
BELOW = (slice(80, 88), slice(20, 40))


def write(path: Path, pixels: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels)
    return path


def mask(path: Path, part: tuple[slice, slice] = ABOVE, scale: int = 1) -> Path:
    """White in ``part``; an image ``scale`` times the size of the clip."""
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    pixels[part] = 255
    return write(path, np.kron(pixels, np.ones((scale, scale), np.uint8)))


@pytest.fixture
def job(make_movie, job_for):
    def make(*corrections: Correction, **changes: object):
        job = job_for(make_movie(images=COUNT), until="matte", **changes)
        return replace(
            job, settings=Settings(quality="draft", matte_method="adaptive", corrections=list(corrections))
        )

    return make


def mattes(job) -> list[np.ndarray]:
    return [read_matte_png(path) / 65535 for path in sorted(Path(job.output, "matte").iterdir())]


def test_a_mask_holds_in_its_frames(job, run, tmp_path):
    marked = job(Correction(path=str(mask(tmp_path / "m.png", BELOW)), truth="sky", first=3, last=5))
    run(marked)
    found = mattes(marked)
    assert all((found[index][BELOW] == 1).all() for index in (3, 4, 5))
    assert all(found[index][BELOW].mean() < 0.2 for index in (0, 1, 2, 6, 7))


@pytest.mark.parametrize("scale", [1, 3])
def test_masks_of_another_size_are_scaled(job, run, tmp_path, scale):
    below = (slice(80, 92), slice(20, 60))
    marked = job(
        Correction(path=str(mask(tmp_path / "sky.png", below, scale)), truth="sky"),
        Correction(path=str(mask(tmp_path / "keep.png", ABOVE, scale)), truth="not_sky"),
    )
    run(marked)
    for found in mattes(marked):
        assert (found[81:91, 21:59] == 1).all()
        assert (found[11:29, 21:59] == 0).all()


def test_one_image_per_frame(job, run, tmp_path):
    parts = [(slice(80, 86), slice(10 + 20 * index, 25 + 20 * index)) for index in range(3)]
    names = [mask(tmp_path / "masks" / f"{index}.png", part).name for index, part in enumerate(parts)]
    marked = job(Correction(path=str(tmp_path / "masks"), truth="sky", first=2, files=names))
    run(marked)
    found = mattes(marked)
    for index, part in enumerate(parts):
        assert (found[2 + index][part] == 1).all()
    assert found[4][parts[0]].mean() < 0.9


def test_the_later_correction_is_right(job, run, tmp_path):
    path = str(mask(tmp_path / "m.png"))
    first, second = (Correction(path=path, truth=truth) for truth in ("not_sky", "sky"))
    marked = job(first, second)
    run(marked)
    assert (mattes(marked)[0][ABOVE] == 1).all()


def test_a_frame_shown_twice_has_the_corrections_of_both_times(make_movie, job_for, run, tmp_path):
    clip = Clip(path=str(make_movie(images=4)), order=[0, 1, 2, 1])
    kept = Correction(path=str(mask(tmp_path / "m.png", BELOW)), truth="sky", first=3, last=3)
    marked = replace(
        job_for(clip, until="matte"), settings=Settings(quality="draft", matte_method="adaptive", corrections=[kept])
    )
    run(marked)
    found = mattes(marked)
    assert (found[1][BELOW] == 1).all() and (found[3][BELOW] == 1).all()
    assert found[2][BELOW].mean() < 0.2


@pytest.mark.parametrize("lost", [[3], [5, 6], [1, 2, 4, 8]])
def test_a_rerun_gives_the_same_bytes(job, run, tmp_path, lost):
    names = [
        mask(tmp_path / "masks" / f"{index}.png", (slice(10, 20), slice(10 * index, 60))).name for index in (1, 2, 3)
    ]
    marked = job(Correction(path=str(tmp_path / "masks"), truth="not_sky", first=2, files=names))
    folder = Path(marked.output)
    (folder / "sky").mkdir(parents=True)  # for `digests`
    (folder / "sky").rmdir()
    run(marked)
    (folder / "sky").mkdir()
    expected = digests(folder)
    for number in lost:
        (folder / "matte" / f"{number:06d}.png").unlink()
    run(marked)
    assert digests(folder) == expected
    assert report_of(folder)["stages"]["matte"]["computed"] == len(lost)


def test_other_corrections_do_not_land_on_a_result(job, run, tmp_path):
    plain = job()
    run(plain)
    before = sorted(path.read_bytes() for path in Path(plain.output, "matte").iterdir())
    with pytest.raises(SkyarError) as caught:
        run(job(Correction(path=str(mask(tmp_path / "m.png")), truth="not_sky")))
    assert caught.value.code == ErrorCode.OUTPUT_TAKEN
    assert sorted(path.read_bytes() for path in Path(plain.output, "matte").iterdir()) == before


def test_a_mask_painted_anew_is_no_longer_the_same_job(job, run, tmp_path):
    path = mask(tmp_path / "m.png")
    marked = job(Correction(path=str(path), truth="not_sky"))
    run(marked)
    run(marked)
    mask(path, (slice(10, 12), slice(20, 60)))
    with pytest.raises(SkyarError, match="with a mask that has changed since") as caught:
        run(marked)
    assert caught.value.code == ErrorCode.OUTPUT_TAKEN


def test_masks_that_wait_in_the_output_folder(job, run):
    marked = job(Correction(path="state/masks/a/000001.png", truth="not_sky", first=0, last=1))
    mask(Path(marked.output, "state", "masks", "a", "000001.png"))
    run(marked)
    assert (mattes(marked)[1][ABOVE] == 0).all()
    moved = replace(marked, output=marked.output + " moved")
    shutil.move(marked.output, moved.output)
    (Path(moved.output) / "matte" / "000002.png").unlink()
    run(moved)
    assert (mattes(moved)[1][ABOVE] == 0).all()


def wrong(job, run, *corrections: Correction) -> SkyarError:
    requested = job(*corrections)
    with pytest.raises(SkyarError) as caught:
        run(requested)
    assert not Path(requested.output).exists()
    assert caught.value.what and caught.value.why and caught.value.todo
    return caught.value


def test_a_mask_that_is_not_there(job, run, tmp_path):
    error = wrong(job, run, Correction(path=str(tmp_path / "no.png"), truth="sky"))
    assert error.code == ErrorCode.MASK_UNREADABLE and "no.png" in error.what


def test_a_image_of_a_series_that_is_not_there(job, run, tmp_path):
    mask(tmp_path / "masks" / "0.png")
    error = wrong(job, run, Correction(path=str(tmp_path / "masks"), truth="sky", files=["0.png", "1.png"]))
    assert error.code == ErrorCode.MASK_UNREADABLE and "1.png" in error.what


def test_a_mask_that_is_no_image(job, run, tmp_path):
    (tmp_path / "m.png").write_text("white")
    error = wrong(job, run, Correction(path=str(tmp_path / "m.png"), truth="sky"))
    assert error.code == ErrorCode.MASK_UNREADABLE


@pytest.mark.parametrize("frames", [{"first": COUNT}, {"first": 2, "last": COUNT}, {"last": 500}])
def test_frames_that_the_job_does_not_have(job, run, tmp_path, frames):
    error = wrong(job, run, Correction(path=str(mask(tmp_path / "m.png")), truth="sky", **frames))
    assert error.code == ErrorCode.BAD_JOB and f"0 to {COUNT - 1}" in error.why


def test_a_mask_that_marks_nothing_is_told(job, run, tmp_path):
    write(tmp_path / "m.png", np.full((HEIGHT, WIDTH), 127, np.uint8))
    reported = run(job(Correction(path=str(tmp_path / "m.png"), truth="sky")))
    assert [event.code for event in reported if getattr(event, "code", "") == "empty_mask"] == ["empty_mask"]


def test_kinds_of_images(tmp_path):
    white = np.full((4, 6), 255, np.uint8)
    transparent = np.dstack([white] * 3 + [np.tile(np.array([0, 255], np.uint8), (4, 3))])
    assert read_mask(write(tmp_path / "grey.png", white)).min() == 1
    assert read_mask(write(tmp_path / "deep.png", np.full((4, 6), 65535, np.uint16))).min() == 1
    assert read_mask(write(tmp_path / "colour.png", np.dstack([white] * 3))).min() == 1
    np.testing.assert_array_equal(read_mask(write(tmp_path / "alpha.png", transparent)), np.tile([0.0, 1.0], (4, 3)))


def test_a_mask_in_its_place():
    """The clip fills the right half of the mask, upside down."""
    drawn = np.zeros((40, 80), np.float32)
    drawn[30:, 40:60] = 1
    found = placed(drawn, (20, 20), [0.5, 0, 0.5, 0, -1, 1])
    expected = np.zeros((20, 20))
    expected[:5, :10] = 1
    np.testing.assert_array_equal(found >= 0.5, expected >= 0.5)
    beyond = placed(np.ones((40, 80), np.float32), (20, 20), [1, 0, 0.5, 0, 1, 0])
    np.testing.assert_array_equal(beyond >= 0.5, np.tile(np.arange(20) < 10, (20, 1)))


def test_the_command_line(tmp_path, make_movie):
    clip = make_movie(images=COUNT)
    image = mask(tmp_path / "it's: 1-2.png")
    for index in range(3):
        mask(tmp_path / "masks" / f"{index}.png")
    command = ["matte", str(clip), "--quality", "draft", "--output", str(tmp_path / "out")]
    command += ["--keep-mask", str(image), "--sky-mask", f"{tmp_path / 'masks'}:2-4"]
    ended = skyar(*command)
    assert ended.returncode == 0, ended.stderr
    stored = json.loads((tmp_path / "out" / "job.json").read_text())["settings"]["corrections"]
    assert [one["truth"] for one in stored] == ["sky", "not_sky"]
    assert stored[0]["files"] == ["0.png", "1.png", "2.png"]
    assert (stored[0]["first"], stored[0]["last"]) == (2, 4)
    assert stored[1]["path"] == str(image)
    ended = skyar(*command[:-2], "--sky-mask", f"{tmp_path / 'masks'}:2-5")
    assert ended.returncode == 2
    assert "3 pictures for 4 frames" in ended.stderr


@pytest.mark.parametrize(
    ("text", "path", "frames"),
    [
        (r"C:\masks\a.png", r"C:\masks\a.png", (None, None)),
        (r"C:\masks\a.png:3-7", r"C:\masks\a.png", (3, 7)),
        ("C:3-7", "C", (3, 7)),
        ("a.png:7", "a.png:7", (None, None)),
        ("a:b.png:0-0", "a:b.png", (0, 0)),
    ],
)
def test_paths_with_colons(text, path, frames, tmp_path, monkeypatch):
    from skyar_blender.worker.cli.masks import corrections_from

    monkeypatch.chdir(tmp_path)
    (found,) = corrections_from([text], None)
    assert found.path == str(tmp_path / path)
    assert (found.first, found.last) == frames


def test_the_landscape_of_these_tests_is_sky_where_it_is_marked():
    assert landscape(0, WIDTH, HEIGHT)[ABOVE][..., 2].min() > 150
