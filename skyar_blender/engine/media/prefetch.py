# SPDX-License-Identifier: GPL-3.0-or-later
"""Working ahead in a thread, through a bounded queue, so that memory does not grow with the clip."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, TypeVar

Item = TypeVar("Item")
Given = TypeVar("Given")


def prefetch(items: Iterable[Item], depth: int = 4) -> Generator[Item, None, None]:
    """The same items, made by a thread up to ``depth`` ahead. An exception there is raised here."""
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
            put((end, error))

    thread = threading.Thread(target=work, name="prefetch", daemon=True)
    thread.start()
    try:
        while True:
            item, error = ahead.get()
            if error is not None:
                raise error
            if item is end:
                return
            yield item
    finally:
        stopped.set()
        thread.join(timeout=10)


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
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
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
            self._futures.pop(0).result()
        self._futures.append(self._pool.submit(job))

    def drain(self) -> None:
        """Wait until everything submitted is done."""
        while self._futures:
            self._futures.pop(0).result()

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
