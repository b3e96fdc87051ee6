# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``report.json`` of a result, for panels: anybody may have changed it, so nothing in it is taken for granted."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...contract.documents import read_object
from .link import folder_of


def report_of(result_scene: Any) -> dict[str, Any] | None:
    """What the report of ``result_scene`` holds now; None where there is none, or it cannot be read.

    It is read again only when its file changes, since panels ask at each redraw.
    """
    path = folder_of(result_scene).report
    try:
        state = path.stat()
    except OSError:
        return None
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int, _size: int) -> dict[str, Any] | None:
    try:
        return read_object(path)
    except (OSError, ValueError):
        return None


def a_number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def a_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def a_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
