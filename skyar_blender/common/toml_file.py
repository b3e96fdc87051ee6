# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading TOML that anybody may have written, within the limits of :mod:`..contract.documents`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from ..contract.documents import DIGITS, check_contents, finite, read_bytes

#: Bytes of a description; the longest of ours has 400.
LARGEST = 1 << 18


def read_toml(path: Path) -> dict[str, Any]:
    """The TOML document in a file, of what JSON has too; dates become texts.

    Raises:
        OSError: it cannot be read.
        ValueError: it is none, or goes beyond the limits.
    """
    try:
        data = tomllib.loads(read_bytes(path, LARGEST).decode("utf-8"), parse_float=finite)
        plain: dict[str, Any] = _plain(data)
    except RecursionError as error:
        raise ValueError("its lists and tables lie too deep within one another") from error
    check_contents(plain, texts=True)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**DIGITS:
        raise ValueError(f"a number in it has more than {DIGITS} digits")
    return value if isinstance(value, str | bool | int | float) else str(value)
