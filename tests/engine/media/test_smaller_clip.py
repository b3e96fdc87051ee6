# SPDX-License-Identifier: GPL-3.0-or-later
"""Footage at a smaller size is the same footage, and is decoded once."""

from __future__ import annotations

import numpy as np
import pytest
from support.clips import landscape, write_movie

from skyar_blender.contract.job import Clip
from skyar_blender.engine.media import smaller_clip
from skyar_blender.engine.media.clip import ClipReader, open_clip
from skyar_blender.engine.media.pixel_aspect import at_size
from skyar_blender.engine.media.smaller_clip import SmallerClip

COUNT, SIZE, SMALL = 6, (160, 96), (80, 48)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> ClipReader:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    return open_clip(Clip(path=str(write_movie(path, [landscape(index, *SIZE) for index in range(COUNT)]))))


class Counted:
    """A reader that notes which frames are decoded."""

    def __init__(self, whole: ClipReader) -> None:
        self._whole, self.decoded = whole, []

    def __getattr__(self, name: str):
        return getattr(self._whole, name)

    def frames(self, numbers):
        for number, frame in self._whole.frames(numbers):
            self.decoded.append(number)
            yield number, frame


def test_images_are_those_of_the_clip_made_smaller(whole):
    small = SmallerClip(whole, SMALL)
    assert (small.width, small.height, small.own_size, small.count) == (*SMALL, SIZE, COUNT)
    for kind in ("frames", "linear_frames"):
        for (number, image), (other, large) in zip(
            getattr(small, kind)([1, 4]), getattr(whole, kind)([1, 4]), strict=True
        ):
            assert number == other and np.array_equal(image, at_size(large, SMALL))
    (_, (frame, light)), (_, (large, bright)) = next(small.both_frames([3])), next(whole.both_frames([3]))
    assert np.array_equal(frame, at_size(large, SMALL)) and np.array_equal(light, at_size(bright, SMALL))


def test_a_frame_is_decoded_once_where_there_is_room(whole, monkeypatch):
    counted = Counted(whole)
    small = SmallerClip(counted, SMALL)
    first = dict(small.frames([0, 2, 3]))
    again = dict(small.frames(range(COUNT)))
    assert counted.decoded == [0, 2, 3, 1, 4, 5] and list(again) == list(range(COUNT))
    assert all(again[number] is image for number, image in first.items())

    monkeypatch.setattr(smaller_clip, "_KEPT", 2 * 3 * SMALL[0] * SMALL[1])
    counted = Counted(whole)
    small = SmallerClip(counted, SMALL)
    passes = [dict(small.frames(range(COUNT))) for _ in range(2)]
    assert counted.decoded == [0, 1, 2, 3, 4, 5, 2, 3, 4, 5]
    assert all(np.array_equal(one, passes[1][number]) for number, one in passes[0].items())
