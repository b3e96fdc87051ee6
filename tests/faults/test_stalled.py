# SPDX-License-Identifier: GPL-3.0-or-later
"""A decoder that hangs, a thread that is killed, a slow disk: an error in words or a wait, and never a hang."""

from __future__ import annotations

import os
import queue
import time
from pathlib import Path

import pytest
from support.fault_jobs import tiny_job
from support.jobs import digests, run_here

from skyar_blender.contract.errors import ErrorCode, SkyarError
from skyar_blender.engine.media import prefetch as ahead
from skyar_blender.engine.media.movie import MovieReader
from skyar_blender.engine.media.prefetch import BoundedPool, parallel_map, prefetch


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> dict[str, str]:
    """Digests of what an undisturbed run makes of the same clip under the same sky."""
    job = tiny_job(tmp_path_factory.mktemp("undisturbed"))
    run_here(job)
    return digests(Path(job.output))


@pytest.mark.parametrize("reading", [1, 2, 3], ids=["survey", "first pass", "second pass"])
def test_a_decoder_that_hangs(job, run, expected, monkeypatch, reading):
    decode, begun = MovieReader._decode, []

    def hanging(self, container, stream):
        begun.append(stream)
        for count, frame in enumerate(decode(self, container, stream)):
            if len(begun) == reading + 1 and count == 2:  # opening the clip reads one image
                time.sleep(4)  # else leaving would wait for the thread
            yield frame

    with monkeypatch.context() as patched:
        patched.setattr(MovieReader, "_decode", hanging)
        patched.setattr(ahead, "PATIENCE", 1.5)
        with pytest.raises(SkyarError) as caught:
            run(job)
    assert caught.value.code == ErrorCode.CLIP_UNREADABLE and "No more pictures" in caught.value.what
    assert caught.value.why and caught.value.todo
    run(job)
    assert digests(Path(job.output)) == expected


def test_a_thread_that_is_killed_while_it_works(job, run, monkeypatch):
    def killed(self, container, stream):
        yield from ()
        raise SystemExit

    decode, begun = MovieReader._decode, []

    def at_first_whole(self, container, stream):
        begun.append(stream)
        return (decode if len(begun) == 1 else killed)(self, container, stream)

    monkeypatch.setattr(MovieReader, "_decode", at_first_whole)
    with pytest.raises(SkyarError) as caught:
        run(job)
    assert caught.value.code == ErrorCode.INTERNAL and "killed" in caught.value.why


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ends_without_a_word(monkeypatch):
    class Mute(queue.Queue):
        def put(self, *given, **named):
            raise SystemExit

    monkeypatch.setattr(ahead.queue, "Queue", Mute)
    with pytest.raises(RuntimeError, match="was killed"):
        list(prefetch([1, 2]))


def test_a_worker_of_a_pool_that_is_killed():
    def leave(_):
        raise SystemExit

    with pytest.raises(RuntimeError, match="was killed"):
        list(parallel_map(leave, [1]))
    with pytest.raises(RuntimeError, match="was killed"), BoundedPool() as pool:
        pool.submit(lambda: leave(1))


def test_a_slow_disk_is_waited_for(job, run, expected, monkeypatch):
    fsync, waited = os.fsync, []

    def slow(descriptor):
        waited.append(descriptor)
        time.sleep(0.1)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    run(job)
    assert len(waited) > 20 and digests(Path(job.output)) == expected
