"""Filing through the API at 8 concurrent, two workers on PostgreSQL, against bare transactions of as many rows.

The floor is what a plain program would do that only had to store it: the very rows that one filing wrote (read back
from the database, with their sealed bytes), one prepared INSERT a table, one durable commit a filing, over asyncpg,
from two processes of four connections each, as the workers have. Its tables are twins of ours: the same columns,
indexes, checks and references to the case. Both sides share one server and its settings, in turns, in the same run.

What is ours alone, and therefore measured: HTTP, the client's token, whether the key was used before, three lookups in
the made-up registers, the judgement, the letter, sealing and chaining, and telling the listeners afterwards, which the
workers do meanwhile. The client that makes the load runs on the same machine and is kept as light as can be.
Not part of a plain `make bench`: python -m bench filing
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import multiprocessing
import os
import re
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg  # type: ignore[import-untyped]
from uuid_utils import uuid7

from bench.repeatable import repeatable
from bench.table import Row, microseconds
from bench.web import free_port, server

SLOW = True
SERVER = "postgres://postgres@127.0.0.1:5432"
WORKERS, CONCURRENT = 2, 8
ROUNDS, FILINGS, PER_CONNECTION = 5, 400, 10
ITEM = "elder-allowance"
OWN = ("no", "filing_key", "reference")
"""Text columns that are another for each case."""
PLACE = ("book", "seq")
"""Where an access record stands: no two stand in one place."""


@dataclass(frozen=True)
class Written:
    """The rows of one table that one filing wrote."""

    table: str
    columns: list[str]
    rows: list[list[Any]]

    @property
    def sql(self) -> str:
        names = ", ".join(f'"{name}"' for name in self.columns)
        marks = ", ".join(f"${n + 1}" for n in range(len(self.columns)))
        return f"INSERT INTO floor_{self.table} ({names}) VALUES ({marks})"


class Client:
    """The portal: a keep-alive connection, made anew after some filings so that the kernel deals it to either worker.

    Bare sockets: the load comes from the machine that is measured, and must cost as little of it as can be.
    """

    numbers = itertools.count()

    def __init__(self, port: int, told: dict[str, list[dict[str, str]]]) -> None:
        token = next(one for one in told["tokens"] if one["role"] == "portal")["token"]
        elder = next(one for one in told["accounts"] if one["login"] == "elder")
        self.address = ("127.0.0.1", port)
        body = json.dumps(
            {
                "applicant": {"kind": "person", "id_number": elder["id_number"], "name": "陈试甲"},
                "answers": {"phone": "13900000000"},
            }
        )
        self.head = (
            f"POST /api/v1/items/{ITEM}/cases HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: bench-"
        )
        self.tail = f"\r\n\r\n{body}"
        self.filed = 0
        self.connection: socket.socket | None = None

    def file(self) -> str:
        if self.filed == PER_CONNECTION:
            self.close()
        if self.connection is None:
            self.connection = socket.create_connection(self.address)
        self.filed += 1
        self.connection.sendall(f"{self.head}{next(self.numbers)}{self.tail}".encode())
        got = self.connection.recv(65536)
        while not (found := re.search(rb"(?i)\r\ncontent-length: *(\d+)(?s:.*?)\r\n\r\n", got)):
            got += self._more()
        while len(got) < found.end() + int(found[1]):
            got += self._more()
        text = got[found.end() :].decode()
        if not got.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(f"{got[:20]!r}: {text[:500]}")
        return str(json.loads(text)["no"])

    def _more(self) -> bytes:
        assert self.connection is not None
        more = self.connection.recv(65536)
        if not more:
            raise RuntimeError("The server hung up.")
        return more

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection, self.filed = None, 0


async def _written(database: str, no: str) -> list[Written]:
    """What the filing of case `no` wrote, table by table; an empty twin of each table is made for the floor."""
    connection = await asyncpg.connect(f"{SERVER}/{database}")
    try:
        case = await connection.fetchval("SELECT id FROM cases_case WHERE no = $1", no)
        tables = await connection.fetch(
            "SELECT table_name AS name, bool_or(column_name = 'case_id') AS of_case, "
            "bool_or(column_name = 'reference') AS by_no FROM information_schema.columns "
            "WHERE table_schema = 'public' GROUP BY table_name"
        )
        found = []
        for table in tables:
            name = table["name"]
            if name == "cases_case":
                rows = await connection.fetch("SELECT * FROM cases_case WHERE id = $1", case)
            elif table["of_case"] and name != "cases_delivery":  # deliveries are written after the answer
                rows = await connection.fetch(f"SELECT * FROM {name} WHERE case_id = $1", case)
            elif table["by_no"]:
                rows = await connection.fetch(f"SELECT * FROM {name} WHERE reference = $1", no)
            else:
                continue
            if rows:
                found.append(Written(name, list(rows[0].keys()), [list(row.values()) for row in rows]))
                await connection.execute(f"CREATE TABLE floor_{name} (LIKE {name} INCLUDING ALL)")
        for one in found:
            await _refer(connection, one.table, {other.table for other in found})
        return sorted(found, key=lambda one: one.table != "cases_case")
    finally:
        await connection.close()


async def _refer(connection: Any, table: str, tables: set[str]) -> None:
    """The twin refers to its case as the table does: LIKE copies indexes and checks, no foreign keys."""
    keys = await connection.fetch(
        "SELECT confrelid::regclass::text AS other, pg_get_constraintdef(oid) AS said FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid = $1::text::regclass",
        table,
    )
    for key in keys:
        if key["other"] in tables:
            said = key["said"].replace(f"REFERENCES {key['other']}", f"REFERENCES floor_{key['other']}")
            await connection.execute(f"ALTER TABLE floor_{table} ADD {said}")


def _fresh(written: Written, case: UUID, number: str) -> list[list[Any]]:
    """The same rows for another case."""

    def value(column: str, old: Any) -> Any:
        if column == "case_id" or (written.table == "cases_case" and column == "id"):
            return case
        if column == "id" and isinstance(old, UUID):
            return UUID(str(uuid7()))
        if column in PLACE and written.table == "cases_access_log":
            return secrets.randbelow(2**31)
        return number if column in OWN else old

    return [[value(*pair) for pair in zip(written.columns, row, strict=True)] for row in written.rows]


async def _bare(database: str, written: list[Written], times: int, connections: int) -> None:
    async def work(own: Any) -> None:
        for _ in range(times // connections):
            case, number = UUID(str(uuid7())), secrets.token_hex(8)
            async with own.transaction():
                for one in written:
                    rows = _fresh(one, case, number)
                    if len(rows) == 1:
                        await own.execute(one.sql, *rows[0])
                    else:
                        await own.executemany(one.sql, rows)

    opened = [await asyncpg.connect(f"{SERVER}/{database}") for _ in range(connections)]
    try:
        started = time.perf_counter()
        await asyncio.gather(*(work(one) for one in opened))
        _report.put(time.perf_counter() - started)
    finally:
        for one in opened:
            await one.close()


_report: Any = None


def _bare_process(report: Any, database: str, written: list[Written], times: int) -> None:
    global _report
    _report = report
    asyncio.run(_bare(database, written, times, CONCURRENT // WORKERS))


def _floor(database: str, written: list[Written]) -> float:
    """Seconds for one bare transaction at that concurrency: the processes' start is not counted."""
    context = multiprocessing.get_context("spawn")
    report = context.Queue()
    each = FILINGS // WORKERS
    processes = [
        context.Process(target=_bare_process, args=(report, database, written, each)) for _ in range(WORKERS)
    ]  # fmt: skip
    for process in processes:
        process.start()
    seconds: list[float] = [report.get() for _ in processes]
    for process in processes:
        process.join()
    return max(seconds) / FILINGS


