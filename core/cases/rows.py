"""Rows in and out of the database in few statements: bulk inserts, and the one hot read in plain SQL.

Knows columns, not meanings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tortoise.models import Model

from core import database


async def insert(rows: Sequence[Model]) -> None:
    """One statement for all rows, which are of one model; inside the running transaction.

    `bulk_create` would build its query anew and look for defaults that the database sets; none of ours does.
    """
    if not rows:
        return
    meta = rows[0]._meta
    connection = database.connection() if meta.db is None else meta.db
    executor = connection.executor_class(model=type(rows[0]), db=connection)
    columns = [(name, meta.fields_map[name]) for name in executor.regular_columns_all]
    values = [[field.to_db_value(getattr(row, name), row) for name, field in columns] for row in rows]
    if len(values) == 1:
        await connection.execute_insert(executor.insert_query_all, values[0])
    else:
        await connection.execute_many(executor.insert_query_all, values)


async def select_one(sql: str, *values: Any) -> dict[str, Any] | None:
    """The first row of a hot read; `?` marks a value on every database."""
    found = await select_all(sql, *values)
    return found[0] if found else None


async def select_all(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Plain SQL for reads that the query builder cannot say, or says too slowly."""
    connection = database.connection()
    if connection.capabilities.dialect == "postgres":
        for place in range(1, sql.count("?") + 1):
            sql = sql.replace("?", f"${place}", 1)
    return [dict(row) for row in await connection.execute_query_dict(sql, list(values))]


def moment_value(moment: datetime) -> Any:
    """A moment as a value for plain SQL, spelled as Tortoise stores it."""
    return moment if database.connection().capabilities.dialect == "postgres" else moment.isoformat(" ")
