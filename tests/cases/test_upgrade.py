"""From the first release's tables, with rows in them, forwards: nothing is lost and the chains still prove."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from core import database, sealing
from core.cases import access, proving
from core.cases.audit import merkle_root
from core.cases.models import AccessLog, Case, DailyRoot, LetterFault
from core.cases.rows import select_all
from core.office.models import UnitRow
from core.settings import Settings
from tests.cases import town
from tests.cases.test_outbox import file_one
from tests.cases.town import CITIZEN, Registers

pytestmark = pytest.mark.anyio
FIRST = {"office": "0001_initial", "catalog": "0001_initial", "cases": "0002_partial_indexes"}
TABLES = (
    "item_version", "cases_case", "cases_material", "cases_evidence", "cases_file", "cases_letter",
    "cases_event", "cases_outbox", "cases_access_log",
)  # fmt: skip


def literal(value: Any, postgres: bool) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, (bytes, memoryview)):
        return f"'\\x{bytes(value).hex()}'" if postgres else f"X'{bytes(value).hex()}'"
    if isinstance(value, (datetime, date, uuid.UUID)):
        value = str(value)
    return "'" + str(value).replace("'", "''") + "'"


async def first_release(context: TortoiseContext) -> None:
    executor = MigrationExecutor(context.db(), database._apps(context.db().connection_name))
    with context:
        await executor.migrate([MigrationTarget(app_label=room, name=name) for room, name in FIRST.items()])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_the_first_releases_rows_are_taken_along(anyio_backend: str, kind: str, tmp_path: Path) -> None:
    if kind == "postgresql" and not town.postgresql_listens():
        pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
    rows: dict[str, list[dict[str, Any]]] = {}
    async with town.kernel(tmp_path, Registers()) as kernel:
        no = await file_one(kernel)
        heads = await proving.heads_between(None, kernel.now())
        for table in TABLES:
            rows[table] = await select_all(f"SELECT * FROM {table}")
    if kind == "sqlite":
        folder = tmp_path / "old"
        folder.mkdir()
        await check(f"sqlite://{folder / 'old.sqlite3'}", rows, no, heads, folder)
    else:
        async with town.empty_postgresql() as url:
            await check(url, rows, no, heads, tmp_path)


async def check(url: str, rows: dict[str, list[dict[str, Any]]], no: str, heads: list[str], folder: Path) -> None:
    config = Settings(data=folder, database_url=url, secret_key="0123456789abcdef0")
    sealing.use(sealing.keys_for(config))
    postgres = url.startswith("postgres")
    context = await database.open(config)
    try:
        await first_release(context)
        for table, found in rows.items():
            known = {c["name"] for c in await columns(table, postgres)}
            for row in found:
                held = {name: value for name, value in row.items() if name in known}
                await context.db().execute_script(
                    f"INSERT INTO {table} ({', '.join(held)}) VALUES "
                    f"({', '.join(literal(value, postgres) for value in held.values())})"
                )
        await context.db().execute_script(
            "INSERT INTO cases_daily_root (day, root, cases, until, at) VALUES "
            f"('2026-01-01', '{merkle_root(heads)}', 1, '2099-01-01 00:00:00+00:00', "
            "'2099-01-01 00:00:00+00:00')"
        )
        assert await database.migrate(context)
        assert await database.migrate(context) == []
    finally:
        await database.close(context)
    async with town.kernel(folder, Registers(), url=url) as kernel:
        assert [str(one) for one in (await proving.verify(now=datetime.now(UTC))).faults] == []
        assert (await access.case(kernel, CITIZEN, no)).status == "decided"
        assert (await DailyRoot.get()).scheme == 1
        assert await AccessLog.filter(digest="").count() == 2
        assert (await file_one(kernel)) != no
        assert await Case.all().count() == 2


async def columns(table: str, postgres: bool) -> list[dict[str, Any]]:
    if postgres:
        return await select_all(
            f"SELECT column_name AS name FROM information_schema.columns WHERE table_name='{table}'"
        )
    return await select_all(f"SELECT name FROM pragma_table_info('{table}')")


BEFORE = {"office": "0002_sites_and_second_factor", "cases": "0011_erasures"}
"""Before the newest migration of these two rooms."""
TOUCHED = ("office_unit", "cases_letter_fault", "cases_case", "cases_letter", "cases_event")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_the_newest_migrations_go_back_and_forth_over_rows(anyio_backend: str, kind: str, tmp_path: Path) -> None:
    if kind == "sqlite":
        await back_and_forth(tmp_path, "")
        return
    if not town.postgresql_listens():
        pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
    async with town.on_postgresql() as url:
        await back_and_forth(tmp_path, url)


async def back_and_forth(folder: Path, url: str) -> None:
    async with town.kernel(folder, Registers(), url=url) as kernel:
        no = await file_one(kernel)
        await UnitRow.create(id="civil-affairs", name="民政局", correction_days=7)
        context = kernel.database
        shape = {table: await columns(table, bool(url)) for table in TOUCHED}
        executor = MigrationExecutor(context.db(), database._apps(context.db().connection_name))
        with context:
            await executor.migrate([MigrationTarget(app_label=room, name=name) for room, name in BEFORE.items()])
        assert "correction_days" not in str(await columns("office_unit", bool(url)))
        assert await columns("cases_letter_fault", bool(url)) == []
        assert set(await database.migrate(context)) == {
            "office.0003_correction_days",
            "cases.0012_one_index_each",
            "cases.0013_letter_faults",
            "cases.0014_outside_steps",
            "cases.0015_pay_by",
            "cases.0016_duties",
            "cases.0017_joint",
            "cases.0018_further_letters",
            "cases.0019_receipts",
            "cases.0020_correction_key",
            "cases.0021_letters_outside",
            "cases.0022_access_books",
        }
        assert {table: await columns(table, bool(url)) for table in TOUCHED} == shape
        assert (await UnitRow.get(id="civil-affairs")).correction_days == 10, "what the column held is gone with it"
        assert (await access.case(kernel, CITIZEN, no)).status == "decided"
        assert (await proving.verify(now=datetime.now(UTC))).faults == []
        await LetterFault.create(case_id=(await Case.get(no=no)).id, kind="result", title="x", since=kernel.now())
