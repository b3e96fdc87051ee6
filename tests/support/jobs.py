# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker processes, and what they leave behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from skyar_blender.common.changed_sky import with_other_sky
from skyar_blender.contract import events
from skyar_blender.contract.file_record import file_line, head_line, state_of
from skyar_blender.contract.job import Clip, Job, Look, Settings, Sky
from skyar_blender.contract.layout import OutputFolder
from skyar_blender.contract.option import options_of
from skyar_blender.engine.media.images import write_png
from skyar_blender.worker.job.folder import fingerprint
from skyar_blender.worker.process.control import CancelToken
from skyar_blender.worker.run.run_job import run_job
from support.warm_commands import run_warm

ROOT = Path(__file__).resolve().parents[2]


def quick_job(folder: Path, clip: Path | Clip, **changes: Any) -> Job:
    """A quick job on a movie, under a small sky of the tests' own; both the sky and the result lie in ``folder``."""
    panorama = folder / "panorama.png"
    rows = np.linspace(255, 60, 64)[:, None, None]
    write_png(panorama, (rows * np.array([0.9, 0.5, 0.3]) * np.ones((1, 128, 1))).astype(np.uint8))
    job = Job(
        clip=clip if isinstance(clip, Clip) else Clip(path=str(clip)),
        sky=Sky(source=str(panorama)),
        output=str(folder / "out"),
        settings=Settings(quality="draft", matte_method="adaptive"),
    )
    return replace(job, **changes)


def run_here(job: Job) -> list[events.Event]:
    """Run a job in this process; its events."""
    reported: list[events.Event] = []
    run_job(job, reported.append, CancelToken())
    return reported


def copy_of(finished: Job, folder: Path) -> Job:
    """A job that is done, in ``folder``: clip and result are copies, so that a test may spoil them."""
    clip = folder / Path(finished.clip.path).name
    shutil.copy2(finished.clip.path, clip)
    shutil.copytree(finished.output, folder / Path(finished.output).name)
    output = folder / Path(finished.output).name
    job = replace(finished, clip=replace(finished.clip, path=str(clip)), output=str(output))
    OutputFolder(output).job.write_text(job.to_json())
    with OutputFolder(output).record.open("ab") as record:
        record.write(head_line(job.to_dict(), fingerprint(job)))
    return job


def under_other_sky(job: Job, output: Path, sky: Sky, look: Look | None = None, **values: Any) -> Job:
    """The job that gives the result of ``job`` all of ``sky``, and of ``look``; ``values`` of options besides."""
    parts = {"sky": sky} if look is None else {"sky": sky, "look": look}
    given = {
        each.name: getattr(one, each.field) for part, one in parts.items() for each in options_of(type(one), part)
    }
    return with_other_sky(job, job.output, str(output), sky.source, given | values)


def start_worker(job: Job, folder: Path) -> subprocess.Popen[str]:
    """A worker process on ``job``; its standard input stays open, since its end would stop the job."""
    path = folder / "the job.json"
    path.write_text(job.to_json())
    return subprocess.Popen(
        [sys.executable, "-m", "skyar_blender.worker", "--job", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(folder / "stderr.txt").open("w"),
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def finish_worker(worker: subprocess.Popen[str]) -> list[str]:
    """Wait for the end; the lines of standard output."""
    assert worker.stdout is not None
    lines = worker.stdout.read().splitlines()
    worker.wait(timeout=60)
    return lines


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every matte and sky below an output folder."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for kind in ("matte", "sky")
        for path in sorted((folder / kind).glob("*"))
    }


def take_as_written(folder: Path, name: str) -> None:
    """Let a file that a test has put into a result be taken for one that SkyAR wrote."""
    with OutputFolder(folder).record.open("ab") as record:
        record.write(file_line(name, state_of(folder / name)))


def report_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "report.json").read_text())


def skyar(*arguments: object, cwd: Path | None = None, fresh: bool = False) -> subprocess.CompletedProcess[str]:
    """The command ``skyar`` to its end, in a process that has its packages loaded; ``fresh``: as a shell does."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "NO_COLOR": "1"}
    if not fresh:
        return run_warm([str(each) for each in arguments], cwd or Path.cwd(), environment)
    return subprocess.run(
        [sys.executable, "-m", "skyar_blender.worker.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cwd,
        check=False,
        env=environment,
    )
