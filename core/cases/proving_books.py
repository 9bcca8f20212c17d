"""Proving the books of the access log: every record follows the one before it, and none of those written is missing.

Looks at places and digests only; whether a digest fits its own record is proved day by day in `core.cases.proving`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.cases.audit import GENESIS
from core.cases.logbook import seal
from core.cases.reads import link_read
from core.cases.rows import select_all

BATCH = 5000
_BOOKS = "SELECT no, head, count, seal FROM cases_access_book ORDER BY no"
_RECORDS = """
SELECT id, book, seq, link, digest FROM cases_access_log WHERE book > ? OR (book = ? AND seq > ?)
ORDER BY book, seq LIMIT ?
"""


@dataclass(slots=True)
class _Reader:
    """Reads one book from its first record on and keeps the first thing that does not hold."""

    no: int
    head: str
    count: int
    last: str = GENESIS
    seq: int = 0
    wrong: str = ""

    def take(self, record: Mapping[str, Any]) -> None:
        seq, id = int(record["seq"]), record["id"]
        if not self.wrong and seq != self.seq + 1:
            self.wrong = f"record {self.seq + 1} is missing (record {seq}, {id}, stands in its place)"
        elif not self.wrong and record["link"] != link_read(self.last, self.no, seq, record["digest"]):
            self.wrong = f"record {seq} ({id}) does not follow the one before it: one was changed, removed or reordered"
        self.seq, self.last = seq, str(record["link"])
        if not self.wrong and seq == self.count and self.last != self.head:
            self.wrong = f"record {seq} ({id}) is not the one that was written last"

    def end(self) -> str:
        if not self.wrong and self.seq < self.count:
            self.wrong = f"the tail was cut: {self.seq} records are there, {self.count} were written"
        return self.wrong


async def broken_books() -> AsyncIterator[tuple[str, str]]:
    """(which book, the first thing in it that does not hold). The log may go on growing meanwhile."""
    books: dict[int, _Reader] = {}
    for one in await select_all(_BOOKS):
        book = books[int(one["no"])] = _Reader(int(one["no"]), one["head"], int(one["count"]))
        if one["seal"] != seal(book.no, book.count, book.head):
            book.wrong = "its head and count are not those that this server wrote"
    missing = set(range(1, max(books, default=0))) - books.keys()
    strangers: dict[int, _Reader] = {}
    async for record in _records():
        no = int(record["book"])
        book = books.get(no) or strangers.setdefault(no, _Reader(no, "", 0))
        book.take(record)
    for book in books.values():
        if wrong := book.end() or await _added(book):
            yield _name(book.no), wrong
    for no in sorted(missing | strangers.keys()):
        if no in missing:
            yield _name(no), "the book is missing"
        elif wrong := await _added(strangers[no]):
            yield _name(no), wrong


def _name(no: int) -> str:
    return f"access book {no}"


async def _records() -> AsyncIterator[Mapping[str, Any]]:
    book, seq = 0, 0
    while rows := await select_all(_RECORDS, book, book, seq, BATCH):
        for one in rows:
            yield one
        book, seq = int(rows[-1]["book"]), int(rows[-1]["seq"])


async def _added(book: _Reader) -> str:
    """Records beyond those that the book counted when we began: written since, or put there by somebody."""
    if book.seq <= book.count:
        return ""
    now = await select_all("SELECT count FROM cases_access_book WHERE no = ?", book.no)
    counted = int(now[0]["count"]) if now else 0
    return "" if book.seq <= counted else f"record {book.seq} was added: {counted} were written"
