# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of a folder are the images of a sequence, and in which order."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

#: Images that make up a sequence.
PICTURE_ENDINGS = {
    ".png",
    ".jpg",
    ".jpeg",
    ".tif",
    ".tiff",
    ".webp",
    ".exr",
    ".bmp",
    ".hdr",
    ".dpx",
    ".tga",
    ".sgi",
    ".jp2",
}


def is_image(path: Path) -> bool:
    """Whether the name is that of an image, and not hidden."""
    return path.suffix.lower() in PICTURE_ENDINGS and not path.name.startswith(".")


def images_in(folder: Path, pattern: str = "*") -> list[str]:
    """Names of the images in ``folder`` that fit ``pattern``, 2 before 10. Raises OSError if that fails."""
    fitting = (entry.name for entry in folder.iterdir() if is_image(entry) and fnmatchcase(entry.name, pattern))
    return sorted(fitting, key=_natural)


def _natural(name: str) -> list[tuple[int, str]]:
    """Order in which 2 comes before 10."""
    return [(int(part), "") if part.isdigit() else (-1, part.lower()) for part in re.split(r"(\d+)", name)]
