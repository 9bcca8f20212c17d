"""Connector `sql` against real servers: what they give, what they refuse, killed and hung at the socket."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest

from core.contract import Source
from core.sources.conformance.relay import Relay
from core.sources.connectors import postgresql
from core.sources.engine import Sources
from tests.sources.conftest import ELDER, source

pytestmark = pytest.mark.anyio
Town = Callable[..., Sources]
IN_TIME_S = 8.0
TABLE = f"lingban_sources_{os.getpid()}"
DROP = f"DROP TABLE IF EXISTS {TABLE}"
CREATE = (
    f"CREATE TABLE {TABLE} (id_number varchar(18), name varchar(40), birth_date date, alive boolean,"
    " pension numeric(10,2), seen timestamp, updated_on date)"
)
ROWS = [
    (ELDER, "张试", "1940-01-01", "true", "1200.50", "2026-10-01 08:30:00", "2026-10-01"),
    ("320583194202020025", "李试", "1942-02-02", "false", "0", "2026-10-01 08:30:00", "2026-10-02"),
    ("2", "王试", "1950-03-03", "true", "1", "2026-10-01 08:30:00", "2026-10-03"),
    ("2", "王试二", "1950-03-03", "true", "1", "2026-10-01 08:30:00", "2026-10-03"),
]
INSERTS = [f"INSERT INTO {TABLE} VALUES ('{i}', '{n}', '{b}', {a}, {p}, '{s}', '{u}')" for i, n, b, a, p, s, u in ROWS]
COLUMNS = "id_number, name, birth_date, alive, pension, seen, updated_on"
CONTRACT: dict[str, Any] = {
    "query": {
        "type": "object",
        "properties": {"id_number": {"type": "string"}, "born": {"type": "string"}},
        "additionalProperties": False,
    },
    "record": {
        "type": "object",
        "properties": {
            "id_number": {"type": "string"},
            "name": {"type": "string"},
            "birth_date": {"type": "string", "format": "date"},
            "alive": {"type": "boolean"},
            "pension": {"type": "string"},
            "seen": {"type": "string"},
        },
        "required": ["id_number", "name"],
    },
}


@dataclass
class Server:
    kind: str
    port: int
    sleep: str
    running: str
    database: str = "test"

    def url(self, port: int | None = None, *, password: str = "") -> str:
        user = "postgres" if self.kind == "postgresql" else "root"
        return f"{self.kind}://{user}{password}@127.0.0.1:{port or self.port}/{self.database}"

    async def run(self, *statements: str) -> None:
        if self.kind == "postgresql":
            connection = await asyncpg.connect(self.url())
            for statement in statements:
                await connection.execute(statement)
            await connection.close()
        else:
            import asyncmy

            connection = await asyncmy.connect(host="127.0.0.1", port=self.port, user="root", database=self.database)
            async with connection.cursor() as cursor:
                for statement in statements:
                    await cursor.execute(statement)
            await connection.commit()
            await connection.ensure_closed()


SERVERS = [
    Server("postgresql", 5432, "EXISTS (SELECT pg_sleep(30))", "pg_stat_activity WHERE state = 'active' AND query"),
    Server("mariadb", 3306, "sleep(30)", "information_schema.processlist WHERE info"),
]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=SERVERS, ids=lambda server: server.kind)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    server: Server = request.param
    if not listens(server.port):
        pytest.skip(f"no {server.kind} listens on 127.0.0.1:{server.port}")
    await server.run(DROP, CREATE, *INSERTS)
    yield server
    await server.run(DROP)


def persons(url: str, select: str | None = None, **more: Any) -> Source:
    select = select or f'SELECT {COLUMNS} FROM {TABLE} AS "t" WHERE id_number = :id_number'
    settings = {"url": url, "select": select, "recorded_at": "updated_on", **more.pop("settings", {})}
    return source("persons", settings=settings, **{"timeout_ms": 20_000, **CONTRACT, **more})


async def test_a_row_becomes_a_record(town: Town, server: Server) -> None:
    found = await town(persons(server.url())).probe("persons", {"id_number": ELDER})
    assert (found.outcome, found.reason) == ("found", "")
    assert found.value == {
        "id_number": ELDER,
        "name": "张试",
        "birth_date": "1940-01-01",
        "alive": True,
        "pension": "1200.50",
        "seen": "2026-10-01T08:30:00",
    }
    assert found.recorded_at == "2026-10-01"


async def test_columns_that_are_not_named_as_the_fields_are_told_by_name(town: Town, server: Server) -> None:
    select = f"SELECT id_number, name AS xm, alive FROM {TABLE} WHERE id_number = :id_number"
    answer = await town(persons(server.url(), select)).probe("persons", {"id_number": ELDER})
    assert (answer.outcome, answer.reason.split(":")[0]) == (
        "down", "the statement gives no column name; it gives id_number, xm, alive"
    )  # fmt: skip
    assert "AS name" in answer.reason


@pytest.mark.parametrize("bare", [":p@ss:w/rd", ":a/b", ":a#b", ":a?b", ":12/3"])
async def test_a_password_with_bare_special_characters_is_told_how_to_write_them(
    town: Town, server: Server, bare: str
) -> None:
    answer = await town(persons(server.url(password=bare))).probe("persons", {"id_number": ELDER})
    assert (answer.outcome, "write @ as %40" in answer.reason) == ("down", True), answer.reason
    assert bare not in answer.reason


async def test_none_two_and_many(town: Town, server: Server) -> None:
    sources = town(persons(server.url()))
    assert (await sources.probe("persons", {"id_number": "1"})).outcome == "empty"
    assert "more than one record" in (await sources.probe("persons", {"id_number": "2"})).reason
    assert len((await sources.probe("persons", {"id_number": "2"}, many=True)).value) == 2
    limited = town(persons(server.url(), settings={"max_records": 1}))
    assert "more than 1 records" in (await limited.probe("persons", {"id_number": "2"}, many=True)).reason


async def test_a_parameter_may_stand_twice_be_left_out_and_be_a_date(town: Town, server: Server) -> None:
    select = (
        f"SELECT {COLUMNS} FROM {TABLE} WHERE ':born' <> 'it''s' /* :born */ AND id_number = :id_number "
        "AND (cast(:born AS date) IS NULL OR birth_date = cast(:born AS date)) -- :born"
    )
    sources = town(persons(server.url(), select))
    assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"
    assert (await sources.probe("persons", {"id_number": ELDER, "born": "1940-01-01"})).outcome == "found"
    assert (await sources.probe("persons", {"id_number": ELDER, "born": "1940-01-02"})).outcome == "empty"


async def test_what_nobody_can_be_asked_by_shuts_the_register_to_nobody_else(town: Town, server: Server) -> None:
    """Typed by a citizen into a public field: neither his nonsense nor the database's word on it opens the breaker."""
    typed = "CAST(:born AS int)" if server.kind == "postgresql" else ":born"
    select = f"SELECT {COLUMNS} FROM {TABLE} WHERE id_number = :id_number AND (pension < {typed} OR {typed} IS NULL)"
    sources = town(persons(server.url(), select))
    for nonsense in ("x" * 200, "9" * 30, "1e5", "\x00", "half \ud800", "2026-13-45"):
        answer = await sources.probe("persons", {"id_number": ELDER, "born": nonsense})
        assert answer.outcome in ("down", "empty", "found"), answer.reason
        (state,) = sources.states()
        assert (state.state, state.failures_in_a_row) == ("closed", 0), (nonsense, answer.reason)
    assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"


