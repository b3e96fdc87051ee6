# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers made of a few lines of Python, and waiting for what they do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from skyar_blender.bridge.worker_process import WorkerProcess
from skyar_blender.contract import events
from skyar_blender.contract.job import Clip, Job, Sky

JOB = Job(clip=Clip(path="/clip.mp4"), sky=Sky(source="sunset"), output="/out")
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and process groups of POSIX")
SAY = """
import json, os, signal, subprocess, sys, threading, time
from pathlib import Path
def say(event, **fields): print(json.dumps({"event": event, **fields}), flush=True)
def progress(n): say("progress", stage="matte", frame=n, total=3)
job = json.loads(Path(sys.argv[-1]).read_text())
"""

Make = Callable[..., WorkerProcess]


def run(worker: WorkerProcess, within: float = 20.0) -> list[events.Event]:
    """Poll until the end, and insist that no poll does much at once and that none but a few make the caller wait.

    A machine at work elsewhere may hold anybody up for a while, so that a single wait tells nothing.
    """
    found: list[events.Event] = []
    waits: list[float] = []
    end = time.monotonic() + within
    while worker.running:
        assert time.monotonic() < end, f"still running after {within} s; events: {found}"
        before, worked = time.monotonic(), time.thread_time()
        polled = worker.poll()
        assert time.thread_time() - worked < 0.5
        waits.append(time.monotonic() - before)
        assert len(polled) <= 1_001 or not worker.running
        found += polled
        time.sleep(0.02)
    assert sorted(waits)[len(waits) * 9 // 10 - 1] < 0.5
    return found


def poll_until_first(worker: WorkerProcess) -> list[events.Event]:
    end = time.monotonic() + 20
    while not (found := worker.poll()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def gone(pid: int) -> bool:
    """Whether no process has this number; a zombie counts as gone."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until(condition: Callable[[], bool], within: float = 10.0) -> bool:
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
