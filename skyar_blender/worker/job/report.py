# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ``report.json``."""

from __future__ import annotations

import json
import platform
import sys
import time
from typing import Any

import psutil

from ... import __version__
from ...common.option_lookup import values_of
from ...contract.report import ClipFigures, Report, RunFigures
from .gathered import StageReport
from .running_job import RunningJob


def write_report(running: RunningJob, complete: bool) -> dict[str, Any]:
    """Write the report of this run, as :mod:`skyar_blender.contract.report` has it, and give its figures."""
    reader = running.reader
    width, height = running.clip_size
    running.tell_of_device()
    memory = RunFigures(
        peak_memory_mb=round(peak_memory() / 2**20, 1),
        warnings=running.warnings,
        working_size=None if running.working_size == running.clip_size else list(running.working_size),
        on_device=sorted(running.computing.used) or None,
    )
    running.gathered.take(StageReport(figures=[memory]))
    report = Report(
        complete=complete,
        skyar=__version__,
        python=platform.python_version(),
        clip=ClipFigures(width=width, height=height, rate=str(reader.rate), frames=len(running.order)),
        seconds=round(time.monotonic() - running.started, 3),
        options=values_of(running.job),
        stages={step: running.gathered.rows[step] for step in running.job.steps if step in running.gathered.rows},
        figures=running.gathered.figures(),
        frames=running.gathered.frames(running.order),
    )
    data = report.to_dict(running.gathered.frame_names)
    running.written.write_text(running.folder.report, json.dumps(data, indent=1, allow_nan=False) + "\n")
    figures: dict[str, Any] = data["figures"]
    return figures


def peak_memory() -> int:
    """The most memory that this process ever held, in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
