"""A small town's registers and the nouns around them, made by hand: no folder and no database is read."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.catalog.bundle import read_item, read_source
from core.contract import Item, Source
from core.settings import Settings
from core.sources.engine import Sources

ELDER = "32058319400101001X"
PERSON: dict[str, Any] = {
    "query": {
        "type": "object",
        "properties": {"id_number": {"type": "string", "minLength": 1}},
        "required": ["id_number"],
        "additionalProperties": False,
    },
    "record": {
        "type": "object",
        "properties": {
            "id_number": {"type": "string"},
            "name": {"type": "string"},
            "birth_date": {"type": "string", "format": "date"},
            "alive": {"type": "boolean"},
            "spouse_id": {"type": ["string", "null"]},
        },
        "required": ["id_number", "name"],
    },
}
ROWS = [
    (ELDER, "张试", "1940-01-01", 1, "320583194202020025", "2026-10-01"),
    ("320583194202020025", "李试", "1942-02-02", 0, None, "2026-10-02"),
    ("320583195003030031", "王试", "1950-03-03", 1, None, "2026-10-03"),
    ("320583195003030031", "王试二", "1950-03-03", 1, None, "2026-10-03"),
    ("320583196004040044", "坏日", "no date", 1, None, "2026-10-03"),
]


class Weekdays:
    """A calendar without holidays."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5

    def is_provisional(self, day: date) -> bool:
        return False


CALENDAR = Weekdays()


def item(lookups: Mapping[str, Any], form: Mapping[str, Any] | None = None) -> Item:
    guide = {"title": "试验事项", "version": "1.0.0", "handling": "instant", "unit": "civil-affairs"}
    bundle = {"item": guide, "form": form or {"type": "object"}, "lookups": {"lookups": dict(lookups)}}
    return read_item("trial", bundle)


def source(id: str = "natural-person", **changes: Any) -> Source:
    declared = {"contract": 1, "title": "自然人库", "unit": "public-security", "connector": "sql", **PERSON, **changes}
    return read_source(id, declared, declared.pop("folder", ""))


def facts(**more: Any) -> dict[str, Any]:
    return {
        "applicant": {"kind": "person", "id_number": ELDER, "name": "张试", "area": "320583103205", "groups": []},
        "answers": {},
        "channel": "web",
        "today": "2026-11-23",
        **more,
    }


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "persons.sqlite3"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE person (id_number, name, birth_date, alive INTEGER, spouse_id, updated_on)")
        connection.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?)", ROWS)
    return path


@pytest.fixture
def person(register: Path) -> Source:
    select = "SELECT id_number, name, birth_date, alive, spouse_id, updated_on FROM person WHERE id_number = :id_number"
    settings = {"url": "sqlite://${REGISTER}", "select": select, "recorded_at": "updated_on"}
    return source(settings=settings)


@pytest.fixture
async def town(tmp_path: Path, register: Path) -> AsyncIterator[Callable[..., Sources]]:
    """`town(source, …)` puts sources into service and takes them out at the end."""
    open_: list[Sources] = []
    (tmp_path / "data").mkdir(exist_ok=True)  # as in service: files beside it may be read at once

    def make(
        *sources: Source, demo: bool = False, environment: Mapping[str, str] | None = None, **more: Any
    ) -> Sources:
        settings = Settings(
            data=tmp_path / "data", demo=demo, environment={"REGISTER": str(register), **(environment or {})}
        )
        made = Sources(settings=settings, **more)
        made.use({source.id: source for source in sources})
        open_.append(made)
        return made

    yield make
    for made in open_:
        await made.close()


BY_APPLICANT = {"id_number": "/applicant/id_number"}


def lookup(source: str = "natural-person", **more: Any) -> dict[str, Any]:
    return {"source": source, "by": BY_APPLICANT, "take": ["name"], "purpose": "核对", "basis": "试验", **more}
