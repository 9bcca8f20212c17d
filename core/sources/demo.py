"""The embedded registers of `--demo`: DIR/sources/<id>.sqlite3, filled from seeds/sources/<id>.csv.

Knows nothing of the real registers; it stands in for a source whose address nobody has set.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.contract import Source
from core.settings import Settings
from core.sources.connectors import CannotConnect, Connection
from core.sources.connectors.sql import faults
from core.sources.connectors.sqlite import SQLite
from core.sources.environment import unset
from core.sources.records import Records

MADE_BY = 2
"""Raise it when the tables are made differently, so that older ones are made anew."""


def wanted(settings: Settings, source: Source) -> bool:
    return settings.demo and bool(unset(source.settings, settings.environment))


def prepare(settings: Settings, sources: Mapping[str, Source], seeds: Path | None = None) -> tuple[Path, ...]:
    """Make what is missing or older than its CSV; the files that stand ready afterwards.

    A source whose CSV cannot be read is left out: it will say so when it is asked.
    """
    ready = []
    for source in sources.values():
        if wanted(settings, source):
            with contextlib.suppress(CannotConnect):
                ready.append(prepare_one(settings, source, seeds))
    return tuple(ready)


def prepare_one(settings: Settings, source: Source, seeds: Path | None = None) -> Path:
    """Raises CannotConnect where there is no CSV, or where it cannot be read."""
    seed = (seeds or settings.seeds) / "sources" / f"{source.id}.csv"
    target = settings.demo_sources / f"{source.id}.sqlite3"
    try:
        raw = seed.read_bytes()
    except OSError:
        raise CannotConnect(
            f"{', '.join(unset(source.settings, settings.environment))} is not set, and seeds/sources/{seed.name} "
            "does not exist"
        ) from None
    shape = json.dumps([MADE_BY, source.query, source.record], sort_keys=True).encode()
    made_of = hashlib.sha256(shape + b"\0" + raw).hexdigest()
    if made_from(target) != made_of:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
        except (ValueError, csv.Error) as error:
            raise CannotConnect(f"seeds/sources/{seed.name}: {error}") from None
        if any(None in row for row in rows):
            raise CannotConnect(f"seeds/sources/{seed.name}: a row has more cells than the header")
        fill(target, source, rows, made_of)
    return target


def made_from(path: Path) -> str | None:
    if not path.exists():
        return None
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT made_of FROM made").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def fill(path: Path, source: Source, rows: list[dict[str, Any]], made_of: str) -> None:
    """A new file beside the old one, then one rename: whoever reads the old one reads it to the end."""
    records = Records(source.record)
    columns = list(rows[0]) if rows else list(records.fields)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{source.id}-")
    os.close(handle)
    try:
        with contextlib.closing(sqlite3.connect(name)) as connection, connection:
            declared = ", ".join(f"{quoted(column)} {records.column_type(column)}" for column in columns)
            connection.execute(f"CREATE TABLE {quoted(source.id)} ({declared})")
            places = ", ".join("?" * len(columns))
            connection.executemany(
                f"INSERT INTO {quoted(source.id)} VALUES ({places})",
                ([stored(record.get(column)) for column in columns] for record in typed(records, rows)),
            )
            for field in source.query.get("properties") or {}:
                if field in columns:
                    connection.execute(f"CREATE INDEX {quoted(f'by {field}')} ON {quoted(source.id)} ({quoted(field)})")
            connection.execute("CREATE TABLE made (made_of TEXT)")
            connection.execute("INSERT INTO made VALUES (?)", (made_of,))
        os.chmod(name, 0o600)
        os.replace(name, path)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name)


def typed(records: Records, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row typed by the record schema; a column that is only asked by stays the text it is."""
    return [{**{name: cell for name, cell in row.items() if cell}, **records.from_cells(row.items())} for row in rows]


def stored(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def connect(settings: Settings, source: Source, seeds: Path | None = None) -> Connection:
    """The stand-in: the source's own `select` where it fits the table, else `column = value` for every field.

    Reads files; run it in a thread. Raises CannotConnect where there is nothing to stand in with.
    """
    path = prepare_one(settings, source, seeds)
    dated = source.settings.get("recorded_at")
    select = source.settings.get("select")
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(source.id)})")]
        own = isinstance(select, str) and fits(connection, source, select)
    if own:
        return SQLite(source, path, lambda by: (str(select), by), dated=dated, near=settings.data)
    unknown = [field for field in source.query.get("required", ()) if field not in columns]
    if unknown:
        raise CannotConnect(f"seeds/sources/{source.id}.csv has no column {', '.join(unknown)}")
    return SQLite(
        source, path, by_columns(source.id, columns), dated=dated if dated in columns else None, near=settings.data
    )


def fits(connection: sqlite3.Connection, source: Source, select: str) -> bool:
    """Whether a statement written for the real register can be asked of the table."""
    fields = source.query.get("properties") or {}
    try:
        connection.execute(f"EXPLAIN {select}", dict.fromkeys(fields)).close()
    except sqlite3.Error:
        return False
    return source.connector == "sql" and not faults(select, fields)


def by_columns(table: str, columns: list[str]) -> Callable[[Mapping[str, Any]], tuple[str, Mapping[str, Any]]]:
    statements: dict[tuple[str, ...], str] = {}

    def ask_for(by: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        given = {name: value for name, value in by.items() if value is not None}
        fields = tuple(given)
        if fields not in statements:
            for name in fields:
                if name not in columns:  # SQLite would take "name" for a text, and find nothing
                    raise CannotConnect(f"seeds/sources/{table}.csv has no column {name}")
            where = " AND ".join(f"{quoted(name)} = :{at}" for at, name in enumerate(fields, 1)) or "1"
            statements[fields] = f"SELECT * FROM {quoted(table)} WHERE {where}"
        return statements[fields], {str(at): value for at, value in enumerate(given.values(), 1)}

    return ask_for
