"""A wire between a client and a server that can be cut, hung, halved or fouled while it is in use.

Knows no protocol: the outside is faked at the socket, as real networks do it.
"""

from __future__ import annotations

import asyncio
import os
from types import TracebackType

TROUBLES = ("pass", "hang", "cut", "half", "garbage", "refuse", "flood")


class Relay:
    """`begin("hang")` changes what happens to every byte the server sends from now on, on old and new connections."""

    def __init__(self, target: int) -> None:
        self._target, self._mode = target, "pass"
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def __aenter__(self) -> Relay:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        await self.drop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # aborted transports close their sockets in the next rounds of the loop

    async def begin(self, mode: str) -> None:
        self._mode = mode
        if mode == "refuse":
            await self.drop()

    async def drop(self) -> None:
        """End every open connection."""
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if self._mode == "refuse":
            writer.transport.abort()
            return
        try:
            there, out = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(out)
        try:
            await asyncio.gather(self._up(reader, out), self._down(there, writer), return_exceptions=True)
        except asyncio.CancelledError:
            pass  # only we cancel it, at the end
        finally:
            for side in (writer, out):
                side.transport.abort()
                self._writers.discard(side)

    async def _up(self, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            out.write(data)
            await out.drain()
        out.close()

    async def _down(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await there.read(65536):
            match self._mode:
                case "hang":
                    await asyncio.sleep(30)
                case "cut":
                    writer.transport.abort()
                    return
                case "half":
                    writer.write(data[: len(data) // 2])
                    await writer.drain()
                    writer.close()
                    return
                case "garbage":
                    writer.write(os.urandom(len(data)))
                case "flood":
                    for _ in range(200):
                        writer.write(data + b" " * 65536)
                        await writer.drain()
                case _:
                    writer.write(data)
            await writer.drain()
        writer.close()
