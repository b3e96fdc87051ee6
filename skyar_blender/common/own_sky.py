# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person says of a sky of their own, in a file beside its image; whatever it leaves out is measured.

For ``evening.exr`` that is ``evening.toml``, or a ``sky.toml`` whose ``file`` it is, as the shipped skies have. The
keys are those of the shipped skies (skyboxes/README.md), and none is needed. A sky whose ``mean_luminance`` is told
is exposed as it should be; others are brought to a usual exposure.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..contract.documents import check_plain_name, is_number
from ..contract.errors import ErrorCode, SkyarError
from .toml_file import read_toml

#: Name of a sky's files in a folder of its own, and of what is said of it there.
IN_FOLDER = "sky"
DESCRIPTION = f"{IN_FOLDER}.toml"

_TEXTS = ("name", "file", "title", "licence", "kind", "projection")
_KINDS = ("still", "loop")
_PROJECTIONS = ("equirectangular", "flat")


def own_metadata(image: Path) -> dict[str, Any]:
    """What is said of the sky in ``image``; empty where nothing is.

    Raises:
        SkyarError: ``sky_unreadable``: the description cannot be read or says something impossible.
    """
    if not image.name:
        return {}
    for path in (image.with_suffix(".toml"), image.parent / DESCRIPTION):
        try:
            metadata = read_toml(path)
            if path.name == DESCRIPTION and image.stem != IN_FOLDER and metadata.get("file") != image.name:
                continue  # another picture's
            _check(metadata)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:
            raise _unreadable(path, str(error)) from error
        return metadata
    return {}


def own_name(image: Path) -> str:
    """The name of the sky in ``image`` as long as no description gives another: the picture's own without its
    ending, or that of the folder which a ``sky`` has to itself and its ``sky.toml``."""
    return image.parent.name if in_own_folder(image) else image.stem


def in_own_folder(image: Path) -> bool:
    """Whether it is the sky of a folder made as those of the shipped skies are."""
    return image.stem == IN_FOLDER and (image.parent / DESCRIPTION).is_file()


def _check(metadata: dict[str, Any]) -> None:
    for key in _TEXTS:
        if not isinstance(metadata.get(key, ""), str):
            raise ValueError(f"{key} must be a text")
    if "file" in metadata:
        check_plain_name(metadata["file"], "file")
    if metadata.get("kind", "still") not in _KINDS:
        raise ValueError(f"kind must be one of {', '.join(_KINDS)}")
    if metadata.get("projection", "flat") not in _PROJECTIONS:
        raise ValueError(f"projection must be one of {', '.join(_PROJECTIONS)}")
    tags = metadata.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError("tags must be a list of texts")
    if not isinstance(metadata.get("rain", False), bool):
        raise ValueError("rain must be true or false")
    for key in ("mean_luminance", "peak"):
        if key in metadata and not (is_number(metadata[key]) and metadata[key] > 0):
            raise ValueError(f"{key} must be a number above 0")
    for key, count in (("sun_direction", 2), ("sun_colour", 3), ("horizon_colour", 3)):
        value = metadata.get(key, [0.0] * count)
        if not (isinstance(value, list) and len(value) == count and all(map(is_number, value))):
            raise ValueError(f"{key} must be {count} numbers")
    if metadata.get("kind") == "loop" and "peak" not in metadata:
        raise ValueError("a loop needs its peak")
    if "drift" in metadata:
        _check_drift(metadata["drift"])


def _check_drift(drift: object) -> None:
    if not isinstance(drift, dict):
        raise ValueError("drift must be a table")
    numbers: dict[str, Any] = {key: drift.get(key) for key in ("heading", "speed", "height", "seconds")}
    numbers["dissolve"] = drift.get("dissolve", numbers["seconds"])
    for key, value in numbers.items():
        if not is_number(value):
            raise ValueError(f"drift.{key} must be a number")
    for key in ("height", "seconds", "dissolve"):
        if numbers[key] <= 0:
            raise ValueError(f"drift.{key} must be above 0")
    if numbers["dissolve"] > numbers["seconds"]:
        raise ValueError("drift.dissolve must be at most drift.seconds")
    if "file" in drift:
        check_plain_name(drift["file"], "drift.file")


def _unreadable(path: Path, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.SKY_UNREADABLE,
        f"The description of a sky cannot be read: {path}.",
        f"{why[:1].upper()}{why[1:].rstrip('.')}.",
        "Mend the file, or remove it: what it says can be measured.",
    )
