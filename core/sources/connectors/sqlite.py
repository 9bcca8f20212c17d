"""SQLite for the connector `sql` and for the demo's embedded registers: read-only, and never in anyone's way.

Knows one file and one statement. Questions run in threads of their own and are interrupted when they take too long;
once a file on our own disk has proved quick, they are answered at once, under a guard that gives up after 3 ms.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic, thread_time
from typing import Any
from urllib.parse import quote, unquote

from core.contract import Down, Empty, Found, Outcome, Source
from core.sources.connectors import CannotConnect, Connection, same_disk
from core.sources.environment import named_by
from core.sources.records import Records
from core.sources.threads import Threads

THREADS = 4
AT_ONCE_S = 0.003
"""Of CPU, not of the clock: a busy machine makes no statement slow."""
STEPS = 500
"""Instructions of SQLite's machine between two looks at the clock; about 10 µs."""
SLOW_S = 30.0
"""For so long a file that was not quick enough is asked in threads only."""

AskFor = Callable[[Mapping[str, Any]], tuple[str, Mapping[str, Any]]]


def connect(
    source: Source, settings: Mapping[str, Any], *, url: str, statement: str, near: Path | None = None
) -> Connection:
    path = path_of(url, source.folder)
    limit = int(settings.get("max_records", 1000))
    dated = settings.get("recorded_at")
    return SQLite(source, path, lambda by: (statement, by), limit=limit, dated=dated, near=near)


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
        ask_for: AskFor,
        *,
        limit: int = 1000,
        dated: str | None = None,
        near: Path | None = None,
    ) -> None:
        self._said = named_by(source.settings.get("url"), "url")
        self._path, self._ask_for, self._limit, self._dated = path, ask_for, limit, dated
        self._nothing = dict.fromkeys(source.query.get("properties") or {})
        self._busy_s = source.timeout_ms / 1000
        self._records = Records(source.record)
        self._readers: dict[tuple[str, ...], Callable[[Any], dict[str, Any]]] = {}
        self._threads = Threads(f"source {source.id}", THREADS)
        self._local = threading.local()
        self._near = near
        self._quick: Handle | None = None
        self._quick_until = 0.0
        self._slow_until = 0.0
        self._opening = threading.Lock()
        self._closed = False

    # --- at once -------------------------------------------------------------------------------------

    def at_once(self, by: Mapping[str, Any], many: bool = False) -> Outcome | None:
        handle = self._quick
        if handle is None or monotonic() < self._slow_until:
            return None
        try:
            if handle.is_stale():
                self._drop_quick()
                return None
            statement, values = self._ask_for(by)
            self._quick_until = 0.0
            return self._run(handle.connection, statement, values, many)
        except (sqlite3.Error, OSError, CannotConnect):
            # Locked, too long, or gone: the thread finds out which, and says so.
            self._slow_until = monotonic() + SLOW_S
            return None

    def _be_quick(self) -> None:
        """Called in a thread after a good answer: open the connection that answers at once."""
        with self._opening:
            if self._quick is not None or self._closed:
                return
            handle = Handle(self._path, 0.0)
            handle.connection.set_progress_handler(self._takes_long, STEPS)
            self._quick = handle

    def _takes_long(self) -> bool:
        """Asked after each STEPS: what is done within the first never asks for the time, a call into the kernel."""
        now = thread_time()
        if not self._quick_until:
            self._quick_until = now + AT_ONCE_S
        return now > self._quick_until

    def _drop_quick(self) -> None:
        handle, self._quick = self._quick, None
        if handle is not None:
            handle.close()

    # --- in a thread ---------------------------------------------------------------------------------

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        try:
            statement, values = self._ask_for(by)
        except CannotConnect as error:
            return Down(str(error))
        job = Job(self, statement, values, many)
        try:
            return await self._threads.run(job)
        except asyncio.CancelledError:
            job.interrupt()
            raise
        except FileNotFoundError:
            return Down(f"there is no file where {self._said} points")
        except (sqlite3.Error, OSError) as error:
            return Down(f"SQLite: {type(error).__name__}: {error}")

    def close(self) -> None:
        with self._opening:
            self._closed = True
            self._drop_quick()
        self._threads.close(self._hang_up)

    def in_thread(self, job: Job) -> Outcome:
        held: Handle | None = getattr(self._local, "handle", None)
        if held is not None and held.is_stale():
            self._hang_up()
            held = None
        if held is None:
            try:
                held = self._local.handle = Handle(self._path, self._busy_s)
            except sqlite3.Error:
                os.stat(self._path)  # where it is not there, that is the reason
                raise
        try:
            with job.running(held.connection):
                outcome = self._run(held.connection, job.statement, job.values, job.many)
            if self._quick is None and same_disk(self._path, self._near):
                self._be_quick()
            return outcome
        except sqlite3.Error:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        held = getattr(self._local, "handle", None)
        self._local.handle = None
        if held is not None:
            held.close()

    # --- either way ----------------------------------------------------------------------------------

    def _run(self, connection: sqlite3.Connection, statement: str, values: Mapping[str, Any], many: bool) -> Outcome:
        cursor = connection.execute(statement, {**self._nothing, **values})
        rows = cursor.fetchmany(self._limit + 1 if many else 2)
        if not rows:
            return Empty()
        columns = tuple([column[0] for column in cursor.description])
        cursor.close()
        if len(rows) > self._limit and many:
            return Down(f"more than {self._limit} records")
        reader = self._readers.get(columns)
        if reader is None:
            if unnamed := self._records.unnamed(columns):
                return Down(unnamed)
            reader = self._readers[columns] = self._records.reader(columns)
        dated = None
        if self._dated is not None and self._dated in columns and len(rows) == 1:
            dated = rows[0][columns.index(self._dated)]
        return Found([reader(row) for row in rows], None if dated is None else str(dated))


class Handle:
    """One read-only connection and the file it was opened on."""

    __slots__ = ("_file", "_path", "connection")

    def __init__(self, path: Path, busy_s: float) -> None:
        self._path = str(path)
        self.connection = sqlite3.connect(
            f"file:{quote(self._path)}?mode=ro",
            uri=True,
            timeout=busy_s,
            isolation_level=None,
            check_same_thread=False,  # opened in a thread, interrupted from the event loop
        )
        try:
            self._file = self._identity()
        except BaseException:
            self.connection.close()
            raise

    def _identity(self) -> tuple[int, int]:
        stat = os.stat(self._path)
        return stat.st_dev, stat.st_ino

    def is_stale(self) -> bool:
        """Another file stands there now: registers are delivered by replacing the file. Raises OSError for none."""
        return self._identity() != self._file

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()


class Job:
    """One question on its way through a thread; `interrupt` stops this one and no later one."""

    __slots__ = ("_lock", "_on", "_running", "many", "statement", "values")

    def __init__(self, on: SQLite, statement: str, values: Mapping[str, Any], many: bool) -> None:
        self._on, self.statement, self.values, self.many = on, statement, values, many
        self._lock = threading.Lock()
        self._running: sqlite3.Connection | None = None

    def __call__(self) -> Outcome:
        return self._on.in_thread(self)

    @contextlib.contextmanager
    def running(self, connection: sqlite3.Connection) -> Any:
        with self._lock:
            self._running = connection
        try:
            yield
        finally:
            with self._lock:
                self._running = None

    def interrupt(self) -> None:
        with self._lock:
            if self._running is not None:
                self._running.interrupt()
