# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading documents that anybody may have written: bounded in size, depth and digits, so that none can hang a
program, fill its memory or break what reads it later."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

#: Bytes of a JSON document, enough for the motion of half a million frames.
LARGEST = 1 << 28
#: Lists and objects within one another, and digits of a whole number. Our own have 8 and 16.
DEEPEST = 32
DIGITS = 18

#: What leads from a folder into another one, or to another disk.
_LEADING = "/\\:" if os.name == "nt" else "/"
_HUGE = re.compile(r"[eE]\+?\d{3}|\d{300}")


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is none, or goes beyond the limits.
    """
    data = parse_json(read_bytes(path, LARGEST))
    if not isinstance(data, dict):
        raise ValueError("it is not a JSON object")
    return data


def parse_json(text: str | bytes) -> Any:
    """A JSON document, in UTF-8 where it is bytes; numbers are finite, texts can be the name of a file.

    Raises:
        ValueError: it is none, or goes beyond the limits.
    """
    if len(text) > LARGEST:
        raise ValueError(f"it is longer than {LARGEST >> 20} MB")
    decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    try:
        # Looking at each number takes as long as reading it; only these can be too large for a float.
        fraction = finite if _HUGE.search(decoded) else None
        data = json.loads(decoded, parse_int=_whole, parse_constant=_refuse, parse_float=fraction)
    except RecursionError as error:
        raise ValueError("its lists and objects lie too deep within one another") from error
    # Plain ASCII without escapes, as SkyAR writes it, holds nothing that no file's name can hold.
    check_contents(data, texts="\\u" in decoded or not decoded.isascii())
    return data


def read_bytes(path: Path, largest: int) -> bytes:
    """What is in a file. Raises OSError, ValueError where it has more than ``largest`` bytes."""
    with path.open("rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise ValueError(f"it is longer than {largest >> 10} kB")
    return data


def finite(text: str) -> float:
    """The number that a document has written. Raises ValueError where it is infinite or none."""
    value = float(text)
    if not abs(value) < float("inf"):
        raise ValueError(f"{text} is no number that can be used")
    return value


def check_contents(data: Any, texts: bool) -> None:
    """Raise ValueError where a document is too deep, or with ``texts`` where a text of it is none that can be used.

    Level by level, as what is deep breaks what calls itself.
    """
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        if texts:
            _check_texts(each for each in level if isinstance(each, str))
        level = [child for each in level for child in _children(each) if texts or type(child) in (dict, list)]
        if not level:
            return
    raise ValueError("its lists and objects lie too deep within one another")


def check_plain_name(name: object, what: str) -> None:
    """Raise ValueError unless ``name`` is that of a file in a folder, and leads nowhere else on this system."""
    if (
        not isinstance(name, str)
        or not name.strip(". ")
        or any(sign in name for sign in _LEADING)
        or not is_text(name)
    ):
        raise ValueError(f"{what} is {name!r}, but must be the name of a file, without a folder")


def check_inside(path: str, what: str) -> None:
    """Raise ValueError where a relative ``path`` leads out of the folder that it is relative to."""
    if not is_text(path):
        raise ValueError(f"{what} is {path!r}, which can be no path")
    if not Path(path).is_absolute() and ".." in path.replace("\\", "/").split("/"):
        raise ValueError(f"{what} is {path!r}, but must not lead out of the output folder")


def is_number(value: object) -> bool:
    """Whether a value of a document is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def is_text(text: str) -> bool:
    """Whether a text can be the name of a file or be shown: without NUL, and without halves of characters but for
    those by which Python stands for bytes that are no UTF-8."""
    if text.isascii():
        return "\0" not in text
    try:
        return b"\0" not in text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False


def _whole(digits: str) -> int:
    if len(digits) > DIGITS:
        raise ValueError(f"a number in it has more than {DIGITS} digits")
    return int(digits)


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _children(value: Any) -> Iterable[Any]:
    if type(value) is dict:
        return (*value.keys(), *value.values())
    return value if type(value) is list else ()


def _check_texts(texts: Iterable[str]) -> None:
    for text in texts:
        if not is_text(text):
            raise ValueError("a text in it holds NUL, or half a character")
