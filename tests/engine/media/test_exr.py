# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenEXR images in and out."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import OpenEXR
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.engine.media.exr import (
    HALF_MAX,
    as_stored,
    decode_exr,
    encode_exr,
    parallel_encoding,
    read_exr,
    write_exr,
)


def _smooth(height: int = 48, width: int = 80) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.stack([0.2 + x / width, 0.5 + 0.3 * np.sin(y / 9), 0.9 - y / (2 * height)], axis=-1)


def _exr(channels: dict[str, np.ndarray], **header: object) -> bytes:
    stream = io.BytesIO()
    head = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage, **header}
    with OpenEXR.File(head, channels) as file:
        file.write(stream)
    return stream.getvalue()


def test_a_image_survives_with_errors_too_small_to_see(tmp_path: Path) -> None:
    path = tmp_path / "небо ' sky.exr"
    write_exr(path, _smooth())
    back = read_exr(path)
    assert back.dtype == np.float32
    assert back.shape == (48, 80, 3)
    assert np.abs(back - _smooth()).max() < 0.001


def test_the_file_is_half_float_with_three_channels(tmp_path: Path) -> None:
    path = tmp_path / "a.exr"
    write_exr(path, _smooth())
    with OpenEXR.File(str(path), separate_channels=True) as file:
        assert file.header()["compression"] == OpenEXR.PIZ_COMPRESSION
        assert {name: str(channel.pixels.dtype) for name, channel in file.channels().items()} == {
            "R": "float16",
            "G": "float16",
            "B": "float16",
        }


def test_a_value_is_kept_to_a_thousandth() -> None:
    values = np.geomspace(2.0**-14, HALF_MAX, 48 * 80 * 3).astype(np.float32).reshape(48, 80, 3)
    back = decode_exr(encode_exr(values), Path("x.exr"))
    assert (np.abs(back - values) / values).max() < 0.001
    assert decode_exr(encode_exr(np.zeros((4, 4, 3), np.float32)), Path("x.exr")).max() == 0


def test_the_same_image_gives_the_same_bytes() -> None:
    assert encode_exr(_smooth()) == encode_exr(_smooth().copy())


def test_images_packed_side_by_side_are_the_same() -> None:
    before = OpenEXR.global_thread_count()
    alone = encode_exr(_smooth())
    for images in (1, 64):
        with parallel_encoding(images) as at_a_time:
            assert 1 <= at_a_time <= images
            with ThreadPoolExecutor(at_a_time) as pool:
                assert set(pool.map(encode_exr, [_smooth()] * 5)) == {alone}
    assert OpenEXR.global_thread_count() == before


def test_what_is_stored_is_known_without_reading_it() -> None:
    image = np.random.default_rng(1).lognormal(0, 4, (40, 50, 3)).astype(np.float32)
    image[3, 3], image[4, 4] = np.nan, -1.0
    assert np.array_equal(as_stored(image), decode_exr(encode_exr(image), Path("x.exr")))
    thin = image[::3, ::3]
    assert np.array_equal(as_stored(thin), decode_exr(encode_exr(image), Path("x.exr"))[::3, ::3])


def test_values_that_half_cannot_hold_are_clipped() -> None:
    image = np.full((32, 32, 3), 0.5, np.float32)
    image[0, :4, 0] = [np.nan, np.inf, 1e9, -3.0]
    back = decode_exr(encode_exr(image), Path("x.exr"))
    assert np.isfinite(back).all()
    assert back.min() >= 0
    assert back.max() <= HALF_MAX


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.uint32])
def test_every_channel_type_is_read(kind: type) -> None:
    planes = {name: np.full((4, 6), value, kind) for name, value in zip("RGB", (1, 2, 3), strict=True)}
    assert np.array_equal(decode_exr(_exr(planes), Path("x"))[2, 2], [1, 2, 3])


