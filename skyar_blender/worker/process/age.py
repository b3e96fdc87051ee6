# SPDX-License-Identifier: GPL-3.0-or-later
"""Since when a person has waited: starting Python and loading packages is part of the first job of a process."""

from __future__ import annotations

import time

import psutil

_jobs = 0


def begun() -> float:
    """By the monotonic clock, when this process was started; from its second job on, now."""
    global _jobs
    _jobs += 1
    now = time.monotonic()
    return now - max(0.0, time.time() - psutil.Process().create_time()) if _jobs == 1 else now
