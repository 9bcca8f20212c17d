"""A wire between a client and a server that can be cut, hung, halved or fouled while it is in use.

Knows no protocol: trouble is made at the socket, where real networks make it.
"""

from __future__ import annotations

import asyncio
import os

from core.sources.conformance.listening import Listening

TROUBLES = ("pass", "hang", "cut", "half", "garbage", "refuse")


class Relay(Listening):
    """`begin("hang")` changes what happens to every byte the server sends from now on, on old and new connections.

    `begin("reply", raw)` answers every first line itself with `raw` and asks no server.
    """

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        super().__init__()
        self._target, self._mode, self._reply = (host, port), "pass", b""
        self._writers: set[asyncio.StreamWriter] = set()

    async def begin(self, mode: str, reply: bytes = b"") -> None:
        self._mode, self._reply = mode, reply
        if mode in ("refuse", "reply"):
            await self.drop()

    async def drop(self) -> None:
        """End every open connection."""
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self._mode == "reply":
                await reader.read(65536)
                writer.write(self._reply)
                await writer.drain()
                writer.close()
                await writer.wait_closed()
            elif self._mode != "refuse":
                await self._join(reader, writer)
        finally:
            self._writers.discard(writer)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, out = await asyncio.open_connection(*self._target)
        self._writers.add(out)
        try:
            await asyncio.gather(self._up(reader, out), self._down(there, writer), return_exceptions=True)
        finally:
            out.transport.abort()
            self._writers.discard(out)

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
                case _:
                    writer.write(data)
            await writer.drain()
        writer.close()
