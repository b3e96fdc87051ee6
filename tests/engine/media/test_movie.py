# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading movies: sizes, rotation, rates, ranges and damage."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from support.clips import cover_first, without_first_image

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Clip
from skyar_blender.engine.media.clip import open_clip, requested_frames, source_frames
from skyar_blender.engine.media.in_order import frames_in_order


def coded(index: int, width: int = 64, height: int = 48) -> np.ndarray:
    """An image whose brightness tells its number."""
    return np.full((height, width, 3), 10 + 8 * index, np.uint8)


def number_in(image: np.ndarray) -> int:
    return round((float(image[:24].mean()) - 10) / 8)


def read(path: Path, numbers: list[int] | None = None, rate: str | None = None) -> list[int]:
    reader = open_clip(Clip(path=str(path), rate=rate))
    return [number_in(frame) for _, frame in reader.frames(numbers if numbers is not None else range(reader.count))]


def test_every_frame_comes_once_and_in_order(make_movie):
    path = make_movie(images=[coded(i) for i in range(25)])
    assert read(path) == list(range(25))


@pytest.mark.parametrize("numbers", [[7], [3, 4, 20], [24], [0, 24], [11, 11, 12, 12]])
def test_any_ascending_choice_of_frames(make_movie, numbers):
    path = make_movie(images=[coded(i) for i in range(25)])
    assert read(path, numbers) == numbers


def test_frames_backwards(make_movie):
    path = make_movie(images=[coded(i) for i in range(25)])
    reader = open_clip(Clip(path=str(path)))
    order = [*range(24, -1, -1), 3, 3, 4, 9, 2]
    assert [number_in(frame) for _, frame in frames_in_order(reader, order)] == order


