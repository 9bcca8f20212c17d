"""PostgreSQL for the connector `sql`, through asyncpg: one prepared statement in a read-only session.

Knows one address and one statement. Values travel as parameters, never in the text.
"""

from __future__ import annotations

import asyncio
import datetime
import ssl
import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
from asyncpg.protocol import Protocol  # type: ignore[import-untyped]

from core.contract import Down, Empty, Found, Outcome, Source
from core.sources.connectors import CannotConnect, Connection, Unfit
from core.sources.connectors.idle import Idle
from core.sources.connectors.names import Names
from core.sources.connectors.postgresql_wire import PostgreSQLMessages
from core.sources.connectors.sql import compiled
from core.sources.connectors.wire import Messages, WatchedLoop
from core.sources.records import Records, generic

DEAD = (ConnectionError, asyncpg.InterfaceError, asyncpg.ConnectionDoesNotExistError, asyncpg.AdminShutdownError)

READERS: Mapping[str, Callable[[str], Any]] = {
    "date": datetime.date.fromisoformat,
    "timestamp": datetime.datetime.fromisoformat,
    "timestamptz": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
    "int2": int,
    "int4": int,
    "int8": int,
    "float4": float,
    "float8": float,
    "numeric": Decimal,
    "uuid": uuid.UUID,
}


def connect(
    source: Source, settings: Mapping[str, Any], *, url: str, statement: str, near: Path | None = None
) -> Connection:
    return PostgreSQL(source, settings, url, statement)


class PostgreSQL(Connection):
    def __init__(self, source: Source, settings: Mapping[str, Any], url: str, statement: str) -> None:
        scheme, _, rest = url.partition("://")
        self._url = f"{scheme.partition('+')[0]}://{rest}"
        self._limit_ms = source.timeout_ms
        self._limit = int(settings.get("max_records", 1000))
        text, self._names = compiled(statement, lambda number: f"${number}")
        # A statement that forgot its WHERE must not fill our memory with the whole register.
        self._host = urlsplit(self._url).hostname or "" if "," not in self._url else ""
        self._hosts = Names(source.id)
        self._text = f"SELECT * FROM (\n{text}\n) AS asked LIMIT {self._limit + 1}"
        self._dated: str | None = settings.get("recorded_at")
        self._records = Records(source.record)
        self._tls = tls(settings.get("ca")) if settings.get("ca") else None
        self._idle: Idle[Session] = Idle(self._open, lambda session: session.connection.terminate())

    async def _open(self) -> Session:
        if self._host:
            await self._hosts.addresses(self._host, 5432)  # the driver asks again, and is then answered
        loop = Attentive(lambda: PostgreSQLMessages(self._limit), lambda protocol: isinstance(protocol, Protocol))
        try:
            return await self._connected(loop)
        except Exception:
            if loop.messages.wrong is not None:
                raise loop.messages.wrong from None
            raise

    async def _connected(self, loop: Attentive) -> Session:
        more = {"ssl": self._tls} if self._tls is not None else {}
        connection = await asyncpg.connect(
            self._url,
            timeout=self._limit_ms / 1000,
            loop=loop,
            statement_cache_size=0,  # the one statement is prepared here; poolers between us and it dislike caches
            server_settings={
                "application_name": "lingban",
                "default_transaction_read_only": "on",
                "statement_timeout": str(self._limit_ms),
            },
            **more,
        )
        try:
            prepared = await connection.prepare(self._text)
            types = tuple(parameter.name for parameter in prepared.get_parameters())
            columns = tuple(attribute.name for attribute in prepared.get_attributes())
            if unnamed := self._records.unnamed(columns):
                # And hang up: prepared and never asked, it would hold its lock on the tables.
                raise CannotConnect(unnamed)
        except BaseException:
            connection.terminate()
            raise
        dated = columns.index(self._dated) if self._dated in columns else None
        return Session(connection, prepared, loop.messages, types, self._records.reader(columns), dated)

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        try:
            return await self._ask(by, many)
        except asyncpg.DataError as error:
            # The statement itself makes a number or a day of a text that is none: whose text, nobody can tell.
            raise Unfit(f"{type(error).__name__}: {error}", asked=True) from None
        except DEAD as error:
            if isinstance(error, ValueError):  # the driver's own: too large a number for the column
                raise Unfit(f"{type(error).__name__}: {error}") from None
            # The server was restarted while we held an idle connection: ask once more, on a new one.
            self._idle.drop()
            return await self._ask(by, many)

    async def _ask(self, by: Mapping[str, Any], many: bool) -> Outcome:
        async with self._idle.connection() as (session, _):
            values = [fitted(by.get(name), type) for name, type in zip(self._names, session.types, strict=True)]
            session.messages.begin()
            try:
                rows = await session.prepared.fetch(*values)
            except Exception:
                if session.messages.wrong is not None:
                    raise session.messages.wrong from None
                raise
        if not rows:
            if not str(session.prepared.get_statusmsg()).startswith("SELECT"):
                raise session.messages.misspoken("no answer to the statement")  # nothing said is not nothing held
            return Empty()
        if many and len(rows) > self._limit:
            return Down(f"more than {self._limit} records")
        dated = None
        if session.dated is not None and len(rows) == 1:
            dated = generic(rows[0][session.dated])
        return Found([session.read(row) for row in (rows if many else rows[:2])], None if dated is None else str(dated))

    def close(self) -> None:
        self._idle.close()
        self._hosts.close()


class Attentive(WatchedLoop[PostgreSQLMessages]):
    """The running loop, for asyncpg while it connects: what its TLS question ends with is always read.

    asyncpg asks the server for TLS and waits for a future of its own. Cancelled before it waits (our time is over, or
    the source leaves service), it hangs up, its future fails with "unexpected connection_lost() call", and nobody
    reads that: asyncio then reports an error that is none. asyncpg is cancelled all the same; only the report ends.
    """

    def watched(self, protocol: Any) -> Any:
        question = getattr(protocol, "on_data", None)
        if isinstance(question, asyncio.Future):
            question.add_done_callback(lambda done: done.cancelled() or done.exception())
        return super().watched(protocol)


class Session:
    """One connection with its prepared statement, and what is counted of the server's messages."""

    __slots__ = ("connection", "dated", "messages", "prepared", "read", "types")

    def __init__(
        self,
        connection: Any,
        prepared: Any,
        messages: Messages,
        types: tuple[str, ...],
        read: Callable[[Any], Any],
        dated: int | None,
    ) -> None:
        self.connection, self.prepared, self.messages = connection, prepared, messages
        self.types, self.read, self.dated = types, read, dated


def fitted(value: Any, type: str) -> Any:
    """A JSON value as the Python value that a parameter of this type takes. Raises Unfit."""
    if value is None:
        return None
    if isinstance(value, bool):
        if type in ("bool", "text", "varchar"):
            return value if type == "bool" else str(value).lower()
        raise Unfit(f"a boolean is no {type}")
    if type in READERS:
        try:
            return READERS[type](str(value))
        except (ValueError, InvalidOperation) as error:
            raise Unfit(f"the question's value is no {type}") from error
    if isinstance(value, str):
        if "\x00" in value:
            raise Unfit("the question holds a zero character")
        return value
    if isinstance(value, int | float):
        return str(value)
    raise Unfit("a question's values are text, numbers and booleans")


def tls(ca: Any) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca))
