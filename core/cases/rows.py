"""Rows in and out of the database in few statements: a whole write in one go, hot reads in plain SQL.

Knows columns, not meanings. A filing writes some fifteen rows: building a model and a query for each would cost
more than everything else together.
"""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.fields.base import Field
from tortoise.fields.data import JSONField, UUIDField
from tortoise.models import Model
from uuid_utils import uuid7

from core import database
from core.sealing import SealedJSON


@dataclass(frozen=True, slots=True)
class Row:
    """A row to be inserted; fields that are not named take their default."""

    model: type[Model]
    values: Mapping[str, Any]


def row(model: type[Model], **values: Any) -> Row:
    """A new row, to be handed to `insert`."""
    return Row(model, values)


def new_id() -> str:
    """A fresh UUIDv7 as text; the library's own spelling costs a seventh of building a `uuid.UUID` first."""
    return str(uuid7())


@cache
def _columns(model: type[Model]) -> dict[str, tuple[Callable[[Any], Any] | None, Any]]:
    """field → (how its value is spelled in the database, its default), in the order of the table."""
    meta = model._meta
    columns: dict[str, tuple[Callable[[Any], Any] | None, Any]] = {}
    for name in meta.fields_db_projection:
        field: Field[Any] = meta.fields_map[name]
        spelled: Callable[[Any], Any] | None = None
        if isinstance(field, UUIDField):
            spelled = _text
        elif isinstance(field, (JSONField, SealedJSON)):
            spelled = _through(field)
        columns[name] = (spelled, field.default)
    return columns


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _through(field: Field[Any]) -> Callable[[Any], Any]:
    def spell(value: Any) -> Any:
        return field.to_db_value(value, None)  # type: ignore[arg-type]

    return spell


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a write; with `many` it runs once for each list of values."""

    sql: str
    values: list[Any]
    many: bool = False
    must: bool = False
    """It must meet a row: where it does not, nothing of the whole write stands."""
    into: str = ""
    """Of an insert: `INSERT INTO "table" ("column", …)`, so that several can be sent as one."""
    beside: bool = False
    """It may be sent as one with the inserts before it: it meets no row of theirs."""

    @property
    def rows(self) -> list[list[Any]]:
        return self.values if self.many else [self.values]


class Missed(Exception):
    """A statement that must meet a row met none: somebody was faster. Nothing was written."""


def insert(rows: Sequence[Row]) -> list[Statement]:
    """One statement for all rows, which are of one model; none for none.

    Raises TypeError for a field that the model does not have, so that a slip shows at once.
    """
    if not rows:
        return []
    model = rows[0].model
    columns = _columns(model)
    for one in rows:
        if not one.values.keys() <= columns.keys():
            raise TypeError(f"{model.__name__} has no {', '.join(sorted(one.values.keys() - columns.keys()))}")
    lists = [_values(columns, one.values) for one in rows]
    into, sql = _insert_text(model)
    return [Statement(sql, lists[0], into=into) if len(lists) == 1 else Statement(sql, lists, many=True, into=into)]


@cache
def _insert_text(model: type[Model]) -> tuple[str, str]:
    """(up to its values, the whole statement for one row)"""
    names = [f'"{column}"' for column in model._meta.fields_db_projection.values()]
    into = f'INSERT INTO "{model._meta.db_table}" ({",".join(names)})'
    return into, f"{into} VALUES ({','.join('?' * len(names))})"


def update(
    model: type[Model],
    changes: Mapping[str, Any],
    where: Mapping[str, Any],
    *,
    must: bool = False,
    beside: bool = False,
) -> Statement:
    """`changes` over the rows where every named column has its value."""
    columns = _columns(model)
    table = model._meta.db_table
    values = [_spell(columns[name][0], value) for name, value in (*changes.items(), *where.items())]
    sets = ", ".join(f'"{name}" = ?' for name in changes)
    tests = " AND ".join(f'"{name}" = ?' for name in where)
    return Statement(f"UPDATE {table} SET {sets} WHERE {tests}", values, must=must, beside=beside)


def delete(model: type[Model], where: Mapping[str, Any], *, must: bool = False) -> Statement:
    columns = _columns(model)
    tests = " AND ".join(f'"{name}" = ?' for name in where)
    values = [_spell(columns[name][0], value) for name, value in where.items()]
    return Statement(f"DELETE FROM {model._meta.db_table} WHERE {tests}", values, must=must)


def _spell(spelled: Callable[[Any], Any] | None, value: Any) -> Any:
    return value if spelled is None else spelled(value)


async def write(*statements: Sequence[Statement] | Statement, durable: bool = True) -> None:
    """All of it in one transaction, or nothing. Raises Missed, and IntegrityError for a key that is taken.

    On SQLite the whole transaction is one errand to the thread of the connection: it holds the write lock for as short
    as can be, nothing can come between, and it costs one change of threads instead of a dozen. Not `durable`: safe
    from a crash of the process at once, from a power cut only with the next durable write. Good for drafts.
    """
    flat = [one for part in statements for one in ((part,) if isinstance(part, Statement) else part)]
    connection = database.connection()
    if isinstance(connection, SqliteClient) and not isinstance(connection, TransactionalDBClient):
        try:
            await _errand(connection, flat, durable)
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            await _errand(connection, flat, durable)  # another process held the lock for long; once more (DESIGN 8)
        return
    flat = _joined(flat) if connection.capabilities.dialect == "postgres" else flat
    if len(flat) == 1 and not (flat[0].many or flat[0].must):
        await database.ask(connection, _spelled(flat[0].sql, connection), flat[0].values)
        return
    async with database.transaction() as running:
        for one in flat:
            sql = _spelled(one.sql, running)
            if one.many:
                await running.execute_many(sql, one.values)
            else:
                met, _ = await running.execute_query(sql, one.values)
                if one.must and not met:
                    raise Missed


_MOST_VALUES = 30_000
"""PostgreSQL takes 32,767 values with one statement."""


def _joined(statements: Sequence[Statement]) -> list[Statement]:
    """Inserts that follow each other, and what may go beside them, as one statement: each would cost a turn to the
    server and back.

    PostgreSQL judges references between them when all of it is done.
    """
    made: list[Statement] = []
    run: list[Statement] = []
    size = 0
    for one in statements:
        joins = bool(one.into or one.beside)
        values = sum(len(row) for row in one.rows) if joins else 0
        if run and (not joins or size + values > _MOST_VALUES):
            made.append(_one_of(run))
            run, size = [], 0
        if joins and values <= _MOST_VALUES:
            run.append(one)
            size += values
        else:
            made.append(one)
    return [*made, _one_of(run)] if run else made


def _one_of(run: Sequence[Statement]) -> Statement:
    text = _text_of(tuple((one.into or one.sql, len(one.rows) if one.into else 0, len(one.rows[0])) for one in run))
    return Statement(text, [value for one in run for row in one.rows for value in row])


@lru_cache(maxsize=256)
def _text_of(shape: tuple[tuple[str, int, int], ...]) -> str:
    """One statement for parts of that shape: (up to its values, rows, columns) of an insert, (all of it, 0, values) of
    another."""
    place = itertools.count(1)

    def spelled(text: str, rows: int, columns: int) -> str:
        if not rows:
            return re.sub(r"\?", lambda _: f"${next(place)}", text)
        return f"{text} VALUES " + ", ".join(
            f"({', '.join(f'${next(place)}' for _ in range(columns))})" for _ in range(rows)
        )

    parts = [spelled(*one) for one in shape]
    if len(parts) == 1:
        return parts[0]
    before = ", ".join(f"w{n} AS ({part})" for n, part in enumerate(parts[:-1]))
    return f"WITH {before} {parts[-1]}"


async def _errand(connection: SqliteClient, statements: Sequence[Statement], durable: bool) -> None:
    async with connection.acquire_connection() as raw:
        try:
            await raw._execute(_transact, raw._conn, statements, durable)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(error) from error
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


def _transact(raw: sqlite3.Connection, statements: Sequence[Statement], durable: bool) -> None:
    # Every errand says it for itself: the connection is one for all, and the server's own setting is FULL.
    if not durable:
        raw.execute("PRAGMA synchronous=NORMAL")
    try:
        _all_or_nothing(raw, statements)
    finally:
        if not durable:
            raw.execute("PRAGMA synchronous=FULL")


def _all_or_nothing(raw: sqlite3.Connection, statements: Sequence[Statement]) -> None:
    raw.execute("BEGIN IMMEDIATE")
    try:
        for one in statements:
            if one.many:
                raw.executemany(one.sql, one.values)
            elif not raw.execute(one.sql, one.values).rowcount and one.must:
                raise Missed
        raw.execute("COMMIT")
    except BaseException:
        raw.rollback()
        raise


def _values(columns: Mapping[str, tuple[Callable[[Any], Any] | None, Any]], given: Mapping[str, Any]) -> list[Any]:
    made = []
    for name, (spelled, default) in columns.items():
        if name in given:
            value = given[name]
        elif name == "id":
            value = new_id()
        else:
            value = default() if callable(default) else default
        made.append(value if spelled is None else spelled(value))
    return made


def unsealed(model: type[Model], field: str, value: Any) -> Any:
    """A sealed field's value as plain SQL gave it, opened."""
    return model._meta.fields_map[field].to_python_value(value)


