"""A few daemon threads of one source, and an await for what they return.

Knows no database. A source that hangs holds its own threads and nobody else's; daemons, so that it cannot hold
the process either.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class AllBusy(Exception):
    """Every thread of the source is held and the line is long."""


class Threads:
    """At most `size` threads, started when needed. Use it from one event loop at a time.

    Cheaper per question than `loop.run_in_executor`: no future of two kinds and no lock of our own.
    """

    def __init__(self, name: str, size: int = 4, line: int = 64, *, first: Callable[[], None] | None = None) -> None:
        """`first` is what every thread does before its first question."""
        self._name, self._size, self._line, self._first = name, size, line, first
        self._jobs: queue.SimpleQueue[tuple[Any, Any, Any] | None] = queue.SimpleQueue()
        self._started = 0
        self._open = 0  # handed in and not yet finished; counted on the event loop's side only

    async def run(self, job: Callable[[], T]) -> T:
        """What `job()` returns or raises. Cancelled while it runs: the thread goes on, the result is dropped."""
        if self._open >= self._size + self._line:
            raise AllBusy(f"all {self._size} threads of {self._name} are busy")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._open += 1
        if self._open > self._started < self._size:
            self._started += 1
            threading.Thread(target=self._work, name=f"{self._name}-{self._started}", daemon=True).start()
        self._jobs.put((loop, answer, job))
        return await answer

    def close(self, last: Callable[[], None] | None = None) -> None:
        """Let every thread end; each calls `last` before it goes."""
        for _ in range(self._started):
            if last is not None:
                self._jobs.put((None, None, last))
            self._jobs.put(None)
        self._started = 0

    def _work(self) -> None:
        if self._first is not None:
            self._first()
        while (task := self._jobs.get()) is not None:
            loop, answer, job = task
            if loop is None:
                with contextlib.suppress(Exception):
                    job()
                continue
            result, error = None, None
            if not answer.cancelled():
                try:
                    result = job()
                except BaseException as raised:
                    error = raised
            with contextlib.suppress(RuntimeError):  # the loop is gone: so is whoever asked
                loop.call_soon_threadsafe(self._deliver, answer, result, error)
            del task, job, answer, result, error  # a waiting thread keeps nobody's record

    def _deliver(self, answer: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
        self._open -= 1
        if answer.cancelled():
            return
        if error is None:
            answer.set_result(result)
        elif isinstance(error, Exception) and not isinstance(error, StopIteration):
            answer.set_exception(error)
        else:
            # SystemExit, a cancellation of his own, …: here they would end more than the one question.
            answer.set_exception(RuntimeError(f"{type(error).__name__} in a source's thread"))
