# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that works, babbles, hangs, dies or outlives its supervisor: real processes, no engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.made_workers import JOB, POSIX, SAY, Make, gone, poll_until_first, run, wait_until

from skyar_blender.bridge.worker_process import WorkerProcess
from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError


def test_events_arrive_in_order_and_the_job_reaches_the_worker(make: Make) -> None:
    worker = make("""
        say("started", version=1, output=job["output"], pid=os.getpid(), frames=3, resumed=False, engine="test")
        for n in (1, 2, 3): progress(n)
        say("done", output=job["output"], figures={"sky": job["sky"]["source"]})
    """)
    assert not worker.running
    worker.start()
    found = run(worker)
    assert [type(event) for event in found] == [events.Started, *[events.Progress] * 3, events.Done]
    assert found[-1] == events.Done(output="/out", figures={"sky": "sunset"}) == worker.result
    assert isinstance(found[0], events.Started) and found[0].pid == worker.pid
    assert worker.poll() == []


def test_the_job_file_is_removed(make: Make) -> None:
    worker = make("""say("done", output=sys.argv[-1])""")
    worker.start()
    done = run(worker)[-1]
    assert isinstance(done, events.Done)
    assert not Path(done.output).exists()


def test_lines_that_are_no_events_go_to_the_log(make: Make) -> None:
    worker = make("""
        print("a library says hello"); print("{broken"); print('{"event": "nonsense"}'); print("[1]")
        sys.stdout.buffer.write(b"\\xff\\xfe not UTF-8\\n"); sys.stdout.flush()
        print("on standard error", file=sys.stderr)
        say("done", output="/out", a_field_of_the_future=1)
    """)
    worker.start()
    assert run(worker) == [events.Done(output="/out")]
    assert {"a library says hello", "{broken", '{"event": "nonsense"}', "[1]"} <= set(worker.log)
    assert "on standard error" in worker.log


def test_nothing_counts_after_the_last_event(make: Make) -> None:
    worker = make(
        """say("done", output="/out"); progress(1); say("error", code="internal", what="", why="", todo="")"""
    )
    worker.start()
    assert run(worker) == [events.Done(output="/out")]


@POSIX
def test_a_killed_worker_is_reported_within_two_seconds(make: Make) -> None:
    worker = make("""
        for n in range(40): print("log line", n, file=sys.stderr, flush=True)
        progress(1)
        time.sleep(60)
    """)
    worker.start()
    poll_until_first(worker)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    killed = time.monotonic()
    (error,) = run(worker)
    assert time.monotonic() - killed < 2.0
    assert isinstance(error, events.Error)
    assert error.code == ErrorCode.WORKER_DIED
    assert "SIGKILL" in error.why and "memory" in error.why
    assert "log line 39" in error.why and "log line 25\n" in error.why and "log line 24\n" not in error.why
    assert error.todo


@POSIX
def test_a_crash_is_told_from_being_killed(make: Make) -> None:
    worker = make("os.kill(os.getpid(), signal.SIGSEGV)")
    worker.start()
    (error,) = run(worker)
    assert isinstance(error, events.Error) and "crashed (SIGSEGV)" in error.why


def test_an_exception_is_quoted(make: Make) -> None:
    worker = make("raise ValueError('the cause')")
    worker.start()
    (error,) = run(worker)
    assert isinstance(error, events.Error)
    assert error.code == ErrorCode.WORKER_DIED
    assert "exit status 1" in error.why and "ValueError: the cause" in error.why


def test_leaving_without_a_last_event_is_an_error(make: Make) -> None:
    worker = make("progress(3)")
    worker.start()
    found = run(worker)
    assert isinstance(found[-1], events.Error) and found[-1].code == ErrorCode.WORKER_DIED


def test_a_missing_package_is_named(make: Make) -> None:
    worker = make("import a_package_that_nobody_has")
    worker.start()
    (error,) = run(worker)
    assert isinstance(error, events.Error)
    assert error.code == ErrorCode.ENGINE_INCOMPLETE
    assert "a_package_that_nobody_has" in error.why


def test_an_error_of_the_worker_is_the_only_one(make: Make) -> None:
    worker = make("""
        say("error", code="clip_missing", what="What.", why="Why.", todo="Do.")
        sys.exit(3)
    """)
    worker.start()
    assert run(worker) == [events.Error(code="clip_missing", what="What.", why="Why.", todo="Do.")]


def test_cancel_lets_the_worker_finish_its_frame(make: Make) -> None:
    worker = make("""
        progress(1)
        if sys.stdin.readline() == "cancel\\n":
            say("artifact", name="matte", path="/out/matte")
            say("error", code="cancelled", what="What.", why="Why.", todo="Do.")
            sys.exit(130)
    """)
    worker.start()
    poll_until_first(worker)
    worker.cancel()
    found = run(worker, within=4)
    assert [type(event) for event in found] == [events.Artifact, events.Error]
    assert found[-1] == events.Error(code="cancelled", what="What.", why="Why.", todo="Do.")


@POSIX
def test_a_worker_that_ignores_everything_is_killed_after_the_grace(make: Make) -> None:
    worker = make(
        """
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        progress(1)
        while True: time.sleep(60)
        """,
        cancel_grace=0.3,
    )
    worker.start()
    poll_until_first(worker)
    worker.cancel()
    (error,) = run(worker, within=8)
    assert isinstance(error, events.Error) and error.code == ErrorCode.CANCELLED
    assert worker.pid is not None and gone(worker.pid)


