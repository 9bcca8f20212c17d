"""MariaDB and MySQL for the connector `sql`, through asyncmy: one statement, prepared by the server, read-only.

Knows one address and one statement. Values travel in the binary protocol, never in the text.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from core.contract import Down, Empty, Found, Outcome, Source
from core.sources.connectors import CannotConnect, Connection, Unfit
from core.sources.connectors.idle import Idle
from core.sources.connectors.names import Names
from core.sources.connectors.sql import compiled
from core.sources.connectors.wire import WatchedLoop
from core.sources.records import Records, generic

try:
    from asyncmy.connection import Connection as Client
    from asyncmy.errors import InterfaceError, OperationalError

    from core.sources.connectors.mariadb_wire import MariaDBMessages
except ImportError as missing:  # pragma: no cover - an extra of the package
    raise CannotConnect("MySQL and MariaDB need the package asyncmy: pip install 'lingban[mysql]'") from missing

GONE = frozenset({2006, 2013, 2055, 1927, 4031})
"""Error numbers that say the connection is dead: gone away, lost during query, closed by the server."""
LATER_S = 0.5
MODE = "ANSI,NO_BACKSLASH_ESCAPES,STRICT_TRANS_TABLES"
"""Standard SQL: "name" is a name, 'text' is a text and a backslash nothing special, as with the other databases."""

Session = tuple[Any, Any, MariaDBMessages]
"""A connection, its prepared statement, and what is counted of the server's packets."""


def connect(
    source: Source, settings: Mapping[str, Any], *, url: str, statement: str, near: Path | None = None
) -> Connection:
    return MariaDB(source, settings, url, statement)


class MariaDB(Connection):
    def __init__(self, source: Source, settings: Mapping[str, Any], url: str, statement: str) -> None:
        self._address = address_of(url, settings.get("ca"))
        self._text, self._names = compiled(statement, lambda number: "?", repeat=True)
        self._hosts = Names(source.id)
        self._limit_s = source.timeout_ms / 1000
        self._limit = int(settings.get("max_records", 1000))
        self._dated: str | None = settings.get("recorded_at")
        self._records = Records(source.record)
        self._readers: dict[tuple[str, ...], Callable[[Any], dict[str, Any]]] = {}
        self._idle: Idle[Session] = Idle(self._open, lambda held: held[0].close())

    async def _open(self) -> Session:
        # The driver resolves the name again, in threads that everybody shares: by then it is known to be answered.
        await self._hosts.addresses(self._address["host"], self._address["port"])
        connection: Any = Client(  # type: ignore[no-untyped-call]
            **self._address, charset="utf8mb4", autocommit=True, connect_timeout=max(1, round(self._limit_s))
        )
        loop = WatchedLoop(lambda: MariaDBMessages(self._limit), lambda protocol: True)
        connection._loop = loop
        try:
            await connection.connect()
            server = str(connection.get_server_info())
            # The server's own limit comes after ours: MariaDB answers a statement that it ended with a result.
            ended = self._limit_s + LATER_S
            limit = (
                f"max_statement_time = {ended:.3f}"
                if "MariaDB" in server
                else f"max_execution_time = {ended * 1000:.0f}"
            )
            async with connection.cursor() as cursor:
                await cursor.execute("SET SESSION TRANSACTION READ ONLY")
                await cursor.execute(f"SET SESSION sql_mode = '{MODE}', sql_select_limit = {self._limit + 1}, {limit}")
            prepared = await connection.prepare(self._text)
        except BaseException as error:
            connection.close()
            raise loop.messages.misread(error) or error from None
        return connection, prepared, loop.messages

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        wrong = [name for name, value in by.items() if not isinstance(value, str | int | float | None)]
        if wrong:
            raise Unfit(f"a question's values are text, numbers and booleans: {', '.join(wrong)}")
        values = tuple(by.get(name) for name in self._names)
        try:
            return await self._ask(values, many)
        except (InterfaceError, ConnectionError, RuntimeError):
            pass
        except OperationalError as error:
            if not error.args or error.args[0] not in GONE:
                raise
        # The server was restarted while we held an idle connection: ask once more, on a new one.
        self._idle.drop()
        return await self._ask(values, many)

    async def _ask(self, values: tuple[Any, ...], many: bool) -> Outcome:
        async with self._idle.connection() as ((_, prepared, messages), _):
            messages.begin()
            try:
                result = await prepared.execute(values)
            except Exception as error:
                raise messages.misread(error) or error from None
        rows = result.rows or ()
        if not rows:
            return Empty()
        if many and len(rows) > self._limit:
            return Down(f"more than {self._limit} records")
        columns = tuple(column[0] for column in result.description)
        reader = self._readers.get(columns)
        if reader is None:
            if unnamed := self._records.unnamed(columns):
                return Down(unnamed)
            reader = self._readers[columns] = self._records.reader(columns)
        dated = None
        if self._dated in columns and len(rows) == 1:
            dated = generic(rows[0][columns.index(self._dated)])
        rows = rows if many else rows[:2]
        return Found([reader(row) for row in rows], None if dated is None else str(dated))

    def close(self) -> None:
        self._idle.close()
        self._hosts.close()


def address_of(url: str, ca: Any) -> dict[str, Any]:
    """`mysql://user:password@host:3306/database`, `?ssl=true` for TLS. Raises CannotConnect."""
    parts = urlsplit(url)
    port = parts.port or 3306
    if not parts.hostname or len(parts.path) < 2:
        raise CannotConnect("settings.url must read mysql://user:password@host:3306/database")
    address: dict[str, Any] = {
        "host": parts.hostname,
        "port": port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": unquote(parts.path[1:]),
    }
    if ca or parse_qs(parts.query).get("ssl", ["false"])[-1].lower() in ("1", "true", "yes", "required"):
        address["ssl"] = ssl.create_default_context(cafile=str(ca) if ca else None)
    return address
