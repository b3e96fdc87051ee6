# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs that are at work or wait, whose folders others must leave alone."""

from __future__ import annotations

from ...contract.job import Job

#: By the run that does them.
_jobs: dict[object, list[Job]] = {}


def add(run: object, jobs: list[Job]) -> None:
    """``run`` is to do ``jobs``."""
    _jobs[run] = jobs


def remove(run: object) -> None:
    """``run`` is over."""
    _jobs.pop(run, None)


def jobs() -> list[Job]:
    """All of them."""
    return [job for each in _jobs.values() for job in each]
