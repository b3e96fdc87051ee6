# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that makes drafts: asked, slow, killed, hanging and gone; made of a few lines, no engine."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.made_workers import JOB, POSIX, gone, wait_until

from skyar_blender.bridge.draft_process import DraftProcess
from skyar_blender.contract import events
from skyar_blender.contract.errors import ErrorCode, SkyarError

_LOOP = """
import json, os, sys, time
def say(event, **fields): print(json.dumps({"event": event, **fields}), flush=True)
def drafted(asked):
    say("drafted", number=asked["number"], result=asked["folder"], original="", matte="", width=4, height=3,
        seconds=1, degrees=60, panorama=True)
for line in sys.stdin:
    asked = json.loads(line)
    say("drafting", number=asked["number"])
"""

MakeDraft = Callable[..., DraftProcess]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeDraft]:
    """Makes a process whose loop ends in a few lines of Python."""
    made: list[DraftProcess] = []

    def make(body: str, **options: float) -> DraftProcess:
        script = tmp_path / f"draft {len(made)}.py"
        script.write_text(_LOOP + textwrap.indent(textwrap.dedent(body), "    "), encoding="utf-8")
        made.append(DraftProcess(Path(sys.executable), command=[sys.executable, str(script)], **options))
        return made[-1]

    yield make
    for process in made:
        process.stop()


def until(process: DraftProcess, kind: type[events.Event]) -> events.Event:
    """Poll until such an event comes, which is the last of those that came with it."""
    end = time.monotonic() + 20
    while True:
        found = [event for event in process.poll() if isinstance(event, kind)]
        if found:
            return found[-1]
        assert time.monotonic() < end
        time.sleep(0.02)


def test_one_process_makes_draft_after_draft(make: MakeDraft) -> None:
    process = make("drafted(asked)")
    assert process.pid is None and not process.waiting and process.poll() == []
    assert process.ask(JOB, 3, 640) == 1 and process.waiting
    first = until(process, events.Drafted)
    pid = process.pid
    assert isinstance(first, events.Drafted) and Path(first.result).is_dir() and not process.waiting
    # Longer than a pipe holds.
    long = replace(JOB, clip=replace(JOB.clip, order=list(range(50_000))))
    assert process.ask(long, 0, 640) == 2
    assert until(process, events.Drafted).number == 2  # type: ignore[union-attr]
    assert process.pid == pid is not None
    process.stop()
    assert not Path(first.result).exists() and wait_until(lambda: gone(pid))


def test_an_error_is_an_answer_and_the_process_goes_on(make: MakeDraft) -> None:
    process = make("""
        if asked["frame"]: say("error", code="clip_missing", what="w", why="y", todo="t")
        else: drafted(asked)
    """)
    process.ask(JOB, 1, 640)
    assert until(process, events.Error).code == "clip_missing" and not process.waiting  # type: ignore[union-attr]
    process.ask(JOB, 0, 640)
    until(process, events.Drafted)


@POSIX
def test_a_killed_process_is_told_and_started_anew(make: MakeDraft) -> None:
    process = make("""
        print("a last word", file=sys.stderr, flush=True)
        if asked["number"] == 1: time.sleep(60)
        drafted(asked)
    """)
    process.ask(JOB, 0, 640)
    until(process, events.Drafting)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    error = until(process, events.Error)
    assert isinstance(error, events.Error) and error.code == ErrorCode.WORKER_DIED
    assert "SIGKILL" in error.why and "a last word" in error.why and not process.waiting
    process.ask(JOB, 0, 640)
    assert until(process, events.Drafted).number == 2  # type: ignore[union-attr]


def test_one_that_hangs_is_ended_and_told(make: MakeDraft) -> None:
    process = make("time.sleep(60)", silent_after=0.4)
    process.ask(JOB, 0, 640)
    until(process, events.Drafting)
    pid = process.pid
    error = until(process, events.Error)
    assert isinstance(error, events.Error) and "stopped" in error.why and pid is not None
    assert wait_until(lambda: gone(pid))


def test_one_draft_that_takes_too_long_is_given_up(make: MakeDraft) -> None:
    process = make("while True: say('alive'); time.sleep(0.05)", overdue_after=0.4)
    process.ask(JOB, 0, 640)
    error = until(process, events.Error)
    assert isinstance(error, events.Error) and "too long" in error.why


def test_one_that_left_because_nobody_asked_is_no_error(make: MakeDraft) -> None:
    process = make("drafted(asked); sys.exit(0)")
    process.ask(JOB, 0, 640)
    until(process, events.Drafted)
    assert wait_until(lambda: process.poll() == [] and process.pid is None)
    process.ask(JOB, 0, 640)
    assert until(process, events.Drafted).number == 2  # type: ignore[union-attr]


def test_one_that_leaves_just_as_it_is_asked_is_started_anew(
    make: MakeDraft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = make("drafted(asked)")
    script = tmp_path / "draft 0.py"
    body = script.read_text(encoding="utf-8")
    script.write_text(f"import os\nif not os.path.exists('once'): open('once', 'w'); raise SystemExit\n{body}")
    monkeypatch.chdir(tmp_path)
    process.ask(JOB, 0, 640)
    assert until(process, events.Drafted).number == 1  # type: ignore[union-attr]


def test_no_such_interpreter() -> None:
    process = DraftProcess(Path("/no/python"))
    with pytest.raises(SkyarError) as raised:
        process.ask(JOB, 0, 640)
    assert raised.value.code is ErrorCode.ENGINE_MISSING and not process.waiting
    process.stop()