async def test_the_session_can_only_read(town: Town, server: Server) -> None:
    body = (
        f"LANGUAGE sql AS $$ DELETE FROM {TABLE}; SELECT 1 $$"
        if server.kind == "postgresql"
        else f"MODIFIES SQL DATA BEGIN DELETE FROM {TABLE}; RETURN 1; END"
    )
    await server.run(f"DROP FUNCTION IF EXISTS {TABLE}_write", f"CREATE FUNCTION {TABLE}_write() RETURNS int {body}")
    write = f"SELECT {TABLE}_write() AS name, :id_number AS id_number"
    refused = await town(persons(server.url(), write)).probe("persons", {"id_number": ELDER})
    await server.run(f"DROP FUNCTION {TABLE}_write")
    assert refused.outcome == "down"
    assert "read" in refused.reason.lower()
    assert (await town(persons(server.url())).probe("persons", {"id_number": ELDER})).outcome == "found"


async def test_a_slow_statement_is_given_up_in_time_and_ended_by_the_server(town: Town, server: Server) -> None:
    select = f"SELECT {COLUMNS} FROM {TABLE} WHERE id_number = :id_number OR (:id_number = 'slow' AND {server.sleep})"
    sources = town(persons(server.url(), select, timeout_ms=1500))
    assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"
    begun = time.monotonic()
    slow = await sources.probe("persons", {"id_number": "slow"})
    assert slow.outcome == "down"
    assert time.monotonic() - begun < IN_TIME_S
    assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"
    running = f"SELECT count(*) AS name, :id_number AS id_number FROM {server.running} LIKE '%FROM {TABLE} %slow%'"
    for _ in range(60):
        await asyncio.sleep(0.1)
        busy = await town(persons(server.url(), running)).probe("persons", {"id_number": "1"})
        if busy.value["name"] == "1":
            break
    assert busy.value["name"] == "1"  # the one that counts


