# SPDX-License-Identifier: GPL-3.0-or-later
"""What files tell of being images of all directions.

Movies: the boxes st3d/sv3d of MP4 (Google's Spherical Video V2), the XML of V1 and the Projection of Matroska, as
FFmpeg hands them on. Photographs: Google's Photo Sphere XMP (GPano).
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any

from av.video.frame import VideoFrame

#: AVSphericalProjection of FFmpeg: equirectangular, the whole sphere.
_EQUIRECTANGULAR = 0
#: Bytes of a photograph within which its XMP lies.
_HEAD = 1 << 18
_PROJECTION = re.compile(rb"GPano:ProjectionType(?:=[\"']|>)\s*equirectangular", re.IGNORECASE)
_NUMBER = r"GPano:%s(?:=[\"']|>)\s*(\d{1,7})"


def frame_is_spherical(frame: VideoFrame) -> bool:
    """Whether a decoded image is said to be of all directions."""
    side_data: Any = frame.side_data  # its type names one key only
    try:
        reported = side_data["SPHERICAL"]
    except KeyError:
        return False
    return reported.buffer_size >= 4 and bool(struct.unpack_from("=i", bytes(reported), 0)[0] == _EQUIRECTANGULAR)


def photograph_is_spherical(path: Path) -> bool:
    """Whether an image's file says that it is of all directions; a part of the sphere is not."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    if not _PROJECTION.search(head):
        return False
    return all(
        _number(head, f"CroppedArea{name}Pixels", f"CroppedAreaImage{name}Pixels")
        == _number(head, f"FullPano{name}Pixels")
        for name in ("Width", "Height")
    )


def _number(head: bytes, *names: str) -> int | None:
    for name in names:
        found = re.search((_NUMBER % name).encode(), head)
        if found:
            return int(found[1])
    return None
