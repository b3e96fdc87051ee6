# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress of work that is no job: a bar on a terminal, a line every few seconds elsewhere; on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_PLAIN_INTERVAL = 5.0


@contextmanager
def progress_bar(name: str, total: int) -> Iterator[Callable[[], None]]:
    """A function to call once for each of ``total`` steps."""
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as bar:
            task = bar.add_task(name.replace("[", "\\["), total=total)
            yield lambda: bar.advance(task)
        return
    done, reported = 0, time.monotonic()

    def step() -> None:
        nonlocal done, reported
        done += 1
        if time.monotonic() - reported >= _PLAIN_INTERVAL:
            reported = time.monotonic()
            print(f"{name}: {done}/{total}", file=sys.stderr, flush=True)

    yield step