async def test_questions_at_once_get_their_own_answers(town: Town, server: Server) -> None:
    sources = town(persons(server.url()))
    ids = [ELDER, "320583194202020025", "1"] * 10
    answers = await asyncio.gather(*(sources.probe("persons", {"id_number": id}) for id in ids))
    assert [a.value["name"] if a.value else None for a in answers] == ["张试", "李试", None] * 10


async def test_a_statement_that_cannot_work_says_why(town: Town, server: Server) -> None:
    wrong = await town(persons(server.url(), "SELECT nothing FROM nowhere")).probe("persons", {"id_number": "1"})
    assert wrong.outcome == "down"
    assert "nowhere" in wrong.reason
    assert "http" not in wrong.reason


async def test_the_wrong_address_is_down_and_keeps_its_password(town: Town, server: Server) -> None:
    url = server.url(1, password=":geheim123")
    sources = town(persons("${PERSONS_URL}"), environment={"PERSONS_URL": url})
    answer = await sources.probe("persons", {"id_number": ELDER})
    assert answer.outcome == "down"
    assert "geheim123" not in answer.reason


@pytest.mark.parametrize("trouble", ["hang", "cut", "half", "garbage", "refuse"])
async def test_trouble_at_the_socket_ends_down_in_time_and_passes(town: Town, server: Server, trouble: str) -> None:
    async with Relay(server.port) as relay:
        sources = town(persons(server.url(relay.port), timeout_ms=2000))
        assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"
        await relay.begin(trouble)
        begun = time.monotonic()
        answer = await sources.probe("persons", {"id_number": ELDER})
        assert answer.outcome == "down", trouble
        assert time.monotonic() - begun < IN_TIME_S
        await relay.begin("pass")
        assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"


async def test_a_connection_given_up_during_the_tls_question_leaves_nothing_unread() -> None:
    """asyncpg's own future fails where it is cancelled before it waits; read by nobody, the loop reports it."""
    unread: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: unread.append(context))

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8)
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    made = postgresql.connect(
        persons("x"), {}, url=SERVERS[0].url(server.sockets[0].getsockname()[1]), statement="SELECT 1"
    )
    for turns in range(40):
        asking = asyncio.ensure_future(made.ask({}))
        for _ in range(turns):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    server.close()
    await asyncio.sleep(0.05)
    gc.collect()
    await asyncio.sleep(0)
    made.close()
    assert unread == []


async def test_a_restarted_server_is_not_even_noticed(town: Town, server: Server) -> None:
    async with Relay(server.port) as relay:
        sources = town(persons(server.url(relay.port), timeout_ms=20_000))
        assert (await sources.probe("persons", {"id_number": ELDER})).outcome == "found"
        await relay.drop()
        await asyncio.sleep(0.02)
        answer = await sources.probe("persons", {"id_number": ELDER})
        assert (answer.outcome, answer.reason) == ("found", "")