@pytest.mark.parametrize(("widest", "size"), [(200, (96, 160)), (160, (96, 160)), (80, (48, 80)), (30, (24, 40))])
def test_a_wide_image_is_halved_while_it_is_read(widest: int, size: tuple[int, int]) -> None:
    data = encode_exr(_smooth(96, 160))
    halved = decode_exr(data, Path("wide.exr"), widest)
    assert halved.shape == (*size, 3)
    times = 96 // size[0]
    blocks = decode_exr(data, Path("wide.exr")).reshape(size[0], times, size[1], times, 3)
    assert halved == pytest.approx(blocks.mean(axis=(1, 3)), rel=1e-5)


def test_a_wide_image_of_odd_height_is_read_whole() -> None:
    assert decode_exr(encode_exr(_smooth(45, 160)), Path("odd.exr"), 40).shape == (45, 160, 3)


def test_alpha_is_dropped_and_grey_is_spread() -> None:
    rgba = {name: np.full((4, 6), value, np.float16) for name, value in zip("RGBA", (1, 2, 3, 0), strict=True)}
    assert np.array_equal(decode_exr(_exr(rgba), Path("x"))[0, 0], [1, 2, 3])
    grey = decode_exr(_exr({"Y": np.full((4, 6), 0.25, np.float32)}), Path("x"))
    assert grey.shape == (4, 6, 3)
    assert (grey == 0.25).all()


def test_a_layer_is_read_when_the_image_itself_has_no_colour() -> None:
    planes = {f"View Layer.Combined.{name}": np.full((3, 3), i, np.float32) for i, name in enumerate("RGB")}
    planes["View Layer.Depth.Z"] = np.ones((3, 3), np.float32)
    assert np.array_equal(decode_exr(_exr(planes), Path("x"))[1, 1], [0, 1, 2])


def test_a_image_without_colour_names_its_channels() -> None:
    with pytest.raises(SkyarError, match="its channels: Z") as caught:
        decode_exr(_exr({"Z": np.ones((3, 3), np.float32)}), Path("depth.exr"))
    assert caught.value.code == ErrorCode.SKY_UNREADABLE


def test_a_smaller_data_window_is_placed_in_the_display_window() -> None:
    window = (np.array([1, 2], np.int32), np.array([3, 3], np.int32))
    display = (np.array([0, 0], np.int32), np.array([5, 4], np.int32))
    planes = {name: np.ones((2, 3), np.float32) for name in "RGB"}
    image = decode_exr(_exr(planes, dataWindow=window, displayWindow=display), Path("x"))
    assert image.shape == (5, 6, 3)
    assert image[2:4, 1:4].min() == 1
    assert image.sum() == 2 * 3 * 3


@pytest.mark.parametrize("keep", [0, 3, 100, 0.5, 0.99])
def test_a_truncated_file_is_an_error_and_prints_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], keep: float
) -> None:
    data = encode_exr(_smooth())
    path = tmp_path / "cut.exr"
    path.write_bytes(data[: int(keep if keep > 1 else keep * len(data))])
    with pytest.raises(SkyarError) as caught:
        read_exr(path)
    assert caught.value.code == ErrorCode.SKY_UNREADABLE
    assert "cut.exr" in caught.value.what
    assert caught.value.todo
    assert capfd.readouterr().out == ""


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SkyarError) as caught:
        read_exr(tmp_path / "none.exr")
    assert caught.value.code == ErrorCode.SKY_UNREADABLE


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), min_size=1, max_size=6))
def test_damage_is_read_or_refused_but_never_worse(damage: list[tuple[int, int]]) -> None:
    data = bytearray(encode_exr(_smooth()))
    for place, value in damage:
        data[place % len(data)] = value
    try:
        image = decode_exr(bytes(data), Path("damaged.exr"))
    except SkyarError as error:
        assert error.code == ErrorCode.SKY_UNREADABLE
    else:
        assert image.ndim == 3
        assert image.shape[2] == 3
