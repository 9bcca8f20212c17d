"""The access log in books: each record follows another one, so that one taken away is missed at once.

A book belongs to one process, and to one write at a time: writes side by side take a book each, so none waits for
another's. Its head and count stand in a row of their own, written in the same transaction as the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.exceptions import IntegrityError

from core import database, sealing
from core.cases.audit import GENESIS
from core.cases.models import AccessBook, AccessLog
from core.cases.reads import Read, digest_read, link_read
from core.cases.rows import Missed, Row, Statement, insert, new_id, row, select_all, update, write
from core.errors import LingbanError

_TRIES = 20
"""Of opening a book while other processes open theirs."""


@dataclass(slots=True)
class Book:
    """As it stands in the database."""

    no: int
    head: str = GENESIS
    count: int = 0

    def columns(self) -> dict[str, Any]:
        return {"head": self.head, "count": self.count, "seal": seal(self.no, self.count, self.head)}


_free: WeakKeyDictionary[BaseDBAsyncClient, list[Book]] = WeakKeyDictionary()


async def note(reads: Sequence[Read], *statements: Sequence[Statement] | Statement, durable: bool = True) -> None:
    """The statements and the records of what was read, in one transaction. Raises as `rows.write` does.

    Without `reads` it is a write like others.
    """
    if not reads:
        await write(*statements, durable=durable)
        return
    book = await _taken()
    rows, newer = _chained(book, reads)
    turned = update(AccessBook, newer.columns(), {"no": book.no}, beside=True)
    try:
        await write(*statements, insert(rows), turned, durable=durable)
    except (Missed, IntegrityError):
        _shelf().append(book)  # nothing of it stands
        raise
    # After any other error nobody knows how the write ended: that book is never written again, and holds either way.
    _shelf().append(newer)


def seal(no: int, count: int, head: str) -> str:
    """What only this server can write beside a head and count."""
    return sealing.current().tag("access book", f"{no} {count} {head}")


def _shelf() -> list[Book]:
    connection = database.connection()
    if isinstance(connection, TransactionalDBClient):
        # Were that transaction rolled back, the book in memory would be ahead of its row.
        raise LingbanError("Access records are written in a transaction of their own, not within another.")
    return _free.setdefault(connection, [])


async def _taken() -> Book:
    shelf = _shelf()
    return shelf.pop() if shelf else await _opened()


async def _opened() -> Book:
    """A new book, numbered without a gap, so that a book that was taken away is missed as well."""
    for _ in range(_TRIES):
        found = await select_all('SELECT max("no") AS last FROM cases_access_book')
        book = Book(int(found[0]["last"] or 0) + 1)
        try:
            await write(insert([row(AccessBook, no=book.no, at=datetime.now(UTC), **book.columns())]))
        except IntegrityError:
            continue  # another process was faster
        return book
    raise LingbanError("The access log cannot be opened: too many processes start at once. Try again.")


def _chained(book: Book, reads: Iterable[Read]) -> tuple[list[Row], Book]:
    """The rows as the book's next ones, and the book after them."""
    made, head = [], book.head
    for seq, one in enumerate(reads, book.count + 1):
        values = {**one.values, "id": new_id(), "book": book.no, "seq": seq}
        values["digest"] = digest_read(values)
        head = values["link"] = link_read(head, book.no, seq, values["digest"])
        made.append(Row(AccessLog, values))
    return made, Book(book.no, head, book.count + len(made))
