# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs in processes of their own that may be killed or limited, started quickly by a server that has all loaded."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from support.fault_jobs import do_jobs, tiny_job
from support.jobs import run_here

from skyar_blender.contract import events
from skyar_blender.contract.job import Job

#: Seconds that any one job here may take, on a machine that has other work too.
PATIENCE = 120


@dataclass
class Outcome:
    """How a job ended: ``done``, the code of its error, or ``died``; and in whose words."""

    code: str
    words: str = ""


class Running:
    """Jobs at work in another process, one after the other."""

    def __init__(self, process: BaseProcess, reported: Connection) -> None:
        self.process = process
        self._reported = reported

    def outcome(self) -> Outcome:
        """Wait for the end of the next one; a job that hangs fails the test."""
        try:
            if self._reported.poll(PATIENCE):
                return Outcome(*self._reported.recv())
        except EOFError:
            return Outcome("died")
        raise AssertionError("the job hangs")

    def stop(self) -> None:
        """Kill the process."""
        self.process.kill()
        self.process.join()


Start = Callable[..., Running]


@pytest.fixture(scope="session")
def server() -> Iterator[Start]:
    """``server(*jobs, largest=None)``: start jobs; no file of them may become longer than ``largest`` bytes."""
    context = multiprocessing.get_context("forkserver")
    # OpenEXR starts threads as it is loaded, which no fork has: what uses it is left to each job.
    context.set_forkserver_preload(["av", "cv2", "scipy.interpolate", "scipy.optimize", "scipy.spatial"])
    started: list[Running] = []

    def start(*jobs: Job, largest: int | None = None) -> Running:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=do_jobs, args=(list(jobs), there, largest), daemon=True)
        process.start()
        there.close()
        started.append(Running(process, here))
        return started[-1]

    yield start
    for running in started:
        running.stop()


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """All stages of a tiny clip."""
    return tiny_job(tmp_path)


@pytest.fixture
def run() -> Callable[[Job], list[events.Event]]:
    """Run a job in this process; its events."""
    return run_here
