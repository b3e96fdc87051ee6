# SPDX-License-Identifier: GPL-3.0-or-later
"""``report.json``: what was made, how fast, and how sure each frame is."""

from __future__ import annotations

import json
import platform
import sys
import time
from typing import Any

import psutil

from .. import __version__
from .shot import Shot

REPORT_VERSION = 1


def write_report(shot: Shot, complete: bool) -> dict[str, Any]:
    """Write the report of this run and give its figures.

    ``seconds`` is how long this run took in all; ``stages`` counts what it computed and what it found complete;
    ``frames`` has one entry per frame of the job, its ``index`` from 0 as in ``track.json``.
    """
    reader = shot.reader
    shot.figures["peak_memory_mb"] = round(peak_memory() / 2**20, 1)
    report = {
        "version": REPORT_VERSION,
        "complete": complete,
        "skyar": __version__,
        "python": platform.python_version(),
        "clip": {
            "width": reader.width,
            "height": reader.height,
            "rate": str(reader.rate),
            "frames": len(shot.order),
        },
        "seconds": round(time.monotonic() - shot.started, 3),
        "stages": shot.stage_figures,
        "figures": shot.figures,
        "frames": _per_frame(shot),
    }
    shot.written.write_text(shot.folder.report, json.dumps(report, indent=1, allow_nan=False) + "\n")
    return shot.figures


def peak_memory() -> int:
    """The most memory that this process ever held, in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _per_frame(shot: Shot) -> list[dict[str, Any]]:
    return [
        {
            "index": index,
            "source_frame": source,
            **{name: values[index] for name, values in shot.per_frame.items()},
        }
        for index, source in enumerate(shot.order)
    ]
