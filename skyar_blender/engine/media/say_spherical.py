# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling players that an MP4 shows all directions: Google's Spherical Video V1, which they and FFmpeg know.

FFmpeg writes no such box for a movie that is encoded here, so it is put in afterwards.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

#: Of the box, and what it says.
_UUID = bytes.fromhex("ffcc8263f8554a938814587a02521fdd")
_WORDS = (
    b'<?xml version="1.0"?><rdf:SphericalVideo xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    b'xmlns:GSpherical="http://ns.google.com/videos/1.0/spherical/">'
    b"<GSpherical:Spherical>true</GSpherical:Spherical><GSpherical:Stitched>true</GSpherical:Stitched>"
    b"<GSpherical:StitchingSoftware>SkyAR</GSpherical:StitchingSoftware>"
    b"<GSpherical:ProjectionType>equirectangular</GSpherical:ProjectionType></rdf:SphericalVideo>"
)


def say_spherical(path: Path) -> None:
    """Put the box into the first track of the MP4 at ``path``, whose index (``moov``) is its last box.

    Raises:
        OSError: it cannot be read or written.
        ValueError: it is no such file.
    """
    with path.open("r+b") as file:
        start = _last_box(file.read(16), file)
        file.seek(start)
        moov = file.read()
        box = (len(_UUID + _WORDS) + 8).to_bytes(4, "big") + b"uuid" + _UUID + _WORDS
        first, last = _box_in(moov, b"trak")
        grown = bytearray(moov[:last] + box + moov[last:])
        for place in (0, first):
            size = int.from_bytes(grown[place : place + 4], "big") + len(box)
            grown[place : place + 4] = size.to_bytes(4, "big")
        file.seek(start)
        file.write(grown)


def _last_box(head: bytes, file: BinaryIO) -> int:
    """Where ``moov`` begins; ``head`` are the first bytes of the file."""
    place = 0
    while len(head) >= 8:
        size, kind = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if kind == b"moov":
            return place
        if size < 8:
            break
        place += size
        file.seek(place)
        head = file.read(16)
    raise ValueError("it has no index at its end")


def _box_in(parent: bytes, kind: bytes) -> tuple[int, int]:
    """Start and end of the first box of a ``kind`` in another one."""
    place = 8
    while place + 8 <= len(parent):
        size = int.from_bytes(parent[place : place + 4], "big")
        if parent[place + 4 : place + 8] == kind:
            return place, place + size
        place += max(size, 8)
    raise ValueError(f"it has no {kind.decode()}")
