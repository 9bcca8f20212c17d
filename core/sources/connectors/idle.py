"""Connections to a database server that wait to be used again: a few, checked by use, never shared.

Knows no driver: it is told how to open, and how to end a connection without waiting for the other side.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Generic, TypeVar

C = TypeVar("C")
REST_S = 60.0
"""A connection idle for longer is not used again: firewalls forget it silently."""


class Idle(Generic[C]):
    """How many are open at once is the engine's business: it limits the questions."""

    def __init__(self, open: Callable[[], Awaitable[C]], end: Callable[[C], None]) -> None:
        self._open, self._end = open, end
        self._idle: list[tuple[float, C]] = []
        self._closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[tuple[C, bool]]:
        """A connection, and whether it was used before. It comes back only after a question that went well."""
        held, used = self._take()
        if held is None:
            held = await self._open()
        try:
            yield held, used
        except BaseException:
            self._end(held)
            raise
        if self._closed:
            self._end(held)
        else:
            self._idle.append((monotonic(), held))

    def _take(self) -> tuple[C | None, bool]:
        while self._idle:
            since, held = self._idle.pop()
            if monotonic() - since < REST_S:
                return held, True
            self._end(held)
        return None, False

    def close(self) -> None:
        self._closed = True
        self.drop()

    def drop(self) -> None:
        """End all that are idle: one of them was found dead, and the others died with it."""
        while self._idle:
            self._end(self._idle.pop()[1])
