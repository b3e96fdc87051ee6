# SPDX-License-Identifier: GPL-3.0-or-later
"""Previews: rate, sound and sizes; files that are whole or not there; working ahead."""

from __future__ import annotations

import os
import threading
import time
from fractions import Fraction

import av
import numpy as np
import pytest

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.contract.job import Clip
from skyar_blender.engine.media.atomic import begin_partial, finish_partial, partial_path, write_atomically
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.movie_writer import MovieWriter
from skyar_blender.engine.media.prefetch import BoundedPool, prefetch
from skyar_blender.engine.media.sound import SoundCut


def test_preview_keeps_rate_size_and_colour(tmp_path):
    colours = [(200, 30, 40), (40, 180, 60), (30, 60, 210)]
    with MovieWriter(tmp_path / "out.mp4", 63, 49, Fraction(30000, 1001), None) as writer:
        for colour in colours:
            writer.write(np.full((49, 63, 3), colour, np.uint8))
    with av.open(str(tmp_path / "out.mp4")) as container:
        coded = container.streams.video[0].codec_context
        # Of ITU-T H.273: limited range, and matrix, transfer and primaries of Rec. 709.
        tags = (coded.color_range, coded.colorspace, coded.color_trc, coded.color_primaries)
        assert [int(tag) for tag in tags] == [1, 1, 1, 1]
    reader = open_clip(Clip(path=str(tmp_path / "out.mp4")))
    assert (reader.rate, reader.count, reader.sound) == (Fraction(30000, 1001), 3, None)
    for (_, frame), colour in zip(reader.frames(range(3)), colours, strict=True):
        assert np.abs(frame.mean((0, 1)) - colour).max() < 4


def test_sound_is_cut_to_the_frames(make_movie, tmp_path):
    clip = make_movie(images=48, sound=True)
    cut = SoundCut(str(clip), Fraction(1, 2), Fraction(3, 2))
    with MovieWriter(tmp_path / "out.mp4", 64, 48, Fraction(24), cut) as writer:
        for _ in range(24):
            writer.write(np.zeros((48, 64, 3), np.uint8))
    assert writer.sound_failed is None
    with av.open(str(tmp_path / "out.mp4")) as container:
        stream = container.streams.audio[0]
        assert float(stream.duration * stream.time_base) == pytest.approx(1.0, abs=0.03)
        loudness = [np.abs(frame.to_ndarray()).mean() for frame in container.decode(stream)]
    assert np.median(loudness) > 0.1


def test_atomic_write_leaves_nothing_half_done(tmp_path):
    def fail():
        raise RuntimeError("before it has its name")

    with pytest.raises(RuntimeError):
        write_atomically(tmp_path / "a.txt", b"whole", fail)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("by_a_library", [False, True])
def test_files_are_on_the_disk_before_they_have_their_name(tmp_path, monkeypatch, by_a_library):
    path, synced = tmp_path / "a.txt", []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append((path.exists(), partial_path(path).read_bytes())))
    if by_a_library:
        begin_partial(path).write_bytes(b"whole")
        finish_partial(path)
    else:
        write_atomically(path, b"whole")
    assert synced[-1] == (False, b"whole") and path.read_bytes() == b"whole"


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_planted_links_are_not_followed(tmp_path):
    theirs = tmp_path / "theirs.txt"
    theirs.write_text("precious")
    path = tmp_path / "a.txt"
    for planted in (path, partial_path(path)):
        planted.symlink_to(theirs)
    write_atomically(path, b"ours")
    assert (theirs.read_text(), path.read_text(), path.is_symlink()) == ("precious", "ours", False)
    partial_path(path).symlink_to(theirs)
    begin_partial(path).write_text("ours")
    finish_partial(path)
    assert (theirs.read_text(), path.is_symlink()) == ("precious", False)


def test_full_disk_is_told_in_words(tmp_path):
    def fail():
        raise OSError(28, "No space left on device")

    with pytest.raises(SkyarError) as caught:
        write_atomically(tmp_path / "a.txt", b"whole", fail)
    assert caught.value.code == ErrorCode.OUTPUT_FULL


def test_unwritable_place_is_told_in_words(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SkyarError) as caught:
        write_atomically(tmp_path / "file" / "a.txt", b"")
    assert caught.value.code == ErrorCode.OUTPUT_NOT_WRITABLE


def test_prefetch_gives_all_and_no_more_than_its_depth():
    made = []

    def items():
        for number in range(20):
            made.append(number)
            yield number

    ahead = prefetch(items(), depth=3)
    assert next(ahead) == 0
    time.sleep(0.2)
    assert len(made) <= 6
    assert list(ahead) == list(range(1, 20))


def test_prefetch_passes_errors_on():
    def items():
        yield 1
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(prefetch(items()))


def test_prefetch_ends_its_thread_when_left():
    before = threading.active_count()
    ahead = prefetch(iter(range(1000)), depth=2)
    next(ahead)
    ahead.close()
    assert threading.active_count() == before


def test_pool_bounds_its_queue_and_raises():
    done = []
    with BoundedPool(threads=1, pending=2) as pool:
        for number in range(10):
            pool.submit(lambda number=number: done.append(number))
    assert done == list(range(10))

    def fail():
        raise SkyarError(ErrorCode.OUTPUT_FULL, "full", "", "")

    with pytest.raises(SkyarError), BoundedPool() as pool:
        pool.submit(fail)