@POSIX
def test_a_grandchild_that_keeps_the_pipes_open_does_not_hide_the_death(make: Make) -> None:
    worker = make("""
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        progress(child.pid)
        os._exit(9)
    """)
    worker.start()
    (first,) = poll_until_first(worker)
    assert isinstance(first, events.Progress)
    try:
        (error,) = run(worker, within=2.0)
        assert isinstance(error, events.Error) and "exit status 9" in error.why
        assert not gone(first.frame), "the grandchild ended early: this test shows nothing"
    finally:
        os.kill(first.frame, signal.SIGKILL)


def test_floods_do_not_block(make: Make) -> None:
    worker = make("""
        for n in range(60_000): print("x" * 100, file=sys.stderr)
        for n in range(30_000): progress(n)
        say("done", output="/out")
    """)
    worker.start()
    found = run(worker, within=60)
    assert sum(isinstance(event, events.Progress) for event in found) == 30_000
    assert isinstance(found[-1], events.Done)
    assert len(worker.log) < 5_000


def test_a_line_without_end_does_not_fill_the_memory(make: Make) -> None:
    worker = make("""
        for n in range(20): sys.stdout.write("x" * (1 << 20))
        print(); say("done", output="/out")
    """)
    worker.start()
    assert run(worker) == [events.Done(output="/out")]


@pytest.mark.parametrize("kind", ["missing", "not a program", "a folder"])
def test_an_interpreter_that_cannot_be_started(tmp_path: Path, kind: str) -> None:
    python = tmp_path / "python"
    if kind == "not a program":
        python.write_text("hello")
    elif kind == "a folder":
        python.mkdir()
    worker = WorkerProcess(python, JOB)
    with pytest.raises(SkyarError) as caught:
        worker.start()
    assert caught.value.code == ErrorCode.ENGINE_MISSING
    assert str(python) in caught.value.what and "Set Up Engine" in caught.value.todo
    assert not worker.running


@POSIX
def test_stop_ends_the_worker_and_its_children(make: Make) -> None:
    worker = make("""
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        progress(child.pid)
        time.sleep(60)
    """)
    worker.start()
    (first,) = poll_until_first(worker)
    assert isinstance(first, events.Progress)
    worker.stop()
    assert not worker.running
    assert worker.pid is not None and gone(worker.pid)
    assert wait_until(lambda: gone(first.frame))
    assert worker.result is not None


def test_wait_hands_over_everything(make: Make) -> None:
    worker = make("""progress(1); say("done", output="/out")""")
    worker.start()
    found: list[events.Event] = []
    worker.wait(found.append)
    assert [type(event) for event in found] == [events.Progress, events.Done]


def test_wait_ends_the_worker_when_the_listener_fails(make: Make) -> None:
    worker = make("progress(1); time.sleep(60)")
    worker.start()

    def listener(event: events.Event) -> None:
        raise RuntimeError("the listener's own")

    with pytest.raises(RuntimeError, match="the listener's own"):
        worker.wait(listener)
    assert not worker.running


def test_interrupting_wait_cancels(make: Make) -> None:
    worker = make("""
        progress(1)
        if sys.stdin.readline() == "cancel\\n":
            say("error", code="cancelled", what="What.", why="Why.", todo="Do.")
    """)
    worker.start()
    found: list[events.Event] = []

    def listener(event: events.Event) -> None:
        found.append(event)
        if isinstance(event, events.Progress):
            raise KeyboardInterrupt

    worker.wait(listener)
    assert isinstance(found[-1], events.Error) and found[-1].code == ErrorCode.CANCELLED


SUPERVISOR = """
import json, sys, time
from pathlib import Path
from skyar_blender.bridge.worker_process import WorkerProcess
from skyar_blender.contract.job import Clip, Job, Sky
job = Job(clip=Clip(path="/clip.mp4"), sky=Sky(source="sunset"), output="/out")
worker = WorkerProcess(Path(sys.executable), job, command=[sys.executable, sys.argv[1]])
worker.start()
while not worker.poll():
    time.sleep(0.02)
print(worker.pid, flush=True)
time.sleep(60)
"""


@POSIX
def test_the_worker_ends_when_its_supervisor_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "worker.py"
    script.write_text(SAY + "progress(1)\nsys.stdin.read()\nPath(__file__).with_name('left').touch()\n")
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(script)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert supervisor.stdout is not None
    pid = int(supervisor.stdout.readline())
    assert not gone(pid)
    supervisor.kill()
    supervisor.wait()
    assert wait_until(lambda: gone(pid))
    assert (tmp_path / "left").exists()
    supervisor.stdout.close()


def test_blenders_python_does_not_leak_into_the_worker(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/blender/modules")
    worker = make("""
        names = [name for name in os.environ if name.startswith("PYTHON")]
        import skyar_blender
        say("done", output=os.environ["PYTHONPATH"], figures={"names": sorted(names), "path": sys.path})
    """)
    worker.start()
    (done,) = run(worker)
    assert isinstance(done, events.Done)
    assert (Path(done.output) / "skyar_blender" / "__init__.py").is_file()
    assert "/blender/modules" not in done.figures["path"]
    assert "PYTHONSTARTUP" not in json.dumps(done.figures["names"])
    assert {"PYTHONUTF8", "PYTHONUNBUFFERED"} <= set(done.figures["names"])


def test_code_is_kept_as_python_has_read_it(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "kept"))
    worker = make("""
        import skyar_blender.contract.job
        say("done", output="", figures={})
    """)
    worker.start()
    run(worker)
    assert list((tmp_path / "kept").rglob("contract/job.*.pyc"))
