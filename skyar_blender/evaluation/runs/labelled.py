# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of labelled images: JSON Lines, one image a row, paths relative to the list.

==========  =============================================================================================
``image``   the image
``mask``    its truth, white is sky; may be left out where ``sky`` is "no"
``ignore``  white where the truth is unknown; may be left out
``set``     the set that it belongs to; the list's own name where there is none
``part``    "train", "evaluate" or any other word; may be left out
``kinds``   what is hard about it: a list of words, such as ["leaves", "facade"]; may be left out
``sky``     "no": nothing in the image is sky; "yes" without a mask: cannot be measured
==========  =============================================================================================

All other keys are passed over.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...contract.errors import ErrorCode, SkyarError
from ...worker.job.running_job import evenly_spread


@dataclass(frozen=True)
class LabelledImage:
    """One row; ``mask`` None means that nothing in the image is sky."""

    line: int
    set: str
    image: Path
    mask: Path | None
    ignore: Path | None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Selection:
    """The images to measure, and how many were left out because they have sky but no mask."""

    images: list[LabelledImage]
    unlabelled: int


def read_labelled(
    path: Path, part: str | None = None, sets: Sequence[str] | None = None, limit: int | None = None
) -> Selection:
    """The rows of ``part`` and ``sets`` (None: all); of each set at most ``limit``, spread evenly.

    Raises:
        SkyarError: ``clip_missing``: the list or a file that it names; ``clip_unreadable``: the list, or a row;
            ``bad_job``: nothing fits what was asked for.
    """
    rows = _rows(path)
    _check_known(path, "part", [part] if part else [], {row["part"] for _, row in rows if row.get("part")})
    rows = [(line, row) for line, row in rows if part is None or row.get("part") == part]
    _check_known(path, "set", sets or [], {_set(path, row) for _, row in rows})
    by_set: dict[str, list[LabelledImage]] = defaultdict(list)
    unlabelled = 0
    for line, row in rows:
        name = _set(path, row)
        if sets and name not in sets:
            continue
        if "mask" not in row and row.get("sky") == "yes":
            unlabelled += 1
        else:
            by_set[name].append(_image(path, line, row))
    if not by_set:
        raise SkyarError(
            ErrorCode.BAD_JOB,
            f"{path} has no picture that can be measured.",
            f"{unlabelled} pictures have sky but no mask." if unlabelled else "It has no row.",
            "Give a list whose rows name masks, or pictures without any sky.",
        )
    return Selection([image for images in by_set.values() for image in _some(images, limit)], unlabelled)


def _rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """(line number, row), checked to be objects with text where text belongs."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise SkyarError(
            ErrorCode.CLIP_MISSING, f"There is no list at {path}.", "There is no such file.", "Check the path."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SkyarError(
            ErrorCode.CLIP_UNREADABLE,
            f"The list {path} cannot be read.",
            f"{error}.",
            "Give a file of JSON Lines: one picture a row.",
        ) from error
    rows = []
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except ValueError as error:
            raise _broken(path, number, f"It is no JSON: {error}.") from error
        if not isinstance(row, dict):
            raise _broken(path, number, "It is no JSON object.")
        for key in ("image", "mask", "ignore", "set", "part", "sky"):
            if key in row and (not isinstance(row[key], str) or not row[key]):
                raise _broken(path, number, f"“{key}” is {json.dumps(row[key])}, but must be text.")
        kinds = row.get("kinds", [])
        if not isinstance(kinds, list) or not all(isinstance(kind, str) and kind for kind in kinds):
            raise _broken(path, number, f"“kinds” is {json.dumps(kinds)}, but must be a list of words.")
        if "image" not in row:
            raise _broken(path, number, "It names no “image”.")
        if "mask" not in row and row.get("sky") not in ("yes", "no"):
            raise _broken(path, number, "It has neither a “mask” nor a “sky” that is yes or no.")
        rows.append((number, row))
    return rows


def _image(path: Path, line: int, row: dict[str, Any]) -> LabelledImage:
    files = {key: path.parent / row[key] for key in ("image", "mask", "ignore") if key in row}
    for key, file in files.items():
        if not file.is_file():
            raise SkyarError(
                ErrorCode.CLIP_MISSING,
                f"Line {line} of {path} names the {key} {row[key]}, which is not there.",
                f"There is no file {file}; paths are relative to the list.",
                "Put the file back, or take the line out.",
            )
    kinds = tuple(dict.fromkeys(row.get("kinds", [])))
    return LabelledImage(line, _set(path, row), files["image"], files.get("mask"), files.get("ignore"), kinds)


def _set(path: Path, row: dict[str, Any]) -> str:
    return str(row.get("set", path.stem))


def _some(images: list[LabelledImage], limit: int | None) -> list[LabelledImage]:
    if limit is None:
        return images
    return [images[index] for index in evenly_spread(list(range(len(images))), limit)]


def _check_known(path: Path, kind: str, requested: Sequence[str], known: set[str]) -> None:
    for name in requested:
        if name not in known:
            raise SkyarError(
                ErrorCode.BAD_JOB,
                f"{path} has no {kind} “{name}”.",
                f"It has: {', '.join(sorted(known))}." if known else f"Its rows name no {kind} at all.",
                f"Choose one of these, or leave out --{kind if kind == 'part' else 'sets'}.",
            )


def _broken(path: Path, line: int, why: str) -> SkyarError:
    return SkyarError(
        ErrorCode.CLIP_UNREADABLE, f"Line {line} of {path} cannot be used.", why, "Mend this line, or take it out."
    )
