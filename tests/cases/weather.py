"""Four registers of the made-up town on real servers, and the trouble that befalls them, by the dice.

PostgreSQL, MariaDB, an HTTP service and a CSV file, filled from `seeds/`; the dice cut, hang, foul and restart them.
Knows no item and no case.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from core.sources.conformance.relay import Relay
from core.sources.records import Records
from tests.sources.service import Reply, Request, Service
from tests.sources.test_servers import SERVERS, Server
from tests.sources.test_town import declared, lines

POSTGRESQL, MARIADB = SERVERS
ON_POSTGRESQL, ON_MARIADB = ("natural-person", "social-relief", "drainage-register"), ("legal-entity",)
ON_HTTP, IN_A_FILE = "own-business", "public-credit"
SOURCES = (*ON_POSTGRESQL, *ON_MARIADB, ON_HTTP, IN_A_FILE)
SOCKET = ("hang", "cut", "half", "garbage", "refuse", "restart")
ANSWERS = ("other person", "error", "no json", "not allowed", "slow", "wrong type")
FILE = ("gone", "garbage", "wrong columns")


def records_of(id: str) -> list[dict[str, Any]]:
    """What the register holds, as its connector gives it."""
    records = Records(declared(id).record)
    return [records.from_cells(row.items()) for row in lines(id)]


@dataclass
class Weather:
    """One run's registers. `blow` troubles one of them for a moment; `clear` ends all trouble."""

    dice: random.Random
    folder: Path
    name: str
    environment: dict[str, str] = field(default_factory=dict)
    wires: dict[str, Relay] = field(default_factory=dict)
    service: Service | None = None
    says: str = ""
    seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.persons = {row["id_number"]: row for row in records_of(ON_HTTP)}
        self.table = (Path(declared(IN_A_FILE).folder).parents[1] / f"seeds/sources/{IN_A_FILE}.csv").read_bytes()
        self.file = self.folder / "plugins" / IN_A_FILE / "credit.csv"

    async def answer(self, request: Request) -> Any:
        number = request.path.removeprefix("/accounts/")
        held = self.persons.get(number)
        match self.says:
            case "other person":
                return self.dice.choice(list(self.persons.values()))
            case "error":
                return Reply({"error": "out of order"}, 500)
            case "no json":
                return Reply(b"<html>maintenance", headers={"Content-Type": "text/html"})
            case "not allowed":
                return Reply({}, 403)
            case "slow":
                await asyncio.sleep(self.dice.uniform(0, 3))
            case "wrong type":
                return {**(held or {}), "id_number": number, "bank_account": 5}
        return held or Reply({}, 404)

    async def blow(self, seconds: Callable[[], float]) -> None:
        """Trouble for one register, until its time is over."""
        source = self.dice.choice(SOURCES)
        if source == IN_A_FILE:
            trouble = self.dice.choice(FILE)
            if trouble == "gone":
                self.file.unlink(missing_ok=True)
            else:
                self.file.write_bytes(os.urandom(400) if trouble == "garbage" else b"a,b\n1,2\n")
        elif source == ON_HTTP and self.dice.random() < 0.6:
            trouble = self.says = self.dice.choice(ANSWERS)
        else:
            trouble = self.dice.choice(SOCKET)
            if trouble == "restart":
                await self.restart(source)
            else:
                await self.wires[source].begin(trouble)
        self.seen[f"{source}: {trouble}"] += 1
        await asyncio.sleep(seconds())
        await self.clear(source)

    async def restart(self, source: str) -> None:
        """Every connection ended, by the server itself where there is one, and nobody there for a moment."""
        if source in ON_POSTGRESQL:
            admin = await asyncpg.connect(POSTGRESQL.url())
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
                self.name,
            )
            await admin.close()
        await self.wires[source].begin("refuse")

    async def clear(self, source: str) -> None:
        if source == IN_A_FILE:
            fresh = self.file.with_suffix(".new")
            fresh.write_bytes(self.table)
            fresh.replace(self.file)
            return
        if source == ON_HTTP:
            self.says = ""
        await self.wires[source].begin("pass")
        await self.wires[source].drop()  # what hung shall not hang on

    async def clear_all(self) -> None:
        for source in SOURCES:
            await self.clear(source)


async def fill(server: Server, database: str, ids: tuple[str, ...]) -> None:
    """A database of its own with each register under its own name, the CSV as texts."""
    quote = '"' if server.kind == "postgresql" else "`"
    await server.run(f"CREATE DATABASE {database}")
    made = []
    for id in ids:
        rows = lines(id)
        columns = ", ".join(f"{quote}{name}{quote} varchar(200)" for name in rows[0])
        cells = [
            "("
            + ", ".join("NULL" if cell == "" else "'" + cell.replace("'", "''") + "'" for cell in row.values())
            + ")"
            for row in rows
        ]
        made += [
            f"CREATE TABLE {quote}{id}{quote} ({columns})",
            f"INSERT INTO {quote}{id}{quote} VALUES " + ", ".join(cells),
        ]
    await Server(server.kind, server.port, "", "", database).run(*made)


def lay_over(folder: Path) -> None:
    """The two registers that are neither in SQL: the same contracts with another way to ask."""
    for id, connector, settings in (
        (ON_HTTP, "http",
         {"url": "${OWN_BUSINESS_URL}", "path": "/accounts/{id_number}", "empty_status": [404],
          "allow": ["http", "private"]}),
        (IN_A_FILE, "table", {"path": "credit.csv"}),
    ):  # fmt: skip
        there = folder / "plugins" / id
        there.mkdir(parents=True)
        bundled = json.loads((Path(declared(id).folder) / "source.json").read_text(encoding="utf-8"))
        bundled.update(connector=connector, settings=settings)
        (there / "source.json").write_text(json.dumps(bundled, ensure_ascii=False), encoding="utf-8")


@asynccontextmanager
async def weather(folder: Path, dice: random.Random) -> AsyncIterator[Weather]:
    """The registers up and filled; their addresses are in `environment`, what is laid over in `folder/plugins`."""
    name = f"lingban_weather_{os.getpid()}"
    made = Weather(dice, folder, name)
    lay_over(folder)
    async with AsyncExitStack() as stack:
        for server, ids in ((POSTGRESQL, ON_POSTGRESQL), (MARIADB, ON_MARIADB)):
            force = " WITH (FORCE)" if server is POSTGRESQL else ""
            stack.push_async_callback(server.run, f"DROP DATABASE IF EXISTS {name}{force}")
            await fill(server, name, ids)
            for id in ids:
                wire = made.wires[id] = await stack.enter_async_context(Relay(server.port))
                key = id.replace("-", "_").upper() + "_URL"
                made.environment[key] = Server(server.kind, server.port, "", "", name).url(wire.port)
        made.service = await stack.enter_async_context(Service(made.answer))
        wire = made.wires[ON_HTTP] = await stack.enter_async_context(Relay(made.service.port))
        made.environment["OWN_BUSINESS_URL"] = f"http://localhost:{wire.port}"
        await made.clear_all()
        yield made
