"""A small made-up town with one item, run by the real kernel; its registers are dictionaries that a test may change."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from core import database, sealing
from core.catalog.bundle import read_item, read_source
from core.catalog.hooks import Hooks
from core.contract import Actor, Area, Empty, Found, Item, Office, Outcome, Site, Source, Unit
from core.kernel import Kernel
from core.office.calendar import StateCalendar
from core.settings import Settings
from core.sources.engine import Sources

PLUGINS = Path(__file__).parents[2] / "plugins"
SOON = (date.today() + timedelta(days=90)).isoformat()
"""A day by which a pause may be expected to end."""
CITY, TOWN, VILLAGE = "320583000000", "320583103000", "320583103205"
ELDER, YOUNG, DAUGHTER, BOSS = "32058319400101991X", "320583199001010010", "32058319700101002X", "320583197501010034"
FIRM = "91320583MAXX000153"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
"""A paper that somebody hands in."""

OFFICE = Office(
    areas={
        CITY: Area(CITY, "虚山市", "city", None),
        TOWN: Area(TOWN, "试浦镇", "town", CITY),
        VILLAGE: Area(VILLAGE, "试新村", "village", TOWN),
    },
    units={
        "civil-affairs": Unit("civil-affairs", "民政局", "0512-00000001"),
        "credit-office": Unit("credit-office", "信用办", "0512-00000003"),
        "approval-bureau": Unit("approval-bureau", "行政审批局", "0512-00000002"),
    },
    offices=frozenset(
        {
            ("civil-affairs", CITY),
            ("civil-affairs", TOWN),
            ("credit-office", CITY),
            ("approval-bureau", CITY),
            ("approval-bureau", TOWN),
        }
    ),
    sites={
        "hall-town": Site("hall-town", "试浦镇便民服务中心", "hall", "town", TOWN),
        "station": Site("station", "试新市民驿站", "station", "village", VILLAGE),
    },
)

LETTER = "<p>{{ applicant.name }}：{{ case.no }} {{ decision.because }}，每月 {{ case.amount }} 元。</p>"

ALLOWANCE: dict[str, Any] = {
    "item": {
        "contract": 1,
        "title": "尊老金（测试）",
        "version": "1.0.0",
        "unit": "civil-affairs",
        "audience": ["person"],
        "agents": ["guardian", "mandate"],
        "handling": "instant",
        "statutory_days": 20,
        "promised_days": 3,
        "channels": ["web", "hall", "station", "phone"],
        "materials": [
            {
                "id": "identity",
                "title": "居民身份证",
                "proved_by": "person",
                "valid_when": {"/lookups/person/alive": {"const": True}},
            },
            {
                "id": "account",
                "title": "银行账户证明",
                "proved_by": "account",
                "fallback": {"down": "promise", "empty": "upload"},
            },
        ],
        "result": {
            "title": "尊老金告知单",
            "template": "result.html",
            "amount": [{"title": "尊老金", "amount": "100.00"}],
        },
    },
    "form": {
        "type": "object",
        "required": ["phone"],
        "properties": {
            "name": {"type": "string", "title": "姓名", "x-from": "/lookups/person/name"},
            "phone": {"type": "string", "title": "联系电话", "pattern": "^1\\d{10}$"},
        },
    },
    "lookups": {
        "lookups": {
            "person": {
                "source": "natural-person",
                "by": {"id_number": "/applicant/id_number"},
                "take": ["name", "birth_date", "alive"],
                "purpose": "核对年龄与户籍",
                "basis": "示例规定第一条",
            },
            "account": {
                "source": "own-business",
                "by": {"id_number": "/applicant/id_number"},
                "take": ["bank_account"],
                "purpose": "发放待遇",
                "basis": "示例规定第二条",
            },
        }
    },
    "routing": {
        "sites": {"city": "decide", "town": "decide", "village": "collect"},
        "area": "same-city",
        "steps": [{"unit": "civil-affairs", "days": 2}],
        "decide": [
            {
                "when": {"/lookups/person/birth_date": {"x-age": {"minimum": 80}}},
                "outcome": "approve",
                "because": "户籍在册且年满80周岁",
            },
            {
                "when": {"/lookups/person/birth_date": {"x-age": {"exclusiveMaximum": 80}}},
                "outcome": "reject",
                "because": "未满80周岁",
                "basis": "示例规定第三条",
            },
        ],
    },
    "templates": {"result.html": LETTER},
    "texts": {},
    "ui": None,
}

QUERY: dict[str, Any] = {
    "item": {
        "contract": 1,
        "title": "账户查询（测试）",
        "version": "1.0.0",
        "unit": "civil-affairs",
        "handling": "query",
        "answer": "account",
        "channels": ["web", "kiosk", "hall"],
    },
    "lookups": {"lookups": {"account": ALLOWANCE["lookups"]["lookups"]["account"]}},
}


def source(id: str, fields: Mapping[str, Any], **more: Any) -> Source:
    return read_source(
        id,
        {
            "contract": 1,
            "title": id,
            "connector": "register",
            "query": {"type": "object", "properties": {"id_number": {"type": "string"}}},
            "record": {"type": "object", "properties": dict(fields)},
            **more,
        },
    )


TEXT = {"type": "string"}
SOURCES = {
    one.id: one
    for one in (
        source("natural-person", {"name": TEXT, "birth_date": TEXT, "alive": {"type": "boolean"}}),
        source("own-business", {"bank_account": TEXT}),
        source(
            "family",
            {"guardian_id": TEXT},
            relation={"kind": "guardian", "by": {"id_number": "/applicant/id_number"}, "holder": "/guardian_id"},
        ),
        source(
            "legal-entity",
            {"legal_rep_id": TEXT},
            query={"type": "object", "properties": {"credit_code": {"type": "string"}}},
            relation={
                "kind": "legal_representative",
                "by": {"credit_code": "/applicant/credit_code"},
                "holder": "/legal_rep_id",
            },
        ),
        read_source("own-cases", json.loads((PLUGINS / "own-cases" / "source.json").read_text(encoding="utf-8"))),
    )
}


@dataclass
class Registers:
    """What each source holds, by number; `Down(…)` in a record's place is what the source then says."""

    held: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {
            "natural-person": {
                ELDER: {"name": "陈试甲", "birth_date": "1940-01-01", "alive": True},
                YOUNG: {"name": "李试乙", "birth_date": "1990-01-01", "alive": True},
            },
            "own-business": {ELDER: {"bank_account": "6222000000000000"}, YOUNG: {"bank_account": "6222000000000018"}},
            "family": {ELDER: {"guardian_id": DAUGHTER}},
            "legal-entity": {FIRM: {"legal_rep_id": BOSS}},
        }
    )
    asked: list[tuple[str, str]] = field(default_factory=list)

    def connect(self, source: Source, settings: Mapping[str, Any]) -> Register:
        return Register(self, source.id)


