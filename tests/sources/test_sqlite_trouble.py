"""What becomes of a register in a file of SQLite that is locked, endless, replaced, late, or written to."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.contract import Source
from tests.sources.conftest import ELDER, source
from tests.sources.registers import Register, Town, ask, in_order, served_by

pytestmark = pytest.mark.anyio


async def test_a_locked_database_is_down_in_time_and_blocks_nobody(town: Town, person: Source, register: Path) -> None:
    slow = source(settings=dict(person.settings), timeout_ms=1500)
    sources = town(slow, served_by("quick"), connectors={"quick": Register().connect})
    assert (await ask(sources, "natural-person"))["natural-person"].outcome == "found"
    with closing(sqlite3.connect(register, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        (evidence, other), order = await in_order(ask(sources, "natural-person"), ask(sources, "quick"))
        writer.execute("ROLLBACK")
    assert (evidence["natural-person"].outcome, other["quick"].outcome) == ("down", "found")
    assert order == [1, 0]
    assert (await ask(sources, "natural-person"))["natural-person"].outcome == "found"


async def test_a_statement_without_end_is_interrupted(town: Town, register: Path) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT :id_number AS id_number, 'x' AS name FROM n WHERE i < 0 OR (:id_number = '1' AND i = 1) LIMIT 1"
    )
    sources = town(
        source(settings={"url": "sqlite://${REGISTER}", "select": endless}, timeout_ms=1500),
        served_by("quick"),
        connectors={"quick": Register().connect},
    )
    for _ in range(2):  # the second time at once, on the event loop
        assert (await sources.probe("natural-person", {"id_number": "1"})).outcome == "found"
    for _ in range(2):
        # More of them than the file has threads: each must be free again when its time is over.
        endless_ones = [sources.probe("natural-person", {"id_number": f"{n}{ELDER}"}) for n in range(5)]
        answers, order = await in_order(*endless_ones, ask(sources, "quick"))
        assert [answer.outcome for answer in answers[:5]] == ["down"] * 5
        assert (answers[5]["quick"].outcome, order[0]) == ("found", 5)
    for _ in range(500):
        if sources.states()[0].in_flight == 0:
            break
        await asyncio.sleep(0.02)
    assert sources.states()[0].in_flight == 0
    assert (await sources.probe("natural-person", {"id_number": "1"})).outcome == "found"


async def test_a_replaced_file_is_read_anew(town: Town, person: Source, register: Path) -> None:
    sources = town(person)
    assert (await ask(sources))["natural-person"].outcome == "found"
    fresh = register.with_name("fresh.sqlite3")
    with closing(sqlite3.connect(fresh)) as connection, connection:
        connection.execute("CREATE TABLE person (id_number, name, birth_date, alive, spouse_id, updated_on)")
    fresh.replace(register)
    assert (await ask(sources))["natural-person"].outcome == "empty"
    register.unlink()
    assert (await ask(sources))["natural-person"].outcome == "down"


async def test_a_register_may_come_later_than_the_first_question(town: Town, person: Source, register: Path) -> None:
    away = register.rename(register.with_suffix(".away"))
    sources = town(person)
    assert (await ask(sources))["natural-person"].outcome == "down"
    away.rename(register)
    for _ in range(3):
        assert (await ask(sources))["natural-person"].outcome == "found"
    served = sources.find("natural-person")
    assert served is not None
    connection: Any = served._connection
    assert connection.at_once({"id_number": ELDER}).name == "found"


async def test_a_source_is_only_ever_read(town: Town, register: Path) -> None:
    for select in ("DELETE FROM person", "SELECT 1; DELETE FROM person", "SELECT :stranger"):
        sources = town(source(settings={"url": "sqlite://${REGISTER}", "select": select}))
        assert (await ask(sources))["natural-person"].outcome == "down"
    sneaky = "WITH x AS (SELECT 1) INSERT INTO person SELECT 1, 2, 3, 4, 5, 6 FROM x RETURNING *"
    sources = town(source(settings={"url": "sqlite://${REGISTER}", "select": sneaky}))
    assert "readonly" in (await ask(sources))["natural-person"].reason