async def select_one(sql: str, *values: Any) -> dict[str, Any] | None:
    """The first row of a hot read by key, outside a transaction; `?` marks a value on every database."""
    found = await database.glance(_spelled(sql, database.connection()), values)
    return found[0] if found else None


async def select_all(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Plain SQL for reads that the query builder cannot say, or says too slowly."""
    connection = database.connection()
    return await connection.execute_query_dict(_spelled(sql, connection), list(values))


def _spelled(sql: str, connection: Any) -> str:
    if connection.capabilities.dialect != "postgres":
        return sql
    parts = sql.split("?")
    return "".join(f"{part}${place}" for place, part in enumerate(parts[:-1], 1)) + parts[-1]


def among(column: str, ids: Collection[Any]) -> tuple[str, Any]:
    """A test that a column of ids holds one of these, and its one value: one text, and one plan, for any number."""
    if database.connection().capabilities.dialect == "postgres":
        return f"{column} = ANY(?::uuid[])", [str(id) for id in ids]
    return f"{column} IN (SELECT value FROM json_each(?))", json.dumps([str(id) for id in ids])


async def execute(sql: str, *values: Any) -> int:
    """One statement that is whole by itself; how many rows it met."""
    connection = database.connection()
    met, _ = await connection.execute_query(_spelled(sql, connection), list(values))
    return met


def moment_value(moment: datetime) -> Any:
    """A moment as a value for plain SQL, spelled as Tortoise stores it."""
    return moment if database.connection().capabilities.dialect == "postgres" else moment.isoformat(" ")
