# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a job in a process of its own and watches it: events, processor time, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from ...contract import events
from ...contract.errors import ErrorCode, SkyarError
from ...contract.layout import OutputFolder

_INTERVAL = 0.03
#: What a run loads.
_LOADED = "import onnxruntime, skyar_blender.worker.cli.app, skyar_blender.worker.run.run_job"
#: What is before the first stage and after the last.
START = "start"
END = "end"


@dataclass(frozen=True)
class StageTimes:
    """Seconds by the clock, and of all processors together."""

    wall: float
    processor: float


@dataclass(frozen=True)
class WatchedRun:
    """One whole run, from the start of its process to the end.

    Attributes:
        seconds, processor: of all of it.
        stages: by name, in their order, with ``start`` and ``end`` around.
        first_event, first_frame: seconds until the first event, and until the first frame's images are on the disk.
        memory: the most that the process held, in bytes.
        written: bytes of all files made.
    """

    seconds: float
    processor: float
    stages: dict[str, StageTimes]
    first_event: float
    first_frame: float | None
    memory: int
    written: int


@dataclass
class _Samples:
    """What was seen of a process, moment by moment."""

    times: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: int = 0
    first_frame: float | None = None

    def processor_at(self, time_: float) -> float:
        return float(np.interp(time_, self.times, self.processor)) if self.times else 0.0


def keep_bytecode() -> None:
    """Let Python keep the code as it reads it, as it is kept where SkyAR is installed: no run has to read it anew."""
    subprocess.run([sys.executable, "-c", _LOADED], env=_environment(), check=True)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def watched_run(arguments: list[str], output: Path, cores: int | None = None) -> WatchedRun:
    """Run ``skyar ARGUMENTS --output OUTPUT --json``; on the first ``cores`` processors only, where that is given.

    Raises:
        SkyarError: what the run tells; ``internal`` when it dies without a word.
    """
    command = [sys.executable, "-m", "skyar_blender.worker.cli", *arguments, "--output", str(output), "--json"]
    begun = time.monotonic()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=_environment(),
    )
    samples, stopped = _Samples(), threading.Event()
    watching = psutil.Process(process.pid)
    if cores is not None:
        watching.cpu_affinity(watching.cpu_affinity()[:cores])
    sampler = threading.Thread(target=_sample, args=(watching, OutputFolder(output), samples, stopped), daemon=True)
    sampler.start()
    reported: list[tuple[float, str]] = []
    failure: events.Error | None = None
    assert process.stdout is not None
    for line in process.stdout:
        event = events.from_line(line)
        now = time.monotonic()
        if isinstance(event, events.Error):
            failure = event
        stage = event.stage if isinstance(event, events.Progress) else None
        reported.append((now, stage or (END if isinstance(event, events.Done) else "")))
    process.wait()
    ended = time.monotonic()
    stopped.set()
    sampler.join()
    if failure is not None or process.returncode:
        raise _failed(failure, process.returncode)
    return WatchedRun(
        seconds=ended - begun,
        processor=samples.processor[-1] if samples.processor else 0.0,
        stages=_stages(begun, ended, reported, samples),
        first_event=reported[0][0] - begun,
        first_frame=None if samples.first_frame is None else samples.first_frame - begun,
        memory=samples.memory,
        written=sum(file.stat().st_size for file in output.rglob("*") if file.is_file()),
    )


def _sample(process: psutil.Process, folder: OutputFolder, samples: _Samples, stopped: threading.Event) -> None:
    first = folder.matte(1), folder.plate(1), folder.sky(1)
    while not stopped.is_set():
        try:
            spent = process.cpu_times()
            memory = process.memory_info()
        except psutil.Error:
            return
        samples.times.append(time.monotonic())
        samples.processor.append(spent.user + spent.system)
        samples.memory = max(samples.memory, memory.rss)
        if samples.first_frame is None and all(path.exists() for path in first):
            samples.first_frame = time.monotonic()
        stopped.wait(_INTERVAL)


def _stages(
    begun: float, ended: float, reported: list[tuple[float, str]], samples: _Samples
) -> dict[str, StageTimes]:
    """Each stage lasts from its first event to that of the next."""
    begins: dict[str, float] = {START: begun}
    for moment, name in reported:
        if name and name not in begins:
            begins[name] = moment
    begins.setdefault(END, ended)
    names, moments = list(begins), [*begins.values(), ended]
    spent = [samples.processor_at(moment) for moment in moments]
    return {
        name: StageTimes(moments[index + 1] - moments[index], spent[index + 1] - spent[index])
        for index, name in enumerate(names)
    }


def _failed(failure: events.Error | None, status: int) -> SkyarError:
    if failure is not None:
        return failure.to_exception()
    return SkyarError(
        ErrorCode.INTERNAL,
        "The run that is timed ended without a word.",
        f"Exit status {status}.",
        "Run `skyar replace` on a clip to see what is wrong.",
    )
