"""What a broken or hostile database server may say, and an `Impostor` that says it at any stage of a connection."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import random
import re
import struct
from collections.abc import Generator, Iterator

from core.sources.conformance.listening import Listening

Saying = Iterator[bytes]
"""What is said, piece by piece; it may never end. After the last piece nothing more comes."""


def message(kind: bytes, body: bytes = b"", length: int | None = None) -> bytes:
    """One of PostgreSQL's."""
    return kind + struct.pack("!i", len(body) + 4 if length is None else length) + body


def packet(number: int, body: bytes = b"", length: int | None = None) -> bytes:
    """One of MySQL's."""
    return (len(body) if length is None else length).to_bytes(3, "little") + bytes([number]) + body


def endless(piece: bytes, at_once: int = 2000) -> Saying:
    return itertools.repeat(piece * at_once)


def bomb() -> bytes:
    """A row whose only value is an array of 2,147,483,647 numbers, in 24 bytes."""
    value = struct.pack("!iiiii", 1, 0, 23, 2**31 - 1, 1) + bytes(4)
    return struct.pack("!hi", 1, len(value)) + value


def columns(type: int, count: int = 1) -> bytes:
    one = b"name\0" + struct.pack("!ihihih", 0, 0, type, -1, -1, 1)
    return message(b"T", struct.pack("!H", count) + one)


def common() -> dict[str, Saying]:
    dice = {f"random {seed}": iter([random.Random(seed).randbytes(50_000)]) for seed in range(6)}
    return {
        **dice,
        "nothing": iter([]),
        "zeros": iter([bytes(100_000)]),
        "endless zeros": endless(bytes(100)),
        "endless ones": endless(b"\xff" * 100),
        "a web page": iter([b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"]),
    }


def of_postgresql() -> dict[str, Saying]:
    ready, array = message(b"Z", b"I"), message(b"1") + message(b"t", b"\0\1\0\0\0\x19") + columns(1007)
    return {
        **common(),
        "a NUL message": iter([message(b"\0")]),
        "huge": iter([message(b"D", b"x" * 1000, 2**31 - 1)]),
        "huge and coming": itertools.chain([message(b"D", b"x", 2**31 - 1)], endless(bytes(100_000), 1)),
        "negative": iter([message(b"C", b"", -5) * 50]),
        "negative rows": iter([message(b"D", b"", -2**31) * 50]),
        "too short": iter([message(b"Z", b"", 3) * 50]),
        "half": iter([message(b"E", b"SFATAL\0C57P01\0M", 400)]),
        "endless notices": endless(message(b"N", b"SNOTICE\0C00000\0Mhello\0\0")),
        "endless empty notices": endless(message(b"N", b"\0")),
        "endless parameters": endless(b"".join(message(b"S", b"p%d\0v\0" % n) for n in range(4000)), 1),
        "endless readiness": endless(ready),
        "endless rows": endless(message(b"D", b"\0\1\0\0\0\1x")),
        "rows of no columns": endless(message(b"D", b"\0\0")),
        "rounds of SCRAM": scram(),
        "a name without an end": iter([message(b"S", b"x" * 1000) + message(b"S", b"y" * 1000)]),
        "65535 columns": iter([message(b"1") + message(b"t", b"\0\0") + columns(25, 65_535) + ready]),
        "an array of billions": iter([array, message(b"2") + message(b"D", bomb()) + message(b"C", b"S\0") + ready]),
        "a path": iter([message(b"1") + message(b"t", b"\0\0") + columns(602)]),
        "copy": iter([message(b"G", b"\0\0\0") + message(b"H", b"\0\0\0") + message(b"W", b"\0\0\0")]),
        "an error of nothing": iter([message(b"E", b"\0") * 3]),
        "an error of no end": iter([message(b"E", b"M" * 500)]),
    }  # fmt: skip


def scram() -> Generator[bytes, bytes | None, None]:
    """The nonce is the client's own, so it has to be heard: `Impostor` sends what it heard."""
    yield message(b"R", struct.pack("!i", 10) + b"SCRAM-SHA-256\0\0")
    heard: bytes | None = None
    while heard is None:
        heard = yield b""
    nonce = re.search(rb"r=([^,\0]+)", heard)
    said = b"r=" + (nonce[1] if nonce else b"x") + b"x,s=" + base64.b64encode(b"salt" * 4) + b",i=2000000000"
    yield message(b"R", struct.pack("!i", 11) + said)


def of_mariadb() -> dict[str, Saying]:
    ok = b"\0\0\0\2\0\0\0"
    return {
        **common(),
        "huge and coming": itertools.chain([packet(0, b"", 0xFFFFFF)], endless(bytes(100_000), 1)),
        "16 MB on end": endless(packet(0, bytes(0xFFFFFF)) + packet(1, bytes(0xFFFFFF)), 1),
        "half": iter([packet(1, b"\xff\x15\x04#28000Access", 400)]),
        "another number": iter([packet(77, ok) * 50]),
        "every number": iter([b"".join(packet(n % 256, ok) for n in range(1000))]),
        "endless": endless(b"".join(packet(n, b"\1") for n in range(256)), 8),
        "endless nothings": endless(b"".join(packet(n) for n in range(256)), 8),
        "an error of nothing": iter([packet(n, b"\xff") for n in range(10)]),
        "another way to sign in": iter([packet(n, b"\xfeno_such_way\0salt") for n in range(10)]),
        "billions of columns": iter([packet(n, b"\xfe" + b"\x7f" * 8) for n in range(10)]),
        "our own files": iter([packet(n, b"\xfb/etc/hostname") for n in range(10)]),
        "columns that lie": iter([packet(n, b"\3def\xfd\xff\xff\xff\xfe") for n in range(10)]),
        "a key that is none": iter([packet(n, b"\1not a key") for n in range(10)]),
        "only ends": iter([packet(n, b"\xfe\0\0\2\0") for n in range(200)]),
    }  # fmt: skip


class Impostor(Listening):
    """Until it is spoken to for the `stage`-th time the real server answers; then it answers with `saying` itself."""

    def __init__(self, port: int, stage: int, saying: Saying) -> None:
        super().__init__()
        self._target, self._stage, self._saying = port, stage, saying
        self.heard = b""
        self.spoke = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        real: asyncio.StreamWriter | None = None
        passing: asyncio.Task[None] | None = None
        try:
            if self._stage:
                answers, real = await asyncio.open_connection("127.0.0.1", self._target)
                passing = asyncio.ensure_future(self._pass_on(answers, writer))
                for _ in range(self._stage - 1):
                    real.write(await reader.read(65_536))
                self.heard = await reader.read(65_536)
                passing.cancel()
            await self._speak(reader, writer)
            while await reader.read(65_536):
                pass
        finally:
            if passing is not None:
                passing.cancel()
            if real is not None:
                real.transport.abort()

    async def _pass_on(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await answers.read(65_536):
                writer.write(data)

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.spoke = True
        for piece in self._saying:
            said = piece
            if not piece and isinstance(self._saying, Generator):  # it goes on from what it hears
                said = self._saying.send(await reader.read(65_536))
            writer.write(said)
            await writer.drain()
