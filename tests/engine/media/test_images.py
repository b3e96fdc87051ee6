# SPDX-License-Identifier: GPL-3.0-or-later
"""Images in and out."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.engine.colour import linear_from_frame
from skyar_blender.engine.media.exr import write_exr
from skyar_blender.engine.media.images import (
    is_float_image,
    read_frame,
    read_image_linear,
    read_matte_png,
    write_jpg,
    write_matte_png,
    write_png,
)

# "Sky" in Japanese, and what shells dislike.
NAME = "空 'sky' \"1\" é"


def _frame(height: int = 12, width: int = 20) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 12, y * 20, np.full_like(x, 90)], axis=-1).astype(np.uint8)


def _save(path: Path, pixels: np.ndarray, options: list[int] | None = None) -> Path:
    good, data = cv2.imencode(path.suffix, pixels, options or [])
    assert good
    path.write_bytes(data.tobytes())
    return path


@pytest.mark.parametrize("kind", [".png", ".webp", ".tiff"])
def test_eight_bit_images_are_taken_as_srgb(tmp_path: Path, kind: str) -> None:
    options = [cv2.IMWRITE_WEBP_QUALITY, 101] if kind == ".webp" else []
    path = _save(tmp_path / (NAME + kind), _frame()[..., ::-1], options)
    assert np.array_equal(read_image_linear(path), linear_from_frame(_frame()))
    assert not is_float_image(path)


def test_a_jpeg_comes_close(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    write_jpg(path, _frame(64, 64)[:12, :20], quality=100)
    assert np.abs(read_frame(path).astype(int) - _frame(64, 64)[:12, :20]).mean() < 4


def test_sixteen_bit_images_keep_their_depth(tmp_path: Path) -> None:
    codes = np.array([[[0, 257 * 128, 65535], [1, 30000, 30001]]], np.uint16)
    linear = read_image_linear(_save(tmp_path / "a.png", codes))
    assert linear[0, 0, 0] == 1.0
    assert linear[0, 0, 1] == pytest.approx(linear_from_frame(np.array(128, np.uint8)), rel=1e-5)
    assert linear[0, 1, 0] > linear[0, 1, 1]


def test_radiance_and_float_tiff_are_linear_already(tmp_path: Path) -> None:
    pixels = np.full((8, 16, 3), (0.5, 2.0, 40.0), np.float32)
    for kind in (".hdr", ".tiff"):
        path = _save(tmp_path / ("a" + kind), pixels[..., ::-1].copy())
        assert read_image_linear(path)[3, 3] == pytest.approx([0.5, 2.0, 40.0], rel=0.01)
    assert is_float_image(tmp_path / "a.hdr")


def test_an_exr_is_read_by_its_content_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    write_exr(path, np.full((8, 8, 3), 3.0, np.float32))
    assert read_image_linear(path)[0, 0, 0] == pytest.approx(3.0, rel=0.01)
    assert is_float_image(path)


def test_what_is_not_finite_is_cleaned(tmp_path: Path) -> None:
    pixels = np.full((4, 4, 3), 2.0, np.float32)
    pixels[0, 0], pixels[0, 1], pixels[0, 2] = np.nan, np.inf, -1.0
    linear = read_image_linear(_save(tmp_path / "a.tiff", pixels))
    assert linear[0, 0, 0] == 0
    assert linear[0, 1, 0] == 2.0
    assert linear[0, 2, 0] == 0


@pytest.mark.parametrize("content", [b"", b"this is a text", b"\x89PNG\r\n\x1a\n1234"])
def test_no_image_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / (NAME + ".png")
    path.write_bytes(content)
    with pytest.raises(SkyarError) as caught:
        read_image_linear(path)
    assert caught.value.code == ErrorCode.SKY_UNREADABLE
    with pytest.raises(SkyarError) as caught:
        read_frame(path)
    assert caught.value.code == ErrorCode.CLIP_UNREADABLE
    with pytest.raises(SkyarError):
        read_matte_png(path)


def test_a_folder_and_a_missing_file_are_clear_errors(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.png"):
        with pytest.raises(SkyarError) as caught:
            read_image_linear(path)
        assert caught.value.code == ErrorCode.SKY_UNREADABLE
    with pytest.raises(SkyarError) as caught:
        read_frame(tmp_path / "none.png")
    assert caught.value.code == ErrorCode.CLIP_MISSING


def test_frames_of_any_kind_become_eight_bit_rgb(tmp_path: Path) -> None:
    grey = np.arange(80, dtype=np.uint8).reshape(8, 10)
    assert np.array_equal(read_frame(_save(tmp_path / "g.png", grey)), np.repeat(grey[..., None], 3, axis=2))
    deep = read_frame(_save(tmp_path / "d.png", grey.astype(np.uint16) * 257))
    assert np.array_equal(deep[..., 0], grey)
    for level, expected in ((255, _frame()), (0, 0 * _frame())):  # what is see-through lies over black
        alpha = np.dstack([_frame()[..., ::-1], np.full((12, 20), level, np.uint8)])
        assert np.array_equal(read_frame(_save(tmp_path / "a.png", alpha)), expected)
    path = tmp_path / (NAME + ".png")
    write_png(path, _frame())
    assert np.array_equal(read_frame(path), _frame())


def test_a_linear_frame_is_turned_to_srgb(tmp_path: Path) -> None:
    path = tmp_path / "f.exr"
    write_exr(path, np.full((8, 8, 3), float(linear_from_frame(np.array(128, np.uint8))), np.float32))
    assert np.abs(read_frame(path).astype(int) - 128).max() <= 1


def test_exif_orientation_is_applied(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    write_jpg(path, np.full((8, 24, 3), 120, np.uint8))
    data = path.read_bytes()
    # A minimal EXIF block that says "rotate by 90 degrees" (orientation 6).
    tiff = b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"
    block = b"Exif\x00\x00" + tiff
    path.write_bytes(data[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + data[2:])
    assert read_frame(path).shape == (24, 8, 3)


def test_a_matte_survives_exactly_and_always_as_the_same_bytes(tmp_path: Path) -> None:
    matte = np.random.default_rng(1).integers(0, 65536, (30, 50)).astype(np.uint16)
    first, second = tmp_path / (NAME + ".png"), tmp_path / "b.png"
    write_matte_png(first, matte)
    write_matte_png(second, matte)
    assert np.array_equal(read_matte_png(first), matte)
    assert first.read_bytes() == second.read_bytes()


def test_an_eight_bit_matte_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SkyarError):
        read_matte_png(_save(tmp_path / "m.png", np.zeros((4, 4), np.uint8)))