@dataclass
class Register:
    registers: Registers
    id: str

    def ask(self, by: Mapping[str, Any]) -> Outcome:
        number = next(iter(by.values()))
        self.registers.asked.append((self.id, number))
        found = self.registers.held[self.id].get(number)
        if found is None:
            return Empty()
        return Found(found) if isinstance(found, dict) else found


def person(number: str, name: str = "") -> dict[str, Any]:
    return {"kind": "person", "name": name, "id_number": number, "area": VILLAGE, "groups": []}


def item(**changes: Any) -> Item:
    """The allowance, with parts of item.json changed."""
    return read_item("allowance", {**ALLOWANCE, "item": {**ALLOWANCE["item"], **changes}})


def stepwise(*declared: dict[str, Any], **changes: Any) -> Item:
    """The allowance on a longer way: two offices side by side, a public notice outside the legal time, a last look.

    `declared`: other steps instead.
    """
    steps = [*declared] or [
        {"unit": "civil-affairs", "title": "初审", "days": 2},
        {
            "together": [
                {"unit": "credit-office", "title": "信用会商", "days": 1},
                {"unit": "approval-bureau", "title": "会签", "days": 2},
            ]
        },
        {"unit": "civil-affairs", "title": "公示", "days": 5, "counts": False},
        {"unit": "civil-affairs", "title": "复核", "days": 1},
    ]
    routing = {**ALLOWANCE["routing"], "steps": steps}
    return read_item("allowance", {**ALLOWANCE, "item": {**ALLOWANCE["item"], **changes}, "routing": routing})


