"""Connector `sql` and servers that speak no database's language, or speak it to harm: Down in time, and pages go on."""

from __future__ import annotations

import asyncio
import faulthandler
import time
from collections.abc import Callable, Iterator

import pytest

from core.contract import Evidence
from core.sources.engine import Sources
from core.sources.reasons import told as said
from tests.sources.hostile import Impostor, Saying, of_mariadb, of_postgresql
from tests.sources.test_servers import IN_TIME_S, SERVERS, Server, listens, persons

pytestmark = pytest.mark.anyio
Town = Callable[..., Sources]
STAGES = {"postgresql": range(4), "mariadb": range(6)}
"""At which of our words it begins: at none, or as its answer to sign-in, settings, preparation, the question itself."""
SAYINGS = {"postgresql": of_postgresql, "mariadb": of_mariadb}
CASES = [(server, stage) for server in SERVERS for stage in STAGES[server.kind]]
ALL_HANG_S = 120
SELECT = "SELECT 'x' AS id_number, 'y' AS name, :id_number AS asked"


@pytest.fixture(autouse=True)
def no_endless_run() -> Iterator[None]:
    """A driver that spins holds the interpreter: then the run ends with where it stood."""
    faulthandler.dump_traceback_later(ALL_HANG_S, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


class Page:
    """An unrelated page of the same process, asked for all the while."""

    def __init__(self) -> None:
        self.slowest_s = 0.0
        self.served = 0

    async def ask_on(self) -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            writer.write(b"a page\n")
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        try:
            while True:
                began = time.monotonic()
                reader, writer = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
                writer.write(b"GET\n")
                assert await reader.readline() == b"a page\n"
                writer.close()
                self.served += 1
                self.slowest_s = max(self.slowest_s, time.monotonic() - began)
                await asyncio.sleep(0.02)
        finally:
            server.close()


async def asked(town: Town, server: Server, stage: int, saying: Saying) -> tuple[Impostor, Evidence, float]:
    async with Impostor(server.port, stage, saying) as impostor:
        url = server.url(impostor.port) + ("?sslmode=disable" if server.kind == "postgresql" else "")
        sources = town(persons(url, SELECT, timeout_ms=1000))
        began = time.monotonic()
        answer = await sources.probe("persons", {"id_number": "1"})
        took = time.monotonic() - began
        await sources.close()
    return impostor, answer, took


@pytest.mark.parametrize(("server", "stage"), CASES, ids=[f"{server.kind}-{stage}" for server, stage in CASES])
async def test_a_server_that_speaks_garbage_is_down_in_time_and_a_page_is_served_meanwhile(
    town: Town, server: Server, stage: int
) -> None:
    if stage and not listens(server.port):
        pytest.skip(f"no {server.kind} listens on 127.0.0.1:{server.port}")
    unread: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: unread.append(context))
    page = Page()
    asking = asyncio.ensure_future(page.ask_on())
    sayings = SAYINGS[server.kind]()
    few = asyncio.Semaphore(4)

    async def in_turn(saying: Saying) -> tuple[Impostor, Evidence, float]:
        async with few:
            return await asked(town, server, stage, saying)

    told = await asyncio.gather(*map(in_turn, sayings.values()))
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    unheard = [name for name, (impostor, _, _) in zip(sayings, told, strict=True) if not impostor.spoke]
    assert unheard == [], "the stage was never reached"
    found = {name: answer for name, (_, answer, _) in zip(sayings, told, strict=True)}
    assert {name: answer for name, answer in found.items() if answer.outcome != "down" or not answer.reason} == {}
    assert max(took for _, _, took in told) < IN_TIME_S
    assert page.served > 0
    assert page.slowest_s < IN_TIME_S
    assert unread == []
    if stage == 0:
        assert "does not speak" in found["a web page"].reason


async def test_what_would_hold_the_driver_does_not_reach_it(town: Town) -> None:
    """Each of these holds the interpreter for ever, for hours, or for seconds, once asyncpg reads it."""
    reasons = {}
    for name in ("a NUL message", "rounds of SCRAM", "a path"):
        _, answer, _ = await asked(town, SERVERS[0], 0, of_postgresql()[name])
        reasons[name] = answer.reason
    assert reasons == {
        "a NUL message": "what answers at the address of settings.url does not speak PostgreSQL "
        "(\\x00\\x00\\x00\\x00\\x04)",
        "rounds of SCRAM": "the server wants more than 200000 rounds of SCRAM for a password",
        "a path": "a column is a row, a path, a polygon, a snapshot or a multirange: select its parts",
    }
    assert all(said(reason, "zh") != reason for reason in reasons.values())
