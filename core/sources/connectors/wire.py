"""What a database server sends, counted and looked at before its driver reads it.

The drivers read in C on the event loop: what makes them spin there, no time limit ends. So a message that can be none
never reaches them, nor more than a register has to answer. Knows no driver; each brings a `Messages` of its protocol.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from core.sources.connectors import CannotConnect

MOST_BYTES = 16 * 1024 * 1024
"""Of one answer, on the wire. More than 4 MB of JSON are refused anyway; the rest are columns nobody declared."""
MORE_MESSAGES = 20_000
"""Beside the rows: descriptions of columns, types that the driver asks for, notices."""


class Unreadable(CannotConnect):
    """What answers there does not speak as a database does."""


class Messages(ABC):
    """Where a server's messages begin and end: `HEAD` bytes, then as many as `length(head)` says.

    `begin` before each question: what may be sent counts anew.
    """

    HEAD = 0
    LANGUAGE = ""

    def __init__(self, rows: int) -> None:
        self._most = rows + MORE_MESSAGES
        self._head = b""
        self._left = 0
        self._body: bytearray | None = None
        self._bytes = self._count = 0
        self.wrong: Unreadable | None = None

    def begin(self) -> None:
        self._bytes = self._count = 0

    def misspoken(self, what: str) -> Unreadable:
        return Unreadable(f"what answers at the address of settings.url does not speak {self.LANGUAGE} ({what})")

    @abstractmethod
    def length(self, head: bytes) -> int:
        """Bytes of the message's body. Raises Unreadable."""

    def wanted(self, head: bytes) -> bool:
        """Whether `look` is to see the body."""
        return False

    def look(self, kind: int, body: bytearray) -> None:  # noqa: B027 - who wants no body has none to look at
        """Raises Unreadable."""

    def take(self, data: bytes | memoryview) -> None:
        """The next bytes of the stream, wherever they are cut. Raises Unreadable."""
        self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            raise Unreadable(f"more than {MOST_BYTES >> 20} MB in answer to one question")
        at, end = 0, len(data)
        while at < end:
            if self._left:
                step = min(self._left, end - at)
                if self._body is not None:
                    self._body += data[at : at + step]
                self._left -= step
            else:
                step = self.HEAD - len(self._head)
                self._head += bytes(data[at : at + step])
                if len(self._head) < self.HEAD:
                    return
                self._begun()
            at += step
            if not self._left:
                self._ended()

    def _begun(self) -> None:
        self._count += 1
        if self._count > self._most:
            raise Unreadable(f"more than {self._most} messages in answer to one question")
        self._left = self.length(self._head)
        if self._left > MOST_BYTES:
            raise Unreadable(f"more than {MOST_BYTES >> 20} MB in answer to one question")
        self._body = bytearray() if self.wanted(self._head) else None

    def _ended(self) -> None:
        head, body = self._head, self._body
        self._head, self._body = b"", None
        if body is not None:
            self.look(head[0], body)


M = TypeVar("M", bound=Messages)


class Watched(asyncio.BaseProtocol):
    """A driver's protocol behind `Messages`: it is told that the connection broke, and never reads what broke it."""

    def __init__(self, driver: Any, messages: Messages) -> None:
        self._driver, self.messages = driver, messages
        self._transport: Any = None
        self._over = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._driver.connection_made(transport)

    def adopt(self, transport: Any) -> None:
        """The driver has this transport already."""
        self._transport = transport

    def _pass_on(self, data: bytes | memoryview, read: Callable[[Any], Any], what: Any) -> None:
        if self._over:
            return
        try:
            self.messages.take(data)
            read(what)
        except Exception as error:
            # The driver's own stumbling over what it reads means the same: nothing after it can be trusted.
            wrong = error if isinstance(error, Unreadable) else self.messages.misspoken(type(error).__name__)
            self.messages.wrong = wrong
            self._over = True
            self._driver.connection_lost(wrong)
            self._transport.abort()

    def eof_received(self) -> Any:
        return None if self._over else self._driver.eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._over:
            self._over = True
            self._driver.connection_lost(error)

    def pause_writing(self) -> None:
        self._driver.pause_writing()

    def resume_writing(self) -> None:
        self._driver.resume_writing()


class Chunks(Watched, asyncio.Protocol):
    def data_received(self, data: bytes) -> None:
        self._pass_on(data, self._driver.data_received, data)


class Lent(Watched, asyncio.BufferedProtocol):
    """For a driver that lends its own buffer."""

    def get_buffer(self, sizehint: int) -> Any:
        self._view = memoryview(self._driver.get_buffer(sizehint))
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        self._pass_on(self._view[:nbytes], self._driver.buffer_updated, nbytes)


class WatchedLoop(Generic[M]):
    """The running loop, for a driver to connect with: what it would read, `Messages` take first."""

    def __init__(self, messages: Callable[[], M], watches: Callable[[Any], bool]) -> None:
        """`watches` tells the driver's protocol from what else it connects: a question for TLS, a cancellation."""
        self._loop = asyncio.get_running_loop()
        self._make, self._watches = messages, watches
        self.messages = messages()
        """Those of the connection made last."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    def watched(self, protocol: Any) -> Any:
        if not self._watches(protocol):
            return protocol
        self.messages = self._make()
        kind = Lent if isinstance(protocol, asyncio.BufferedProtocol) else Chunks
        return kind(protocol, self.messages)

    async def create_connection(self, factory: Callable[[], Any], *where: Any, **how: Any) -> Any:
        return await self._connected(self._loop.create_connection, factory, *where, **how)

    async def create_unix_connection(self, factory: Callable[[], Any], *where: Any, **how: Any) -> Any:
        return await self._connected(self._loop.create_unix_connection, factory, *where, **how)

    async def _connected(self, connect: Callable[..., Any], factory: Callable[[], Any], *where: Any, **how: Any) -> Any:
        made: list[Any] = []

        def make() -> Any:
            made.append(factory())
            return self.watched(made[-1])

        transport, _ = await connect(make, *where, **how)
        return Transport(transport, self), made[-1]

    async def start_tls(self, transport: Any, *what: Any, **how: Any) -> Any:
        made = await self._loop.start_tls(transport.inner, *what, **how)
        return None if made is None else Transport(made, self)


class Transport:
    """A transport whose next protocol is watched as well: a driver changes it after the question for TLS."""

    def __init__(self, inner: Any, loop: WatchedLoop[Any]) -> None:
        self.inner, self._watched = inner, loop.watched

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def set_protocol(self, protocol: Any) -> None:
        watched = self._watched(protocol)
        if isinstance(watched, Watched):
            watched.adopt(self.inner)
        self.inner.set_protocol(watched)
