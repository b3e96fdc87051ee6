# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``report.json`` of a result, for panels."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import bpy

from ...contract.layout import OutputFolder
from ...contract.report import Report, read_report
from .link import folder_of


def report_of(result_scene: bpy.types.Scene) -> Report | None:
    """What the report of ``result_scene`` holds now; None where there is none, or it cannot be read."""
    try:
        return report_in(folder_of(result_scene))
    except (OSError, ValueError):
        return None


def report_in(folder: OutputFolder) -> Report:
    """What the report in ``folder`` holds now. Raises OSError or ValueError where it cannot be read.

    It is read again only when its file changes, since panels ask at each redraw.
    """
    state = folder.report.stat()
    found = _read(folder.report, state.st_mtime_ns, state.st_size)
    if isinstance(found, Exception):
        raise found
    return found


@lru_cache(maxsize=16)
def _read(path: Path, _changed: int, _size: int) -> Report | OSError | ValueError:
    try:
        return read_report(path)
    except (OSError, ValueError) as error:
        return error
