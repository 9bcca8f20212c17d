"""Rows in and out of the database in few statements: bulk inserts, guarded updates, hot reads in plain SQL.

Knows columns, not meanings. A filing writes some fifteen rows: building a model and a query for each would cost
more than everything else together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from tortoise.fields.base import Field
from tortoise.fields.data import JSONField, UUIDField
from tortoise.models import Model
from uuid_utils.compat import uuid7

from core import database
from core.sealing import SealedJSON


@dataclass(frozen=True, slots=True)
class Row:
    """A row to be inserted; fields that are not named take their default."""

    model: type[Model]
    values: Mapping[str, Any]


def row(model: type[Model], **values: Any) -> Row:
    """A new row. Raises TypeError for a field that the model does not have, so that a slip shows at once."""
    unknown = values.keys() - _columns(model).keys()
    if unknown:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    return Row(model, values)


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


async def insert(rows: Sequence[Row]) -> None:
    """One statement for all rows, which are of one model; inside the running transaction."""
    if not rows:
        return
    model = rows[0].model
    columns = _columns(model)
    lists = [_values(columns, one.values) for one in rows]
    connection = model._meta.db
    sql = connection.executor_class(model=model, db=connection).insert_query_all
    if len(lists) == 1:
        await connection.execute_insert(sql, lists[0])
    else:
        await connection.execute_many(sql, lists)


def _values(columns: Mapping[str, tuple[Callable[[Any], Any] | None, Any]], given: Mapping[str, Any]) -> list[Any]:
    made = []
    for name, (spelled, default) in columns.items():
        if name in given:
            value = given[name]
        elif name == "id":
            value = uuid7()
        else:
            value = default() if callable(default) else default
        made.append(value if spelled is None else spelled(value))
    return made


def sealed(model: type[Model], field: str, value: Any) -> Any:
    """A value of a sealed field as it is stored, for plain SQL."""
    return model._meta.fields_map[field].to_db_value(value, None)  # type: ignore[arg-type]


def unsealed(model: type[Model], field: str, value: Any) -> Any:
    return model._meta.fields_map[field].to_python_value(value)


async def change(sql: str, *values: Any) -> int:
    """A guarded UPDATE or DELETE; `?` marks a value on every database. Returns how many rows it met."""
    connection = database.connection()
    changed, _ = await connection.execute_query(_spelled(sql, connection), list(values))
    return changed


async def select_one(sql: str, *values: Any) -> dict[str, Any] | None:
    """The first row of a hot read; `?` marks a value on every database."""
    found = await select_all(sql, *values)
    return found[0] if found else None


async def select_all(sql: str, *values: Any) -> list[dict[str, Any]]:
    """Plain SQL for reads that the query builder cannot say, or says too slowly."""
    connection = database.connection()
    return [dict(row) for row in await connection.execute_query_dict(_spelled(sql, connection), list(values))]


def _spelled(sql: str, connection: Any) -> str:
    if connection.capabilities.dialect != "postgres":
        return sql
    parts = sql.split("?")
    return "".join(f"{part}${place}" for place, part in enumerate(parts[:-1], 1)) + parts[-1]


def moment_value(moment: datetime) -> Any:
    """A moment as a value for plain SQL, spelled as Tortoise stores it."""
    return moment if database.connection().capabilities.dialect == "postgres" else moment.isoformat(" ")
