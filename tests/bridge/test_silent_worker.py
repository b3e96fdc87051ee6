# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that is stopped, or whose disk does not answer: told, and left to the person."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from support.made_workers import POSIX, Make, gone, poll_until_first, run, wait_until

from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode
from skyar_blender.worker.process.heartbeat import start_heartbeat


@POSIX
def test_a_stopped_worker_is_told_and_can_go_on(make: Make) -> None:
    worker = make(
        """
        say("alive"); progress(1)
        while not Path(__file__).with_name("go").exists(): say("alive"); time.sleep(0.05)
        say("done", output="/out")
        """,
        silent_after=0.5,
    )
    worker.start()
    poll_until_first(worker)
    assert worker.pid is not None and worker.silent_for is None
    os.killpg(worker.pid, signal.SIGSTOP)
    (warning,) = poll_until_first(worker)
    assert isinstance(warning, events.Warning) and warning.code == "worker_silent"
    assert "stopped" in warning.why and "cancel" in warning.todo.lower()
    assert worker.silent_for is not None and worker.silent_for > 0.5
    worker.keep_waiting()
    (again,) = poll_until_first(worker)
    assert isinstance(again, events.Warning)
    os.killpg(worker.pid, signal.SIGCONT)
    assert wait_until(lambda: not worker.poll() and worker.silent_for is None)
    Path(worker._command[-1]).with_name("go").touch()
    assert [type(event) for event in run(worker)] == [events.Done]


@POSIX
def test_a_stopped_worker_can_be_cancelled(make: Make) -> None:
    worker = make("""say("alive"); progress(1); time.sleep(60)""", cancel_grace=0.2)
    worker.start()
    poll_until_first(worker)
    assert worker.pid is not None
    os.killpg(worker.pid, signal.SIGSTOP)
    worker.cancel()
    (error,) = run(worker, within=8)
    assert isinstance(error, events.Error) and error.code == ErrorCode.CANCELLED
    assert gone(worker.pid)


def test_a_disk_that_does_not_answer_ends_the_beats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[events.Event] = []
    answers = threading.Event()
    opened = os.open

    def slow(path: object, flags: int) -> int:
        answers.wait(20)
        return opened(path, flags)  # type: ignore[arg-type]

    monkeypatch.setattr("skyar_blender.worker.process.heartbeat.os.open", slow)
    start_heartbeat(beats.append, (tmp_path,), interval=0.02)
    time.sleep(0.3)
    assert beats == [events.Alive()]
    answers.set()
    assert wait_until(lambda: len(beats) > 3)