CITIZEN = Actor(id="acc-elder", role="citizen", name="陈试甲", id_number=ELDER, channel="web")
OTHER = Actor(id="acc-young", role="citizen", name="李试乙", id_number=YOUNG, channel="web")
GUARDIAN = Actor(id="acc-daughter", role="citizen", name="陈试丙", id_number=DAUGHTER, channel="web")
WORKER = Actor(id="acc-worker", role="station_worker", name="李工", site="station", area=VILLAGE, channel="station")
REVIEWER = Actor(id="acc-reviewer", role="reviewer", name="钱审", unit="civil-affairs", area=TOWN)
REVIEWER_2 = Actor(id="acc-reviewer-2", role="reviewer", name="孙审", unit="civil-affairs", area=TOWN)
STRANGER = Actor(id="acc-stranger", role="reviewer", name="周审", unit="credit-office", area=CITY)
PORTAL = Actor(id="client-portal", role="portal", name="门户", channel="web")


_migrated = Path(tempfile.mkdtemp(prefix="lingban-cases-"))
atexit.register(shutil.rmtree, _migrated, ignore_errors=True)
POSTGRESQL = "postgres://postgres@127.0.0.1:5432"


@contextlib.asynccontextmanager
async def kernel(folder: Path, registers: Registers, *items: Item, url: str = "") -> AsyncIterator[Kernel]:
    """The real parts over a database in `folder` (or at `url`), with the catalog given instead of read from folders."""
    file = folder / "cases.sqlite3"
    settings = Settings(data=folder, database_url=url or f"sqlite://{file}", secret_key="0123456789abcdef0")
    keys = sealing.keys_for(settings)
    sealing.use(keys)
    fresh = _migrated / "cases.sqlite3"
    ready = bool(url) or file.exists()
    if not ready and fresh.exists():
        shutil.copy(fresh, file)
        ready = True
    context = await database.open(settings)
    try:
        if not ready:
            await database.migrate(context)
            await context.db().execute_script(f"VACUUM INTO '{fresh}'")
        sources = Sources(settings=settings, connectors={"register": registers.connect})
        sources.use(SOURCES)
        offered = items or (item(), read_item("account-query", QUERY))
        catalog: Any = SimpleNamespace(items={one.id: one for one in offered}, sources=SOURCES, plugins={})
        holder: Any = SimpleNamespace(current=catalog)
        yield Kernel(settings, keys, context, Hooks(), holder, sources, StateCalendar(), OFFICE)
        await sources.close()
    finally:
        await database.close(context)


@contextlib.asynccontextmanager
async def on_postgresql() -> AsyncIterator[str]:
    """The URL of a database of its own, migrated once a session and copied since; gone afterwards."""
    name = f"lingban_cases_{secrets.token_hex(4)}"
    template = f"lingban_cases_template_{os.getpid()}"
    connection = await asyncpg.connect(f"{POSTGRESQL}/test")
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", template):
            await connection.execute(f"CREATE DATABASE {template}")
            atexit.register(asyncio.run, _drop(template))
            context = await database.open(Settings(database_url=f"{POSTGRESQL}/{template}"))
            await database.migrate(context)
            await database.close(context)
            # A pool says goodbye in its own time, and a database with a guest is no template.
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", template
            )
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield f"{POSTGRESQL}/{name}"
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def empty_postgresql() -> AsyncIterator[str]:
    """The URL of a database without a table; gone afterwards."""
    name = f"lingban_empty_{secrets.token_hex(4)}"
    connection = await asyncpg.connect(f"{POSTGRESQL}/test")
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{POSTGRESQL}/{name}"
        finally:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


async def _drop(name: str) -> None:
    connection = await asyncpg.connect(f"{POSTGRESQL}/test")
    await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await connection.close()


def postgresql_listens() -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", 5432)) == 0
