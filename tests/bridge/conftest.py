# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker processes of the test's own making."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest
from support.made_workers import JOB, SAY

from skyar_blender.bridge.worker_process import WorkerProcess


@pytest.fixture(autouse=True)
def no_engine_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who develops may have named an engine's Python for Blender's tests; it would be found before all others."""
    monkeypatch.delenv("SKYAR_ENGINE_PYTHON", raising=False)


@pytest.fixture
def make(tmp_path: Path):
    """Makes a worker out of a few lines of Python; all are ended after the test."""
    made: list[WorkerProcess] = []

    def make(body: str, **options: float) -> WorkerProcess:
        script = tmp_path / f"worker {len(made)}.py"
        script.write_text(SAY + textwrap.dedent(body), encoding="utf-8")
        worker = WorkerProcess(Path(sys.executable), JOB, command=[sys.executable, str(script)], **options)
        made.append(worker)
        return worker

    yield make
    for worker in made:
        worker.stop()
