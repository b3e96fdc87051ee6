# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that nobody wants to meet: of another size, gone, not finite, of one colour, far too bright or dark."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import OpenEXR
import pytest
from support.jobs import report_of, under_other_sky

from skyar_blender.contract import events
from skyar_blender.contract.job import Look, Sky
from skyar_blender.engine.media.exr import read_exr, read_plate

COUNT = 5


def exr(path: Path, pixels: np.ndarray) -> str:
    with OpenEXR.File({"compression": OpenEXR.ZIP_COMPRESSION}, {"RGB": pixels.astype(np.float32)}) as file:
        file.write(str(path))
    return str(path)


def frames(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as movie:
        return [frame.to_ndarray(format="rgb24") for frame in movie.decode(video=0)]


@pytest.mark.parametrize("kind", ["matte", "plate", "sky"])
def test_a_image_of_another_size_is_told_and_made_again(finished, run, kind):
    folder = Path(finished.output)
    for name in ("preview.mp4", "state/new_sky.json"):
        (folder / name).unlink()
    path = next(iter(sorted((folder / kind).iterdir())))
    before = path.read_bytes()
    if kind == "matte":
        assert cv2.imwrite(str(path), np.full((48, 80), 60000, np.uint16))
    else:
        channels = {name: np.full((48, 80), 0.5, np.float16) for name in ("RGBA" if kind == "plate" else "RGB")}
        with OpenEXR.File({}, channels) as file:
            file.write(str(path))
    (reported,) = [
        each for each in run(finished) if isinstance(each, events.Warning) and each.code == "files_damaged"
    ]
    assert path.relative_to(folder).as_posix() in reported.why
    assert path.read_bytes() == before
    assert report_of(folder)["complete"]


def test_plates_that_are_gone_are_made_again(finished, run):
    folder = Path(finished.output)
    lost = [folder / "plate" / f"{number:06d}.exr" for number in (2, 4)]
    before = [path.read_bytes() for path in lost]
    for path in (*lost, folder / "preview.mp4"):
        path.unlink()
    run(finished)
    assert [path.read_bytes() for path in lost] == before
    assert report_of(folder)["stages"]["plate"]["computed"] == 2


@pytest.mark.parametrize("holes", [np.nan, np.inf, -np.inf, 1e30, -5.0], ids=str)
def test_a_sky_with_holes_leaves_none_in_the_result(done, run, tmp_path, holes):
    rows = np.linspace(1.0, 0.2, 32)[:, None, None] * np.array([0.3, 0.5, 0.9])
    image = (rows * np.ones((1, 64, 1))).astype(np.float32)
    image[3:9, ::7] = holes
    image[12, 30:34, 1] = holes
    sky = Sky(source=exr(tmp_path / "holes.exr", image))
    run(under_other_sky(done, tmp_path / "other", sky, previews=True))
    check_sane(tmp_path / "other")


@pytest.mark.parametrize("colour", [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.0, 0.0, 1.0), (65504.0,) * 3], ids=str)
def test_a_sky_of_one_colour(done, run, tmp_path, colour):
    source = exr(tmp_path / "plain.exr", np.ones((32, 64, 3)) * np.array(colour))
    run(under_other_sky(done, tmp_path / "other", Sky(source=source), previews=True))
    check_sane(tmp_path / "other")


@pytest.mark.parametrize("stops", [-20.0, 20.0])
@pytest.mark.parametrize("look", [-10.0, 10.0])
def test_exposure_at_its_limits(done, run, tmp_path, stops, look):
    chosen = Look(sky_exposure=look, foreground_exposure=-look, light_wrap=1.0, haze=1.0, relight=1.0, recolour=1.0)
    sky = replace(done.sky, exposure=stops)
    output = tmp_path / "other"
    run(under_other_sky(done, output, sky, chosen, previews=True))
    check_sane(output)


def check_sane(folder: Path) -> None:
    """All values are finite and not below 0, and there is a whole preview."""
    for number in range(1, COUNT + 1):
        sky = read_exr(folder / "sky" / f"{number:06d}.exr")
        plate, sky_visibility = read_plate(folder / "plate" / f"{number:06d}.exr")
        for image in (sky, plate, sky_visibility):
            assert np.isfinite(image).all() and image.min() >= 0
    light = report_of(folder)["figures"]["light"][0]
    assert np.isfinite([*light["tint"], light["stops"], *light["haze"]]).all()
    assert len(frames(folder / "preview.mp4")) == COUNT
