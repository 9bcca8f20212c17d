"""A name server that hangs holds two threads of its own source, and nobody else's."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from core.sources.connectors.names import Names, is_address
from core.sources.engine import Sources
from tests.sources.conftest import ELDER, source

pytestmark = pytest.mark.anyio


async def test_an_address_needs_no_name_server() -> None:
    names = Names("x")
    assert await names.addresses("127.0.0.1", 80) == ["127.0.0.1"]
    assert "127.0.0.1" in await names.addresses("localhost", 80)
    names.close()
    assert is_address("fe80::1%eth0")
    assert not is_address("localhost")


@pytest.mark.parametrize("url", ["http://slow.invalid", "postgresql://slow.invalid/x", "mysql://slow.invalid/x"])
async def test_a_name_server_that_hangs_holds_nobody_else(
    town: Callable[..., Sources], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    real, stop = socket.getaddrinfo, threading.Event()

    def hang(host: Any, *more: Any, **named: Any) -> Any:
        if str(host).startswith("slow"):
            stop.wait(60)
            raise socket.gaierror(-2, "unknown")
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    connector = "http" if url.startswith("http") else "sql"
    settings = {"url": url, "select": "SELECT :id_number", "path": "/{id_number}", "allow": ["http", "private"]}
    sources = town(source(connector=connector, settings=settings, timeout_ms=100))
    for n in range(12):
        assert (await sources.probe("natural-person", {"id_number": f"{ELDER}{n}"})).outcome == "down"
    begun = time.monotonic()
    await asyncio.get_running_loop().getaddrinfo("localhost", 80)  # by the threads that everybody shares
    assert time.monotonic() - begun < 15
    stop.set()
