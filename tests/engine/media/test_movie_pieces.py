# SPDX-License-Identifier: GPL-3.0-or-later
"""Movies put together from pieces of others: the same as if they were encoded as a whole."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from support.clips import landscape, write_movie

from skyar_blender.contract.job import Clip
from skyar_blender.engine.media.clip import open_clip
from skyar_blender.engine.media.movie_writer import MovieWriter
from skyar_blender.engine.media.sound import SoundCut

RATE = Fraction(4)
IMAGES = [landscape(index) for index in range(10)]
OTHERS = [255 - image for image in IMAGES]
SIZE = IMAGES[0].shape[1], IMAGES[0].shape[0]


def sound(folder: Path) -> SoundCut:
    return SoundCut(
        str(write_movie(folder / "sound.mp4", IMAGES, rate=RATE, sound=True)), Fraction(0), Fraction(5, 2)
    )


def whole(path: Path, images: list[np.ndarray], cut: SoundCut | None = None) -> list[bytes]:
    """Writes a movie; its pieces."""
    pieces = []
    with MovieWriter(path, *SIZE, RATE, cut) as writer:
        for number, image in enumerate(images, start=1):
            writer.write(image)
            if number % writer.piece_length == 0 or number == len(images):
                pieces.append(writer.end_piece())
    return pieces


def test_put_together_is_the_whole(tmp_path: Path) -> None:
    cut = sound(tmp_path)
    mixed = IMAGES[:4] + OTHERS[4:8] + IMAGES[8:]
    pieces = whole(tmp_path / "plain.mp4", IMAGES, cut)
    whole(tmp_path / "others.mp4", OTHERS)
    whole(tmp_path / "mixed.mp4", mixed, cut)
    with MovieWriter(tmp_path / "together.mp4", *SIZE, RATE, cut) as writer:
        writer.append(tmp_path / "plain.mp4", 0)
        writer.append(tmp_path / "others.mp4", 1)
        writer.append(pieces[2], 0)
    assert (tmp_path / "together.mp4").read_bytes() == (tmp_path / "mixed.mp4").read_bytes()
    reader = open_clip(Clip(path=str(tmp_path / "together.mp4")))
    assert (reader.rate, reader.count) == (RATE, len(IMAGES)) and reader.sound is not None
    for (_, frame), image in zip(reader.frames(range(len(mixed))), mixed, strict=True):
        assert np.abs(frame.astype(int) - image).mean() < 6


def test_new_and_old_ones_in_turn(tmp_path: Path) -> None:
    whole(tmp_path / "plain.mp4", IMAGES)
    whole(tmp_path / "mixed.mp4", IMAGES[:4] + OTHERS[4:8] + IMAGES[8:])
    with MovieWriter(tmp_path / "together.mp4", *SIZE, RATE, None) as writer:
        writer.append(tmp_path / "plain.mp4", 0)
        for image in OTHERS[4:8]:
            writer.write(image)
        writer.append(tmp_path / "plain.mp4", 2)
    assert (tmp_path / "together.mp4").read_bytes() == (tmp_path / "mixed.mp4").read_bytes()


def test_what_is_no_piece(tmp_path: Path) -> None:
    pieces = whole(tmp_path / "plain.mp4", IMAGES)
    with MovieWriter(tmp_path / "small.mp4", SIZE[0] // 2, SIZE[1] // 2, RATE, None) as writer:
        writer.write(IMAGES[0][: SIZE[1] // 2, : SIZE[0] // 2])
        small = writer.end_piece()
    with MovieWriter(tmp_path / "out.mp4", *SIZE, RATE, None) as writer:
        writer.append(pieces[0], 0)
        for bad, number in ((pieces[0], 1), (pieces[0][:200], 0), (tmp_path / "none.mp4", 0), (small, 0)):
            with pytest.raises(ValueError):
                writer.append(bad, number)
        writer.write(IMAGES[4])
        with pytest.raises(ValueError, match="not whole"):
            writer.append(pieces[0], 0)
    whole(tmp_path / "five.mp4", IMAGES[:5])
    assert (tmp_path / "out.mp4").read_bytes() == (tmp_path / "five.mp4").read_bytes()