def test_odd_size_is_kept(make_movie):
    path = make_movie(images=[coded(i, 61, 47) for i in range(3)], codec="ffv1", pixels="bgr0", name="odd.mkv")
    reader = open_clip(Clip(path=str(path)))
    assert (reader.width, reader.height) == (61, 47)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_flag_turns_the_image(make_movie, rotation):
    image = np.zeros((48, 64, 3), np.uint8)
    image[:16, :16] = 255  # a mark in the corner at the upper left
    path = make_movie(images=[image] * 2, rotation=rotation)
    _, frame = next(iter(open_clip(Clip(path=str(path))).frames([0])))
    expected = np.rot90(image, rotation // 90)
    assert frame.shape == expected.shape
    assert np.abs(frame.astype(int) - expected).mean() < 8


def test_ten_bit_hevc(make_movie):
    path = make_movie(images=[coded(i) for i in range(5)], codec="libx265", pixels="yuv420p10le")
    assert read(path) == list(range(5))


def varying(make_movie):
    """A movie of 24 a second whose images are shown for 1, 1, 3, 1, 2 and 1 of them."""
    return make_movie("varying.mkv", [coded(i) for i in range(6)], times=[0, 1, 2, 5, 6, 8])


def test_varying_rate_keeps_time(make_movie):
    assert read(varying(make_movie)) == [0, 1, 2, 2, 2, 3, 4, 4, 5]


def test_each_image_has_one_number(make_movie):
    path = varying(make_movie)
    clip = Clip(path=str(path))
    assert source_frames(clip, open_clip(clip)) == [0, 1, 2, 2, 2, 5, 6, 6, 8]
    backwards = Clip(path=str(path), order=[8, 7, 4, 3, 0])
    assert source_frames(backwards, open_clip(backwards)) == [8, 6, 2, 2, 0]


@pytest.mark.parametrize("rate", ["12", "24", "30000/1001", "60"])
def test_frames_are_numbered_by_the_movies_own_clock(make_movie, rate):
    path = make_movie(images=[coded(i) for i in range(25)], rate=Fraction(30))
    assert read(path, rate=rate) == list(range(25))
    reader = open_clip(Clip(path=str(path), rate=rate))
    assert (reader.rate, reader.own_rate) == (Fraction(rate), 30)


def test_b_frames_in_avi(make_movie):
    """Two images late, as in Blender: AVI has no time stamps, and FFmpeg's stand for the order of storage."""
    path = make_movie("b.avi", [coded(i) for i in range(25)], options={"preset": "medium", "crf": "10", "bf": "2"})
    reader = open_clip(Clip(path=str(path)))
    assert reader.count == 25
    assert read(path) == [0, 0, *range(24)][:25]
    assert not reader.warnings
    backwards = [number_in(frame) for _, frame in frames_in_order(reader, range(24, -1, -1))]
    assert backwards == read(path)[::-1]


def test_edit_list(make_movie):
    """Frames before the start of an edit are not part of the clip, and no damage."""
    path = make_movie("edit.mp4", [coded(i) for i in range(25)], start=-5)
    reader = open_clip(Clip(path=str(path)))
    assert not reader.warnings
    assert read(path) == list(range(5, 25))


def test_time_stamps_that_start_late(make_movie):
    assert read(make_movie("late.mkv", [coded(i) for i in range(9)], start=700)) == list(range(9))


def test_missing_images_of_a_stream_are_damage(make_movie):
    images = [coded(i) for i in range(25)]
    path = make_movie("lost.ts", images, times=[i + 2 * (i > 11) for i in range(25)])
    reader = open_clip(Clip(path=str(path)))
    assert [number_in(frame) for _, frame in reader.frames(range(11, 16))] == [11, 11, 11, 12, 13]
    assert reader.damaged == {12, 13}


def test_images_that_build_on_a_lost_packet_are_damage(make_movie):
    rng = np.random.default_rng(1)
    images = [rng.integers(0, 255, (96, 160, 3)).astype(np.uint8) for _ in range(12)]
    path = make_movie("smeared.ts", images, options={"g": "6", "bf": "0", "sc_threshold": "0", "crf": "20"})
    assert not open_clip(Clip(path=str(path))).damaged
    with av.open(str(path)) as container:
        fourth = [packet.pos for packet in container.demux(video=0)][3]
    whole = path.read_bytes()
    path.write_bytes(whole[: fourth + 9 * 188] + whole[fourth + 10 * 188 :])
    # The demuxer marks the image that it is at, which may be the one before.
    assert open_clip(Clip(path=str(path))).damaged | {2} == {2, 3, 4, 5}


def test_images_before_the_first_key_frame_are_damage(make_movie):
    path = make_movie("nokey.ts", [coded(i) for i in range(25)], options={"g": "10", "bf": "0", "sc_threshold": "0"})
    without_first_image(path)
    reader = open_clip(Clip(path=str(path)))
    assert [number_in(frame) for _, frame in reader.frames(range(reader.count))] == [10] * 9 + list(range(10, 25))
    assert reader.damaged == set(range(9))


def test_cover_image_is_not_the_film(make_movie):
    path = cover_first(make_movie("cover.mp4", [coded(i) for i in range(5)], cover=coded(9)))
    assert read(path) == list(range(5))
    with pytest.raises(SkyarError) as caught:
        open_clip(Clip(path=str(path), stream=0))
    assert caught.value.code == ErrorCode.UNSUPPORTED and "cover" in caught.value.what


def test_several_video_streams_are_told(make_movie):
    path = make_movie("two.mkv", [coded(i) for i in range(5)], second=[coded(9)] * 5)
    reader = open_clip(Clip(path=str(path)))
    assert [warning.code for warning in reader.warnings] == ["several_streams"]
    assert read(path) == list(range(5))
    _, image = next(iter(open_clip(Clip(path=str(path), stream=1)).frames([0])))
    assert number_in(image) == 9


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
    images = [random.integers(0, 255, (48, 64, 3)).astype(np.uint8) for _ in range(30)]
    path = make_movie("cut.ts", images)
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
    path = make_movie(images=[np.zeros((2, 2, 3), np.uint8)] * 2, codec="ffv1", pixels="bgr0", name="tiny.mkv")
    with pytest.raises(SkyarError) as caught:
        open_clip(Clip(path=str(path)))
    assert caught.value.code == ErrorCode.CLIP_TOO_SMALL


@pytest.mark.parametrize(("first", "last"), [(8, 9), (0, 40), (20, None)])
def test_range_outside_the_clip(make_movie, first, last):
    with pytest.raises(SkyarError) as caught:
        clip = Clip(path=str(make_movie()), first=first, last=last)
        source_frames(clip, open_clip(clip))
    assert caught.value.code == ErrorCode.CLIP_RANGE


def test_range_one_frame_too_long_holds_the_last(make_movie):
    path = make_movie(images=[coded(i) for i in range(8)])
    clip = Clip(path=str(path), first=5, last=8)
    frames = requested_frames(clip, 8)
    assert [number_in(frame) for _, frame in open_clip(clip).frames(frames)] == [5, 6, 7, 7]


def test_path_with_spaces_quotes_and_other_letters(make_movie):
    path = make_movie("my 'best' \"shots\" – небо 空.mp4", [coded(i) for i in range(3)])
    assert read(path) == [0, 1, 2]
