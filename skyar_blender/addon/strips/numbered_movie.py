# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiny images that carry their numbers, as a movie or as files: what Blender shows of them tells which it shows.

Uncompressed AVI and BMP, which Python writes without help: 16 columns of two pixels, white for a bit that is set, the
lowest bit first; the lower half is the inverse, so that a mixture of images is known as one.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

_BITS = 16
WIDTH = 2 * _BITS
HEIGHT = 8
#: Numbers that can be told apart.
MOST = 1 << _BITS
_SIZE = WIDTH * HEIGHT * 3
#: The header of a bitmap: rows from the lowest, 24 bits, not compressed.
_DESCRIPTION = struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, 24, 0, _SIZE, 0, 0, 0, 0)


def write_numbered(path: Path, count: int, rate: Fraction) -> None:
    """Write a movie of ``count`` images, numbered from 0."""
    movi = b"".join(_chunk(b"00db", _image(number)) for number in range(count))
    index = b"".join(struct.pack("<4s3I", b"00db", 0x10, 4 + number * (_SIZE + 8), _SIZE) for number in range(count))
    main = struct.pack("<10I16x", round(1e6 / rate), 0, 0, 0x10, count, 0, 1, _SIZE, WIDTH, HEIGHT)
    stream = struct.pack(
        "<4s4sIHHIIIIIIII4H",
        *(b"vids", b"DIB ", 0, 0, 0, 0, rate.denominator, rate.numerator, 0, count, _SIZE, 0xFFFFFFFF, 0),
        *(0, 0, WIDTH, HEIGHT),
    )
    streams = _list(b"strl", _chunk(b"strh", stream) + _chunk(b"strf", _DESCRIPTION))
    content = _list(b"hdrl", _chunk(b"avih", main) + streams) + _list(b"movi", movi) + _chunk(b"idx1", index)
    path.write_bytes(_chunk(b"RIFF", b"AVI " + content))


def write_numbered_images(folder: Path, count: int) -> list[str]:
    """Write ``count`` images, numbered from 0, into ``folder``; their names."""
    names = [f"{number:06d}.bmp" for number in range(count)]
    for number, name in enumerate(names):
        head = struct.pack("<2sIII", b"BM", 54 + _SIZE, 0, 54)
        (folder / name).write_bytes(head + _DESCRIPTION + _image(number))
    return names


def number_in(pixels: Sequence[float]) -> int | None:
    """The number that an image of WIDTH x HEIGHT shows; None where it is none of them, or several at once.

    ``pixels``: R, G, B, A, 0..1, row after row from the lowest.
    """
    number = 0
    for bit in range(_BITS):
        upper = pixels[4 * (WIDTH * (HEIGHT * 3 // 4) + 2 * bit)]
        lower = pixels[4 * (WIDTH * (HEIGHT // 4) + 2 * bit)]
        if abs(upper - lower) < 0.9:
            return None
        number |= (upper > lower) << bit
    return number


def _image(number: int) -> bytes:
    """Rows from the lowest, blue, green and red."""
    upper = b"".join((b"\xff" if number >> bit & 1 else b"\0") * 6 for bit in range(_BITS))
    return bytes(255 - value for value in upper) * (HEIGHT // 2) + upper * (HEIGHT // 2)


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data


def _list(name: bytes, data: bytes) -> bytes:
    return _chunk(b"LIST", name + data)
