"""SQLite for the connector `sql` and for the demo's embedded registers: read-only, in threads of its own.

Knows one file and one statement. A question that takes too long is interrupted, and its thread is free again.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from core.contract import Down, Empty, Found, Outcome, Source
from core.sources.connectors import CannotConnect, Connection
from core.sources.records import Records
from core.sources.threads import Threads

THREADS = 4


def connect(source: Source, settings: Mapping[str, Any], url: str, statement: str) -> Connection:
    path = path_of(url, source.folder)
    limit = int(settings.get("max_records", 1000))
    return SQLite(source, path, lambda by: (statement, by), limit=limit, dated=settings.get("recorded_at"))


def path_of(url: str, folder: str) -> Path:
    """`sqlite:///absolute/path` or `sqlite://relative/to/the/source's/folder`."""
    rest = unquote(url.partition(":")[2].partition("?")[0])
    rest = rest[2:] if rest.startswith("//") else rest
    if not rest:
        raise CannotConnect("settings.url names no file: write sqlite:///absolute/path")
    return Path(folder or ".") / rest


class SQLite(Connection):
    """`ask_for(by)` gives the statement and its parameters; fields that the question leaves out are NULL."""

    def __init__(
        self,
        source: Source,
        path: Path,
        ask_for: Callable[[Mapping[str, Any]], tuple[str, Mapping[str, Any]]],
        *,
        limit: int = 1000,
        dated: str | None = None,
    ) -> None:
        self._path, self._ask_for, self._limit, self._dated = path, ask_for, limit, dated
        self._nothing = dict.fromkeys(source.query.get("properties") or {})
        self._busy_s = source.timeout_ms / 1000
        self._records = Records(source.record)
        self._readers: dict[tuple[str, ...], Callable[[Any], dict[str, Any]]] = {}
        self._threads = Threads(f"source {source.id}", THREADS)
        self._local = threading.local()

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        try:
            statement, values = self._ask_for(by)
        except CannotConnect as error:
            return Down(str(error))
        run = Run(self, statement, {**self._nothing, **values}, self._limit if many else 2)
        try:
            return await self._threads.run(run)
        except asyncio.CancelledError:
            run.interrupt()
            raise
        except sqlite3.Error as error:
            return Down(f"SQLite: {type(error).__name__}: {error}")

    def close(self) -> None:
        self._threads.close(self.hang_up)

    def here(self) -> sqlite3.Connection:
        """This thread's connection, opened when it first asks and after an error."""
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is None:
            held = sqlite3.connect(
                f"file:{quote(str(self._path))}?mode=ro",
                uri=True,
                timeout=self._busy_s,
                isolation_level=None,
                check_same_thread=False,  # `interrupt` comes from the event loop
            )
            held.execute("PRAGMA query_only = ON")
            self._local.connection = held
        return held

    def hang_up(self) -> None:
        held = getattr(self._local, "connection", None)
        self._local.connection = None
        if held is not None:
            with contextlib.suppress(sqlite3.Error):
                held.close()

    def read(self, columns: tuple[str, ...], rows: list[Any]) -> Found:
        reader = self._readers.get(columns)
        if reader is None:
            reader = self._readers[columns] = self._records.reader(columns)
        dated = None
        if self._dated is not None and self._dated in columns and len(rows) == 1:
            dated = rows[0][columns.index(self._dated)]
        return Found([reader(row) for row in rows], None if dated is None else str(dated))


class Run:
    """One question on its way through a thread; `interrupt` stops this one and no later one."""

    __slots__ = ("_limit", "_lock", "_on", "_running", "_statement", "_values")

    def __init__(self, on: SQLite, statement: str, values: Mapping[str, Any], limit: int) -> None:
        self._on, self._statement, self._values, self._limit = on, statement, values, limit
        self._lock = threading.Lock()
        self._running: sqlite3.Connection | None = None

    def __call__(self) -> Outcome:
        on = self._on
        connection = on.here()
        with self._lock:
            self._running = connection
        try:
            cursor = connection.execute(self._statement, self._values)
            rows = cursor.fetchmany(self._limit + 1)
            columns = tuple([column[0] for column in cursor.description])
            cursor.close()
        except sqlite3.Error:
            on.hang_up()
            raise
        finally:
            with self._lock:
                self._running = None
        if not rows:
            return Empty()
        if len(rows) > self._limit > 2:
            return Down(f"more than {self._limit} records")
        return on.read(columns, rows)

    def interrupt(self) -> None:
        with self._lock:
            if self._running is not None:
                self._running.interrupt()