def _ours(clients: list[Client]) -> float:
    def work(client: Client) -> None:
        for _ in range(FILINGS // len(clients)):
            client.file()
        client.close()

    started = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(work, clients))
    return (time.perf_counter() - started) / FILINGS


@contextlib.contextmanager
def _town() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(database, port, what demo.json tells) of a town served by two workers; the database is dropped afterwards."""

    async def execute(sql: str) -> None:
        connection = await asyncpg.connect(f"{SERVER}/postgres")
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    name = f"lingban_bench_{secrets.token_hex(4)}"
    asyncio.run(execute(f"CREATE DATABASE {name}"))
    before = os.environ.pop("LINGBAN_DATABASE_URL", None)
    os.environ["LINGBAN_DATABASE_URL"] = f"{SERVER}/{name}"
    try:
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            command = [sys.executable, "-m", "core.cli", "serve", "--demo", "--workers", str(WORKERS)]
            command += ["--plugins", str(repeatable(Path(folder))), "--data", folder, "--port", str(port)]
            with server(*command, port=port, ready="/readyz"):
                yield name, port, json.loads((Path(folder) / "demo.json").read_text(encoding="utf-8"))
    finally:
        del os.environ["LINGBAN_DATABASE_URL"]
        if before is not None:
            os.environ["LINGBAN_DATABASE_URL"] = before
        asyncio.run(execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def run() -> list[Row]:
    with _town() as (database, port, told):
        clients = [Client(port, told) for _ in range(CONCURRENT)]
        written = asyncio.run(_written(database, clients[0].file()))
        rows = sum(len(one.rows) for one in written)
        print(", ".join(f"{len(one.rows)} {one.table}" for one in written), file=sys.stderr)
        _ours(clients)  # both workers have met the item
        costs, floors = [], []
        for _ in range(ROUNDS):  # interleaved, so that a noisy moment meets both; the least is taken
            floors.append(_floor(database, written))
            costs.append(_ours(clients))
    cost, floor = min(costs), min(floors)
    what = f"one filing of {rows} rows, {CONCURRENT} at once over {WORKERS} workers, against its bare transaction"
    return [Row(what, microseconds(cost), microseconds(floor), cost / floor, 2, 1 / cost)]
