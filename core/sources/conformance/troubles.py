"""Trouble made for a source from outside: its wire hung, cut and fouled, or its file gone and overwritten.

Knows where an address or a file stands in the settings; leaves the real server and the real file untouched.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.contract import Source
from core.sources.conformance.relay import Relay
from core.sources.conformance.samples import Samples
from core.sources.connectors.sqlite import path_of
from core.sources.engine import Sources
from core.sources.environment import expand

ADDRESS = re.compile(
    r"^(?P<scheme>[a-z][a-z0-9+]*)://(?P<user>[^@/]*@)?(?P<host>[^/:@?]+)(?::(?P<port>\d+))?(?P<rest>.*)$"
)
PORTS = {"http": 80, "https": 443, "postgresql": 5432, "postgres": 5432, "mysql": 3306, "mariadb": 3306}
LIMIT_MS = 1500
PATIENT_MS = 15_000
TRIES = 3
"""Questions after a trouble within which a source has to be well again: the first may still meet a slow machine."""
WIRE: Mapping[str, tuple[str, ...]] = {
    "hang": ("down",),
    "cut": ("down",),
    "half an answer": ("down",),
    "garbage": ("down",),
    "refused connection": ("down",),
}
MODES = {"half an answer": "half", "refused connection": "refuse"}
JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


def reply(body: bytes) -> bytes:
    return JSON_HEAD % len(body) + body


REPLIES: Mapping[str, tuple[bytes, tuple[str, ...]]] = {
    "refused": (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", ("refused",)),
    "error": (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", ("down",)),
    "no JSON": (reply(b"<html>"), ("down",)),
    "wrong answer": (reply(b"[17]"), ("down",)),
    "too large": (reply(b'{"x": "' + b"x" * 2_000_000 + b'"}'), ("down",)),
}


@dataclass(frozen=True, slots=True)
class NotMade:
    """No trouble could be made, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where a register is, and the settings that lead to another port of this machine instead."""

    scheme: str
    host: str
    port: int
    moved: Callable[[int], dict[str, Any]]


Told = tuple[str, str | NotMade]


async def troubles(sources: Sources, source: Source, samples: Samples) -> AsyncIterator[Told]:
    """(name, what was wrong) for each trouble that can be made for this source; "" is well."""
    if samples.found is None or sources.states()[0].demo or sources.states()[0].unset:
        return
    settings = expand(source.settings, sources.settings.environment)
    if source.connector == "table" or str(settings.get("url", "")).startswith("sqlite:"):
        async for told in with_file(sources, source, settings, samples.found):
            yield told
        return
    if source.connector == "cases":
        return
    address = address_of(settings)
    if address is None:
        yield (
            "wire",
            NotMade('settings name no address to stand before: "url": "scheme://host:port", or "host" and "port"'),
        )
        return
    async for told in on_the_wire(sources, source, address, samples.found):
        yield told


def address_of(settings: Mapping[str, Any]) -> Address | None:
    """The first text like scheme://host:port, whatever its scheme and key; else `host` and `port`."""
    for key, value in settings.items():
        match = ADDRESS.match(value) if isinstance(value, str) else None
        port = match and (match["port"] or PORTS.get(match["scheme"].partition("+")[0]))
        if match and port:
            before, after = f"{match['scheme']}://{match['user'] or ''}127.0.0.1:", match["rest"]

            def moved(port: int, key: str = key, before: str = before, after: str = after) -> dict[str, Any]:
                return {**settings, key: f"{before}{port}{after}"}

            return Address(match["scheme"].partition("+")[0], match["host"], int(port), moved)
    host, port = settings.get("host"), settings.get("port")
    if isinstance(host, str) and host and str(port).isdigit():
        return Address("", host, int(str(port)), lambda there: {
            **settings, "host": "127.0.0.1", "port": str(there) if isinstance(port, str) else there
        })  # fmt: skip
    return None


async def on_the_wire(
    sources: Sources, source: Source, address: Address, question: Mapping[str, Any]
) -> AsyncIterator[Told]:
    async with Relay(address.port, address.host) as relay:
        changed = address.moved(relay.port)
        if address.scheme == "http" and source.connector == "http":
            changed["allow"] = ["http", "private"]
        elif address.scheme == "https" and source.connector == "http":
            changed["allow"] = [*(changed.get("allow") or []), "private"]
        fouled = sources.only(replace(source, settings=changed, timeout_ms=LIMIT_MS))
        # What answers at once is judged by what it says: a machine under load is no fault of the source.
        patient = sources.only(replace(source, settings=changed, timeout_ms=PATIENT_MS))
        try:
            well = await patient.probe(source.id, question)
            if well.outcome != "found":
                # Its host or its certificate may insist on its name.
                yield "wire", NotMade(f"asked by way of 127.0.0.1 it does not answer ({well.outcome}: {well.reason})")
                return
            for name, expected in WIRE.items():
                await relay.begin(MODES.get(name, name))
                yield name, await wrong(fouled, source, question, expected)
            if address.scheme != "http" and source.connector != "sql":
                yield "replies", NotMade("only an address that begins with http:// is given answers of HTTP")
            elif address.scheme == "http":
                for name, (raw, expected) in REPLIES.items():
                    await relay.begin("reply", raw)
                    yield name, await wrong(patient, source, question, expected, limit_ms=PATIENT_MS)
            await relay.begin("pass")
            for _ in range(TRIES):
                well = await fouled.probe(source.id, question)
                if well.outcome == "found":
                    break
            yield "recovers", "" if well.outcome == "found" else f"{well.outcome}: {well.reason}"
        finally:
            await fouled.close()
            await patient.close()


async def with_file(
    sources: Sources, source: Source, settings: Mapping[str, Any], question: Mapping[str, Any]
) -> AsyncIterator[Told]:
    key = "path" if source.connector == "table" else "url"
    real = Path(source.folder or ".") / settings["path"] if key == "path" else path_of(settings["url"], source.folder)
    with tempfile.TemporaryDirectory(prefix="lingban-") as folder:
        copy = Path(folder) / real.name
        there = str(copy) if key == "path" else f"sqlite://{copy}"
        fouled = sources.only(replace(source, settings={**settings, key: there}, timeout_ms=LIMIT_MS * 4))
        try:
            yield "gone", await wrong(fouled, source, question, ("down",))
            copy.write_bytes(os.urandom(5000))
            yield "garbage", await wrong(fouled, source, question, ("down",))
            copy.unlink()
            copy.write_bytes(real.read_bytes())
            well = await fouled.probe(source.id, question)
            yield "recovers", "" if well.outcome == "found" else f"{well.outcome}: {well.reason}"
        finally:
            await fouled.close()


async def wrong(
    sources: Sources,
    source: Source,
    question: Mapping[str, Any],
    expected: tuple[str, ...],
    *,
    limit_ms: int = LIMIT_MS * 4,
) -> str:
    begun = time.monotonic()
    answer = await sources.probe(source.id, question)
    if answer.outcome not in expected:
        return f"gave {answer.outcome} where {' or '.join(expected)} is due: {answer.reason}"
    if time.monotonic() - begun > limit_ms / 1000 + 1:
        return "did not end in time"
    return ""
