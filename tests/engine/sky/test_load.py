# SPDX-License-Identifier: GPL-3.0-or-later
"""Skies of a job, by name or by path."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Sky
from skyar_blender.engine.media.exr import write_exr
from skyar_blender.engine.media.images import write_png
from skyar_blender.engine.sky import load
from skyar_blender.engine.sky.flat import FlatSky
from skyar_blender.engine.sky.load import WIDEST, load_sky, wide_enough
from skyar_blender.engine.sky.metadata import WANTED_LEVEL, measure, normalising_stops
from skyar_blender.engine.sky.panorama import PanoramaSky


def _grey(path: Path, value: float, height: int = 64, width: int = 128) -> str:
    write_exr(path, np.full((height, width, 3), value, np.float32))
    return str(path)


def _ahead(source: str, **options: object) -> np.ndarray:
    image = load_sky(Sky(source=source, **options)).image  # type: ignore[arg-type]
    return image.view(np.eye(3), 40.0, 41, 31)


def test_kind_follows_the_shape_unless_it_is_said(tmp_path: Path) -> None:
    wide = _grey(tmp_path / "wide.exr", 0.5)
    photo = _grey(tmp_path / "photo.exr", 0.5, 80, 120)
    assert isinstance(load_sky(Sky(source=wide)).image, PanoramaSky)
    assert isinstance(load_sky(Sky(source=photo)).image, FlatSky)
    assert isinstance(load_sky(Sky(source=wide, kind="flat")).image, FlatSky)
    assert isinstance(load_sky(Sky(source=photo, kind="panorama")).image, PanoramaSky)


@pytest.mark.parametrize("value", [0.2, 8.0, 500.0])
def test_the_users_hdr_is_brought_to_a_usual_exposure_and_says_so(tmp_path: Path, value: float) -> None:
    loaded = load_sky(Sky(source=_grey(tmp_path / "a.exr", value)))
    assert loaded.normalised_stops == pytest.approx(math.log2(WANTED_LEVEL / value), abs=0.01)
    assert loaded.image.view(np.eye(3), 40.0, 9, 9).mean() == pytest.approx(WANTED_LEVEL, rel=0.01)
    assert loaded.metadata["mean_luminance"] == pytest.approx(WANTED_LEVEL, rel=0.01)


def test_what_is_said_of_it_counts_and_the_rest_is_measured(tmp_path: Path) -> None:
    source = _grey(tmp_path / "mine.exr", 8.0)
    (tmp_path / "mine.toml").write_text('sun_direction = [12.0, 30.0]\nmean_luminance = 8.0\ntags = ["own"]\n')
    loaded = load_sky(Sky(source=source))
    assert loaded.normalised_stops == 0
    assert loaded.metadata["sun_direction"] == [12.0, 30.0]
    assert loaded.metadata["tags"] == ["own"]
    assert loaded.metadata["horizon_colour"] == pytest.approx([1.0] * 3)
    (tmp_path / "mine.toml").write_text('projection = "flat"')
    loaded = load_sky(Sky(source=source))
    assert isinstance(loaded.image, FlatSky)
    assert loaded.normalised_stops == pytest.approx(math.log2(WANTED_LEVEL / 8.0), abs=0.01)
    (tmp_path / "mine.toml").write_text("sun_direction = 3")
    with pytest.raises(SkyarError) as caught:
        load_sky(Sky(source=source))
    assert caught.value.code is ErrorCode.SKY_UNREADABLE


def test_a_blue_sky_stays_blue(tmp_path: Path) -> None:
    blue = tmp_path / "blue.exr"
    write_exr(blue, np.full((32, 64, 3), (2.0, 4.0, 8.0), np.float32))
    seen = _ahead(str(blue))
    assert seen.max() < 1  # none of it is clipped, which would make it cyan
    assert seen.reshape(-1, 3).mean(axis=0) == pytest.approx([0.2, 0.4, 0.8], rel=0.01)


def test_night_stays_dark_and_black_stays_black(tmp_path: Path) -> None:
    assert load_sky(Sky(source=_grey(tmp_path / "night.exr", 0.001))).normalised_stops == 3.0
    assert load_sky(Sky(source=_grey(tmp_path / "black.exr", 0.0))).normalised_stops == 0.0
    assert normalising_stops(1e9) == -12.0


def test_exposure_comes_on_top(tmp_path: Path) -> None:
    source = _grey(tmp_path / "a.exr", 8.0)
    assert _ahead(source, exposure=-1.0).mean() == pytest.approx(WANTED_LEVEL / 2, rel=0.01)


def test_integer_images_keep_their_exposure(tmp_path: Path) -> None:
    path = tmp_path / "небо 'a'.png"
    write_png(path, np.full((64, 128, 3), 255, np.uint8))
    loaded = load_sky(Sky(source=str(path)))
    assert loaded.normalised_stops == 0.0
    assert loaded.image.view(np.eye(3), 40.0, 9, 9).mean() == pytest.approx(1.0)
    assert loaded.name == path.name


def test_mirror_and_rotation(tmp_path: Path) -> None:
    pixels = np.zeros((64, 128, 3), np.uint8)
    pixels[:, 64:96] = 255  # to the right of forward
    path = tmp_path / "a.png"
    write_png(path, pixels)
    plain, mirrored = _ahead(str(path)), _ahead(str(path), mirror=True)
    assert plain[15, 30, 0] > 0.9 > 0.1 > plain[15, 10, 0]
    # To the 1/32 of a pixel that the resampling knows.
    assert np.allclose(mirrored, plain[:, ::-1], atol=0.05)
    turned = _ahead(str(path), rotation=-45.0)
    assert turned[15, 5:36, 0].min() > 0.9
    assert np.allclose(_ahead(str(path), rotation=720.0), plain, atol=1e-4)


def test_metadata_tells_the_horizon_from_the_zenith() -> None:
    image = np.zeros((180, 360, 3), np.float32)
    image[:60] = (0.1, 0.2, 0.9)
    image[84:90] = (0.9, 0.5, 0.1)
    image[90:] = 77.0  # the ground does not count
    metadata = measure(image, panorama=True)
    assert metadata["upper_colour"] == pytest.approx([0.1, 0.2, 0.9], rel=0.01)
    assert metadata["horizon_colour"] == pytest.approx([0.9, 0.5, 0.1], rel=0.25)
    assert metadata["mean_luminance"] < 0.5  # type: ignore[operator]


def test_the_sun_does_not_decide_alone() -> None:
    image = np.full((64, 128, 3), 0.4, np.float32)
    image[10, 10] = 60000.0
    metadata = measure(image, panorama=True)
    assert metadata["mean_luminance"] == pytest.approx(0.4, rel=0.01)
    assert metadata["bright_level"] == pytest.approx(0.4, rel=0.01)


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 4), (3, 1)])
@pytest.mark.parametrize("panorama", [True, False])
def test_the_smallest_images_have_metadata(shape: tuple[int, int], panorama: bool) -> None:
    metadata = measure(np.full((*shape, 3), 0.5, np.float32), panorama)
    assert metadata["mean_luminance"] == pytest.approx(0.5)
    assert metadata["horizon_colour"] == pytest.approx([0.5] * 3)


def test_a_huge_image_is_reduced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "WIDEST", 64)
    sizes = []
    monkeypatch.setattr(load, "PanoramaSky", lambda image, *_placed: sizes.append(image.shape))
    load_sky(Sky(source=_grey(tmp_path / "a.exr", 0.5, 100, 200)))
    assert sizes == [(32, 64, 3)]


def _library(folder: Path) -> Path:
    sky = folder / "calm"
    sky.mkdir(parents=True)
    write_exr(sky / "sky.exr", np.full((32, 64, 3), 4.0, np.float32))
    (sky / "sky.toml").write_text(
        'name = "calm"\ntitle = "Calm"\nfile = "sky.exr"\ncredit = "us"\n', encoding="utf-8"
    )
    return folder


def test_a_shipped_sky_is_found_by_name_and_left_as_it_is(tmp_path: Path) -> None:
    loaded = load_sky(Sky(source="calm"), _library(tmp_path))
    assert (loaded.name, loaded.panorama, loaded.normalised_stops) == ("calm", True, 0.0)
    assert loaded.metadata["credit"] == "us"
    assert loaded.image.view(np.eye(3), 40.0, 9, 9).mean() == pytest.approx(4.0, rel=0.01)


def test_an_unknown_name_names_the_skies_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(SkyarError, match="calm") as caught:
        load_sky(Sky(source="storm"), _library(tmp_path))
    assert caught.value.code == ErrorCode.SKY_UNKNOWN


def test_a_missing_or_damaged_image_is_a_clear_error(tmp_path: Path) -> None:
    good = tmp_path / "a.exr"
    _grey(good, 0.5)
    (tmp_path / "cut.exr").write_bytes(good.read_bytes()[:-30])
    (tmp_path / "text.jpg").write_text("hello", encoding="utf-8")
    for name in ("none.exr", "cut.exr", "text.jpg", ""):
        with pytest.raises(SkyarError) as caught:
            load_sky(Sky(source=str(tmp_path / name)))
        assert caught.value.code == ErrorCode.SKY_UNREADABLE
        assert caught.value.why
        assert caught.value.todo


def test_not_finite_pixels_do_no_harm(tmp_path: Path) -> None:
    pixels = np.full((32, 64, 3), 0.5, np.float32)
    pixels[3, 3], pixels[4, 4] = np.nan, np.inf
    good, data = cv2.imencode(".tiff", pixels)
    assert good
    path = tmp_path / "a.tiff"
    path.write_bytes(data.tobytes())
    loaded = load_sky(Sky(source=str(path)))
    assert np.isfinite(loaded.image.view(np.eye(3), 5.0, 60, 60)).all()
    assert np.isfinite(loaded.metadata["mean_luminance"])


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        *((".png", np.uint8), (".jpg", np.uint8), (".jpeg", np.uint8), (".webp", np.uint8), (".tif", np.uint8)),
        *((".png", np.uint16), (".tiff", np.uint16), (".hdr", np.float32), (".exr", np.float32)),
    ],
    ids=str,
)
def test_every_kind_of_image_is_the_sky_that_it_shows(tmp_path: Path, ending: str, kind: type) -> None:
    """A gradient from above; floats are scene-linear and exposed anew, all others as displays show them."""
    shown = np.linspace(0.85, 0.35, 64)[:, None, None] * np.array([0.7, 0.85, 1.0]) * np.ones((1, 128, 1))
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    path = tmp_path / f"sky{ending}"
    if ending == ".exr":
        write_exr(path, linear.astype(np.float32))
    else:
        pixels = linear.astype(np.float32) if kind is np.float32 else np.rint(shown * np.iinfo(kind).max).astype(kind)
        assert cv2.imwrite(str(path), np.ascontiguousarray(pixels[..., ::-1]))
    loaded = load_sky(Sky(source=str(path)))
    expected = linear * 2.0**loaded.normalised_stops
    seen = loaded.image.view(np.eye(3), 60.0, 65, 33)
    # Straight ahead is the middle row.
    assert np.allclose(seen[16, 32], expected[31:33].mean(axis=(0, 1)), atol=0.02)
    assert (loaded.normalised_stops == 0) == (kind is not np.float32)


def test_a_shipped_sky_read_as_fine_as_it_is_seen_gives_the_same_views() -> None:
    job, turned = Sky(source="sunny"), cv2.Rodrigues(np.array([0.3, 0.2, 0.0]))[0]
    whole, widths = load_sky(job), {}
    for focal_px in (220.0, 640.0, 1400.0):
        widths[focal_px] = wide_enough(focal_px)
        fine = load_sky(job, enough=widths[focal_px])
        expected, found = (each.image.view(turned, focal_px, 96, 64) for each in (whole, fine))
        assert np.abs(found - expected).max() < 0.01 * expected.max()
        for figure in ("mean_luminance", "mean_colour", "horizon_colour", "bright_level"):
            assert fine.metadata[figure] == pytest.approx(whole.metadata[figure], rel=1e-4)
    assert widths == {220.0: WIDEST // 2, 640.0: WIDEST // 2, 1400.0: WIDEST}


def test_a_draft_may_be_a_little_softer() -> None:
    assert [wide_enough(focal_px, roughly) for focal_px in (220.0, 498.0) for roughly in (False, True)] == [
        *(WIDEST // 2, WIDEST // 4),
        *(WIDEST, WIDEST // 2),
    ]


def test_an_own_sky_is_read_whole(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(0, 1, (64, 128, 3)).astype(np.float32)
    write_exr(tmp_path / "own.exr", noise)
    views = [
        load_sky(Sky(source=str(tmp_path / "own.exr")), enough=enough).image.view(np.eye(3), 40.0, 9, 9)
        for enough in (None, 32)
    ]
    assert (views[0] == views[1]).all()
