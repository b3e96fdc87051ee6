# SPDX-License-Identifier: GPL-3.0-or-later
"""Working ahead in a thread, through a bounded queue, so that memory does not grow with the clip.

Nobody waits for ever: a thread that gives nothing for :data:`PATIENCE`, or has ended without a word, is an error.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

from ...contract.errors import ErrorCode, SkyarError

Item = TypeVar("Item")
Given = TypeVar("Given")

#: Seconds for which nothing may come of what is read ahead: a slow disk needs some, one that hangs never ends.
PATIENCE = 900.0
#: Seconds from one look at the thread to the next. A computer that was asleep meanwhile has waited for one look.
_LOOK = 0.5


def prefetch(items: Iterable[Item], depth: int = 4) -> Generator[Item, None, None]:
    """The same items, made by a thread up to ``depth`` ahead. An exception there is raised here.

    Raises:
        SkyarError: ``clip_unreadable`` where nothing came for :data:`PATIENCE`.
        RuntimeError: the thread was killed.
    """
    end = object()
    ahead: queue.Queue[Any] = queue.Queue(maxsize=depth)
    stopped = threading.Event()

    def put(value: Any) -> bool:
        while not stopped.is_set():
            try:
                ahead.put(value, timeout=0.1)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for item in items:
                if not put((item, None)):
                    return
            put((end, None))
        except BaseException as error:
            put((end, _told(error)))

    thread = threading.Thread(target=work, name="prefetch", daemon=True)
    thread.start()
    try:
        while True:
            item, error = _next_of(ahead, thread)
            if error is not None:
                raise error
            if item is end:
                return
            yield item
    finally:
        stopped.set()
        thread.join(timeout=10)


def _next_of(ahead: queue.Queue[Any], thread: threading.Thread) -> Any:
    """What comes next from a thread."""
    looks = 0
    while True:
        ended = not thread.is_alive()  # asked first: what it gave at its end is in the queue by then
        try:
            return ahead.get(timeout=_LOOK)
        except queue.Empty:
            looks += 1
        if ended:
            raise RuntimeError("the thread that reads ahead was killed")
        if looks * _LOOK >= PATIENCE:
            raise SkyarError(
                ErrorCode.CLIP_UNREADABLE,
                f"No more pictures came for {PATIENCE / 60:.0f} minutes.",
                "The disk that the clip or the output folder lies on does not answer, or the clip's decoder hangs.",
                "Look after the disk, or convert the clip, and run again: what is complete is kept.",
            )


def _told(error: BaseException) -> Exception:
    """What is raised for an ``error`` of a thread: one that would end the whole program silently is told instead."""
    if isinstance(error, Exception):
        return error
    failure = RuntimeError(f"a thread was killed ({type(error).__name__})")
    failure.__cause__ = error
    return failure


def _result_of(future: Future[Item]) -> Item:
    """The result of a thread's work."""
    error = future.exception()
    if error is not None:
        raise _told(error)
    return future.result()


def parallel_map(
    make: Callable[[Given], Item], items: Iterable[Given], threads: int = 2
) -> Generator[Item, None, None]:
    """``make`` of each item, in order, by several threads that work a little ahead; errors are raised here."""
    waiting: deque[Future[Item]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="read")
    try:
        for item in items:
            waiting.append(pool.submit(make, item))
            if len(waiting) > threads:
                yield _result_of(waiting.popleft())
        while waiting:
            yield _result_of(waiting.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class BoundedPool:
    """A few threads that do work in the background; ``submit`` waits while ``pending`` jobs are unfinished.

    The first error of a job is raised by the next ``submit``, or on leaving the ``with`` block.
    """

    def __init__(self, threads: int = 2, pending: int = 4) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="write")
        self._pending = pending
        self._futures: list[Future[None]] = []

    def submit(self, job: Callable[[], None]) -> None:
        while len(self._futures) >= self._pending:
            _result_of(self._futures.pop(0))
        self._futures.append(self._pool.submit(job))

    def drain(self) -> None:
        """Wait until everything submitted is done."""
        while self._futures:
            _result_of(self._futures.pop(0))

    def __enter__(self) -> BoundedPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.drain()
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)
