"""The registers of the made-up town on real servers: PostgreSQL, MariaDB and a REST service, filled from `seeds/`."""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from core.catalog.bundle import read_source
from core.contract import Source
from core.sources.conformance.relay import Relay
from core.sources.conformance.samples import samples_of
from core.sources.engine import Sources
from core.sources.records import Records
from tests.sources.conftest import CALENDAR, facts, item
from tests.sources.service import Reply, Request, Service
from tests.sources.test_servers import SERVERS, Server, listens

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[2]
POSTGRESQL, MARIADB = SERVERS
LIMIT_MS = 2500


def declared(id: str) -> Source:
    folder = ROOT / "plugins" / id
    return read_source(id, json.loads((folder / "source.json").read_text(encoding="utf-8")), str(folder))


def lines(id: str) -> list[dict[str, str]]:
    with open(ROOT / "seeds" / "sources" / f"{id}.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def fill(server: Server, id: str, table: str) -> None:
    """The CSV as a table of texts, as a first delivery of a register often looks."""
    rows = lines(id)
    quote = '"' if server.kind == "postgresql" else "`"
    columns = ", ".join(f"{quote}{name}{quote} varchar(200)" for name in rows[0])
    values = ", ".join(
        "(" + ", ".join("NULL" if cell == "" else "'" + cell.replace("'", "''") + "'" for cell in row.values()) + ")"
        for row in rows
    )
    await server.run(
        f"DROP TABLE IF EXISTS {quote}{table}{quote}",
        f"CREATE TABLE {quote}{table}{quote} ({columns})",
        f"INSERT INTO {quote}{table}{quote} VALUES {values}",
    )


@dataclass
class RealTown:
    sources: Sources
    wires: dict[str, Relay]
    elder: str


LOOKUPS = {
    "person": ("natural-person", "id_number", ["name", "birth_date", "alive"]),
    "firm": ("legal-entity", "credit_code", ["name", "status"]),
    "account": ("own-business", "id_number", ["bank_account"]),
}
ITEM = item(
    {
        name: {"source": source, "by": {key: f"/applicant/{key}"}, "take": take}
        for name, (source, key, take) in LOOKUPS.items()
    }
)


@pytest.fixture
async def real(town: Callable[..., Sources]) -> AsyncIterator[RealTown]:
    for server in SERVERS:
        if not listens(server.port):
            pytest.skip(f"no {server.kind} listens on 127.0.0.1:{server.port}")
    tables = {id: f"lingban_town_{id}_{os.getpid()}".replace("-", "_") for id in ("natural-person", "legal-entity")}
    await fill(POSTGRESQL, "natural-person", tables["natural-person"])
    await fill(MARIADB, "legal-entity", tables["legal-entity"])
    business = declared("own-business")
    records = Records(business.record)
    held = {row["id_number"]: records.from_cells(row.items()) for row in lines("own-business")}

    def answer(request: Request) -> Any:
        return held.get(request.path.removeprefix("/accounts/")) or Reply({}, 404)

    async with (
        Service(answer) as service,
        Relay(5432) as postgresql,
        Relay(3306) as mariadb,
        Relay(service.port) as rest,
    ):
        person, firm = declared("natural-person"), declared("legal-entity")
        sources = town(
            replace(person, settings=moved(person, tables), timeout_ms=LIMIT_MS),
            replace(firm, settings=moved(firm, tables), timeout_ms=LIMIT_MS),
            replace(
                business,
                connector="http",
                timeout_ms=LIMIT_MS,
                settings={
                    "url": "${OWN_BUSINESS_URL}",
                    "path": "/accounts/{id_number}",
                    "empty_status": [404],
                    "allow": ["http", "private"],
                },
            ),
            environment={
                "NATURAL_PERSON_URL": POSTGRESQL.url(postgresql.port),
                "LEGAL_ENTITY_URL": MARIADB.url(mariadb.port),
                "OWN_BUSINESS_URL": f"http://localhost:{rest.port}",
            },
        )
        wires = {"person": postgresql, "firm": mariadb, "account": rest}
        yield RealTown(
            sources, wires, next(n for n in held if any(n == r["id_number"] for r in lines("natural-person")))
        )
        await sources.close()
    await POSTGRESQL.run(f"DROP TABLE {tables['natural-person']}")
    await MARIADB.run(f"DROP TABLE {tables['legal-entity']}")


def moved(source: Source, tables: dict[str, str]) -> dict[str, Any]:
    """The source's own select, on the table of this run."""
    select = source.settings["select"].replace(f'"{source.id}"', f'"{tables[source.id]}"')
    return {**source.settings, "select": select}


def of(elder: str) -> dict[str, Any]:
    firm = next(row["credit_code"] for row in lines("legal-entity"))
    return facts(applicant={"kind": "enterprise", "id_number": elder, "credit_code": firm})


async def test_three_servers_answer_one_item(real: RealTown) -> None:
    evidence = await real.sources.ask(ITEM, of(real.elder), calendar=CALENDAR, budget_s=15)
    assert {name: (e.outcome, e.reason) for name, e in evidence.items()} == dict.fromkeys(LOOKUPS, ("found", ""))
    assert evidence["person"].value["alive"] is True
    for id in ("natural-person", "own-business"):
        nobody = samples_of(declared(id), found={"id_number": real.elder}).nobody[0]
        assert (await real.sources.probe(id, nobody)).outcome == "empty"


@pytest.mark.parametrize("ill", ["person", "firm", "account"])
@pytest.mark.parametrize("trouble", ["hang", "refuse"])
async def test_the_trouble_of_one_is_nobody_elses(real: RealTown, ill: str, trouble: str) -> None:
    given = of(real.elder)
    await real.sources.ask(ITEM, given, calendar=CALENDAR, budget_s=15)
    await real.wires[ill].begin(trouble)
    begun = time.monotonic()
    evidence = await real.sources.ask(ITEM, given, calendar=CALENDAR, budget_s=15)
    assert time.monotonic() - begun < 12
    assert {name for name, e in evidence.items() if e.outcome == "down"} == {ill}
    assert {name for name, e in evidence.items() if e.outcome == "found"} == set(LOOKUPS) - {ill}
    await real.wires[ill].begin("pass")
