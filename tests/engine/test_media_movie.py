# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading movies: sizes, rotation, rates, ranges and damage."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Clip
from skyar_blender.engine.media.clip import open_clip, source_frames
from skyar_blender.engine.media.in_order import frames_in_order


def coded(index: int, width: int = 64, height: int = 48) -> np.ndarray:
    """A picture whose brightness tells its number."""
    return np.full((height, width, 3), 10 + 8 * index, np.uint8)


def number_in(picture: np.ndarray) -> int:
    return round((float(picture[:24].mean()) - 10) / 8)


def read(path: Path, numbers: list[int] | None = None, rate: str | None = None) -> list[int]:
    reader = open_clip(Clip(path=str(path), rate=rate))
    return [number_in(frame) for _, frame in reader.frames(numbers if numbers is not None else range(reader.count))]


def test_every_frame_comes_once_and_in_order(make_movie):
    path = make_movie(pictures=[coded(i) for i in range(25)])
    assert read(path) == list(range(25))


@pytest.mark.parametrize("numbers", [[7], [3, 4, 20], [24], [0, 24], [11, 11, 12, 12]])
def test_any_ascending_choice_of_frames(make_movie, numbers):
    path = make_movie(pictures=[coded(i) for i in range(25)])
    assert read(path, numbers) == numbers


def test_frames_backwards(make_movie):
    path = make_movie(pictures=[coded(i) for i in range(25)])
    reader = open_clip(Clip(path=str(path)))
    order = [*range(24, -1, -1), 3, 3, 4, 9, 2]
    assert [number_in(frame) for _, frame in frames_in_order(reader, order)] == order


def test_odd_size_is_kept(make_movie):
    path = make_movie(pictures=[coded(i, 61, 47) for i in range(3)], codec="ffv1", pixels="bgr0", name="odd.mkv")
    reader = open_clip(Clip(path=str(path)))
    assert (reader.width, reader.height) == (61, 47)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_flag_turns_the_picture(make_movie, rotation):
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:16, :16] = 255  # a mark in the corner at the upper left
    path = make_movie(pictures=[picture] * 2, rotation=rotation)
    _, frame = next(iter(open_clip(Clip(path=str(path))).frames([0])))
    expected = np.rot90(picture, rotation // 90)
    assert frame.shape == expected.shape
    assert np.abs(frame.astype(int) - expected).mean() < 8


def test_ten_bit_hevc(make_movie):
    path = make_movie(pictures=[coded(i) for i in range(5)], codec="libx265", pixels="yuv420p10le")
    assert read(path) == list(range(5))


def test_varying_rate_keeps_time(make_movie):
    # Pictures shown for 1, 1, 3, 1, 2 and 1 ticks of 24 a second.
    path = make_movie(pictures=[coded(i) for i in range(6)], times=[0, 1, 2, 5, 6, 8])
    assert read(path, rate="24") == [0, 1, 2, 2, 2, 3, 4, 4, 5]


def test_rate_is_exact(make_movie):
    path = make_movie(rate=Fraction(30000, 1001))
    assert open_clip(Clip(path=str(path))).rate == Fraction(30000, 1001)


def test_missing_file(tmp_path):
    with pytest.raises(SkyarError) as caught:
        open_clip(Clip(path=str(tmp_path / "no.mp4")))
    assert caught.value.code == ErrorCode.CLIP_MISSING


def test_text_named_mp4(tmp_path):
    path = tmp_path / "notes.mp4"
    path.write_text("dear diary")
    with pytest.raises(SkyarError) as caught:
        open_clip(Clip(path=str(path)))
    assert caught.value.code == ErrorCode.CLIP_UNREADABLE


def test_truncated_movie_without_index(make_movie):
    path = make_movie()
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(SkyarError) as caught:
        open_clip(Clip(path=str(path)))
    assert caught.value.code in (ErrorCode.CLIP_UNREADABLE, ErrorCode.CLIP_EMPTY)


def test_truncated_movie_with_readable_beginning(make_movie):
    random = np.random.default_rng(3)
    pictures = [random.integers(0, 255, (48, 64, 3)).astype(np.uint8) for _ in range(30)]
    path = make_movie("cut.ts", pictures)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 6 // 10])
    reader = open_clip(Clip(path=str(path)))
    assert 8 < reader.count < 30
    assert len(list(reader.frames(range(reader.count)))) == reader.count


def test_sound_only_file(tmp_path):
    import av

    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000, layout="stereo")
        block = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
        block.sample_rate, block.pts = 48000, 0
        container.mux(stream.encode(block))
        container.mux(stream.encode(None))
    with pytest.raises(SkyarError) as caught:
        open_clip(Clip(path=str(path)))
    assert caught.value.code == ErrorCode.CLIP_UNREADABLE


def test_two_by_two_is_too_small(make_movie):
    path = make_movie(pictures=[np.zeros((2, 2, 3), np.uint8)] * 2, codec="ffv1", pixels="bgr0", name="tiny.mkv")
    with pytest.raises(SkyarError) as caught:
        open_clip(Clip(path=str(path)))
    assert caught.value.code == ErrorCode.CLIP_TOO_SMALL


@pytest.mark.parametrize(("first", "last"), [(8, 9), (0, 40), (20, None)])
def test_range_outside_the_clip(make_movie, first, last):
    with pytest.raises(SkyarError) as caught:
        source_frames(Clip(path=str(make_movie()), first=first, last=last), 8)
    assert caught.value.code == ErrorCode.CLIP_RANGE


def test_range_one_frame_too_long_holds_the_last(make_movie):
    path = make_movie(pictures=[coded(i) for i in range(8)])
    clip = Clip(path=str(path), first=5, last=8)
    frames = source_frames(clip, 8)
    assert [number_in(frame) for _, frame in open_clip(clip).frames(frames)] == [5, 6, 7, 7]


def test_path_with_spaces_quotes_and_other_letters(make_movie):
    path = make_movie("my 'best' \"shots\" – небо 空.mp4", [coded(i) for i in range(3)])
    assert read(path) == [0, 1, 2]
