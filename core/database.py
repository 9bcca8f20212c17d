"""The database: its Tortoise configuration, opening, migrating, and write transactions.

Knows the rooms that own tables by name only, and no table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient, TransactionContext
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.context import TortoiseContext, get_current_context
from tortoise.exceptions import DBConnectionError, OperationalError
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.transactions import in_transaction

from core.errors import UsageError
from core.settings import Settings

T = TypeVar("T")

ROOMS = ("office", "catalog", "sources", "cases")
"""Rooms with `models.py` and `migrations/`; the room's name is its app label."""


def config(url: str) -> dict[str, Any]:
    """Tortoise's configuration for a database URL (`sqlite://…`, `postgres://…`)."""
    if url.startswith("sqlite://") and "?" not in url:
        # A commit waits for the write-ahead log only when it is checkpointed; with WAL a crash of the process loses
        # nothing, a power cut may lose the last commits unless synchronous is FULL. A receipt must be true: FULL.
        # The log is carried over rarely and kept in place: a hot page is then copied once for many commits.
        url += "?journal_mode=WAL&synchronous=FULL&busy_timeout=5000"
        url += "&wal_autocheckpoint=4000&journal_size_limit=67108864"
    # Tortoise keeps the SQL it has made by the connection's name: one name a dialect, else a process that has met both
    # would ask the one in the other's spelling.
    name = url.partition(":")[0]
    connection = expand_db_url(url)
    if connection["engine"] == "tortoise.backends.asyncpg":
        connection["credentials"]["reset"] = _as_it_is
    return {"connections": {name: connection}, "apps": _apps(name), "use_tz": True, "timezone": "UTC"}


async def _as_it_is(_: object) -> None:
    """How a connection to PostgreSQL goes back to the pool: asyncpg has ended its transaction, where one was open.

    By itself it would send a statement after each of ours (unlock, close cursors, unlisten, reset all), which costs as
    much as the statement did. We take no lock, cursor, channel or setting that outlives a transaction.
    """


def _apps(connection: str) -> dict[str, Any]:
    return {
        room: {
            "models": [f"core.{room}.models"],
            "default_connection": connection,
            "migrations": f"core.{room}.migrations",
        }
        for room in ROOMS
    }


TORTOISE = config("sqlite://:memory:")
"""For `tortoise -c core.database.TORTOISE makemigrations`; the server uses `config` with its own URL."""


async def open(settings: Settings) -> TortoiseContext:
    """Open the database for every task of this process. Close with `close`.

    Raises UsageError when the server does not answer or the URL cannot be read.
    """
    url = settings.database_url
    if url.startswith("sqlite://"):
        settings.data.mkdir(parents=True, exist_ok=True)
    context = TortoiseContext()
    try:
        with context:  # Tortoise resolves the models' connections through the current context
            await context.init(config=config(url), _enable_global_fallback=True)
        await context.db().execute_query("SELECT 1")
    except (DBConnectionError, OperationalError, OSError, sqlite3.Error) as error:
        await context.close_connections()
        raise UsageError(
            f"The database does not open ({type(error).__name__}: {error}). Check LINGBAN_DATABASE_URL and the server."
        ) from error
    return context


async def close(context: TortoiseContext) -> None:
    reader = _readers.pop(context.db(), None)
    if reader is not None:
        reader.close()
    await context.close_connections()


async def migrate(context: TortoiseContext) -> list[str]:
    """Bring every room's tables to this release; returns the names of the migrations applied now."""
    executor = MigrationExecutor(context.db(), _apps(context.db().connection_name))
    applied: list[str] = []

    def note(event: str, label: str, name: str) -> None:
        if event.startswith("apply_done"):
            applied.append(f"{label}.{name}")

    with context:
        await executor.migrate([MigrationTarget(app_label=room, name="__latest__") for room in ROOMS], progress=note)
    return applied


def transaction() -> TransactionContext:
    """`async with transaction():` — writes first, awaits nothing but the database inside."""
    return in_transaction()


async def write(body: Callable[[], Awaitable[T]]) -> T:
    """Run `body` in a write transaction; once more when SQLite says that another process holds the lock."""
    try:
        async with in_transaction():
            return await body()
    except OperationalError as error:
        if "locked" not in str(error):
            raise
    async with in_transaction():
        return await body()


def connection() -> BaseDBAsyncClient:
    """The connection of the running context, for hot reads in plain SQL."""
    context = get_current_context()
    if context is None:
        raise UsageError("No database is open.")
    return context.db()


_readers: WeakKeyDictionary[BaseDBAsyncClient, sqlite3.Connection] = WeakKeyDictionary()


async def glance(sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of one read by key, outside any transaction; `?` (SQLite) or `$1` marks a value.

    On SQLite it is answered here and now, over a read-only connection of its own: in WAL mode no writer keeps it
    waiting, and the read itself takes a tenth of what a change of threads costs. So: by key, and few rows.
    """
    client = connection()
    reader = _readers.get(client) or _reader(client)
    if reader is None:
        return [dict(row) for row in await ask(client, sql, values)]
    try:
        cursor = reader.execute(sql, values)
        return [dict(zip([c[0] for c in cursor.description], row, strict=True)) for row in cursor.fetchall()]
    except sqlite3.OperationalError as error:
        raise OperationalError(error) from error


async def ask(client: BaseDBAsyncClient, sql: str, values: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
    """One statement that is whole by itself, and its rows.

    On PostgreSQL straight through asyncpg's pool: Tortoise's way to it takes more of the CPU than the statement does.
    """
    if not hasattr(getattr(client, "_pool", None), "fetch"):  # another database, or within a transaction
        return (await client.execute_query(sql, list(values)))[1]
    return await client._translate_exceptions(_fetch, sql, values)  # type: ignore[attr-defined, no-any-return]


async def _fetch(client: Any, sql: str, values: Sequence[Any]) -> Any:
    return await client._pool.fetch(sql, *values)


def _reader(client: BaseDBAsyncClient) -> sqlite3.Connection | None:
    """A connection that can only read the same file; None for another database, or one in memory."""
    if not isinstance(client, SqliteClient) or isinstance(client, TransactionalDBClient):
        return None
    path = Path(client.filename)
    if not path.is_file():
        return None
    made = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=1)
    _readers[client] = made
    return made


async def is_migrated(context: TortoiseContext) -> bool:
    """True when every room's tables are as this release wants them."""
    executor = MigrationExecutor(context.db(), _apps(context.db().connection_name))
    with context:
        targets = [MigrationTarget(app_label=room, name="__latest__") for room in ROOMS]
        return not await executor.plan(targets)
