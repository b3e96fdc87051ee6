# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of versions of SkyAR that kept no record of their files: what can be decoded is taken for whole."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import av

from ...contract.documents import parse_json, read_object
from ...contract.file_record import Record, state_of
from ...contract.layout import OutputFolder
from ...contract.track_file import Track
from ...engine.media.exr import read_exr
from ...engine.media.prefetch import parallel_map
from ..process.control import CancelToken
from .verification import files_of

#: What those versions kept in ``state/`` to tell the clip from another.
_CLIP = "clip.json"
_PNG = b"\x89PNG\r\n\x1a\n"


def older_record(folder: OutputFolder) -> Record | None:
    """Job and clip of a result that has no record but tells both, none of its files yet; None for all others."""
    if folder.record.exists() or folder.record.is_symlink():
        return None
    try:
        clip = parse_json((folder.state / _CLIP).read_bytes())
        return Record(job=read_object(folder.job), clip=dict(clip))
    except (OSError, ValueError, TypeError):
        return None


def look_through(folder: OutputFolder, record: Record, token: CancelToken) -> None:
    """Put all files that can be decoded into the ``record`` of :func:`older_record`. Raises ``cancelled``."""
    paths = list(files_of(folder))
    for path, whole in zip(paths, parallel_map(_is_whole, paths), strict=True):
        token.check()
        if whole:
            record.files[path.relative_to(folder.root).as_posix()] = [state_of(path)]


def _is_whole(path: Path) -> bool:
    """Whether all of a file can be decoded."""
    try:
        if path.is_symlink() or not path.is_file():
            return False
        if path.suffix == ".png":
            return _is_png(path.read_bytes())
        if path.suffix == ".exr":
            return read_exr(path).size > 0
        if path.suffix == ".npz":
            with zipfile.ZipFile(path) as archive:
                return archive.testzip() is None
        if path.suffix == ".mp4":
            with av.open(str(path)) as movie:
                return all(not frame.is_corrupt for frame in movie.decode(video=0)) and bool(movie.duration)
        text = path.read_text(encoding="utf-8")
        if path.name in ("track.json", "track_solved.json"):
            return bool(Track.from_json(text).frames)
        parse_json(text)
        return True
    except Exception:  # whatever a library makes of damage
        return False


def _is_png(data: bytes) -> bool:
    """Whether the sums of all parts are right, and the image is as long as it says (W3C PNG, 5.3 and 10)."""
    if not data.startswith(_PNG):
        return False
    parts = list(_parts(data))
    if parts[0][0] != b"IHDR" or parts[-1][0] != b"IEND":
        return False
    width, height, depth, colour = struct.unpack(">IIBB", parts[0][1][:10])
    channels = {0: 1, 2: 3, 4: 2, 6: 4}.get(colour, 0)
    pixels = zlib.decompress(b"".join(content for name, content in parts if name == b"IDAT"))
    return channels > 0 and len(pixels) == height * (1 + width * channels * depth // 8)


def _parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG)
    while place < len(data):
        (size,) = struct.unpack_from(">I", data, place)
        name, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + size]
        (reported,) = struct.unpack_from(">I", data, place + 8 + size)
        if zlib.crc32(name + content) != reported:
            raise ValueError("a sum is wrong")
        yield name, content
        place += 12 + size
