"""Connector `table`: a CSV or Excel file, held in memory and read again when it changes.

Knows one file. The question is `field = value` for every field that is asked by.
"""

from __future__ import annotations

import csv
import io
import os
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.contract import Down, Empty, Found, Outcome, Source
from core.sources.connectors import CannotConnect, Connection, same_disk
from core.sources.records import Records, as_text
from core.sources.threads import Threads

LARGEST = 64 * 1024 * 1024


def connect(source: Source, settings: Mapping[str, Any], *, near: Path | None = None) -> Table:
    if not settings.get("path"):
        raise CannotConnect("settings.path must name a CSV or Excel file")
    path = Path(source.folder or ".") / str(settings["path"])
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise CannotConnect(f"settings.path: {path.suffix or 'no suffix'} is neither .csv nor .xlsx")
    return Table(source, path, settings, near)


def rows(source: Source, settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every row of the file, cells as they are. Raises CannotConnect, OSError, ValueError and what the readers do."""
    table = connect(source, settings)
    try:
        return table.held().rows
    finally:
        table.close()


Index = dict[tuple[str, ...], list[int]]


class Held:
    """The file as it was read: swapped whole, so that a reader sees one file and not half of two."""

    __slots__ = ("columns", "indexes", "rows", "stamp")

    def __init__(self, rows: list[dict[str, Any]], columns: frozenset[str], stamp: tuple[int, ...]) -> None:
        self.rows, self.columns, self.stamp = rows, columns, stamp
        self.indexes: dict[tuple[str, ...], Index] = {}

    def index(self, fields: tuple[str, ...]) -> Index:
        """Made when a question first asks by these fields."""
        index = self.indexes.get(fields)
        if index is None:
            index = {}
            for at, row in enumerate(self.rows):
                index.setdefault(tuple([key(row.get(name)) for name in fields]), []).append(at)
            self.indexes[fields] = index
        return index


class Table(Connection):
    def __init__(self, source: Source, path: Path, settings: Mapping[str, Any], near: Path | None) -> None:
        self._path = path
        self._sheet: str | None = settings.get("sheet")
        self._encoding = str(settings.get("encoding") or "utf-8-sig")
        self._dated: str | None = settings.get("recorded_at")
        self._limit = int(settings.get("max_records", 1000))
        self._least = int(settings.get("min_rows", 0))
        self._named = {header: field for field, header in (settings.get("columns") or {}).items()}
        self._records = Records(source.record)
        self._held: Held | None = None
        self._near = near
        self._quick = False
        # One thread: nothing here is worth doing twice at once.
        self._threads = Threads(f"source {source.id}", 1)

    def at_once(self, by: Mapping[str, Any], many: bool = False) -> Outcome | None:
        held = self._held
        if held is None or not self._quick:
            return None
        fields = asked_by(by)
        try:
            if fields not in held.indexes or self._stamp() != held.stamp:
                return None
        except OSError:
            return None
        return self._answer(held, fields, by, many)

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        return await self._threads.run(lambda: self._look_up(by, many))

    def close(self) -> None:
        self._threads.close()

    def _look_up(self, by: Mapping[str, Any], many: bool) -> Outcome:
        try:
            held = self.held()
        except (OSError, ValueError, KeyError, csv.Error, zipfile.BadZipFile) as error:
            return Down(f"{self._path.name}: {type(error).__name__}: {error}")
        fields = asked_by(by)
        missing = [name for name in fields if name not in held.columns]
        if missing:
            return Down(f"{self._path.name} has no column {', '.join(missing)}")
        return self._answer(held, fields, by, many)

    def _answer(self, held: Held, fields: tuple[str, ...], by: Mapping[str, Any], many: bool) -> Outcome:
        places = held.index(fields).get(tuple([key(by[name]) for name in fields]), ())
        if not places:
            return Empty()
        if many and len(places) > self._limit:
            return Down(f"more than {self._limit} records")
        rows = [held.rows[at] for at in (places if many else places[:2])]
        dated = as_text(rows[0].get(self._dated), day=True) if self._dated and len(rows) == 1 else None
        return Found([self._records.from_cells(row.items()) for row in rows], dated or None)

    def _stamp(self) -> tuple[int, ...]:
        stat = os.stat(self._path)
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def held(self) -> Held:
        """The file as it is now."""
        stamp = self._stamp()
        if self._held is not None and self._held.stamp == stamp:
            return self._held
        if stamp[1] > LARGEST:
            raise ValueError(f"larger than {LARGEST // 2**20} MB; put it into a database")
        reader = read_excel(self._path, self._sheet) if self._path.suffix.lower() == ".xlsx" else self._read_csv()
        lines = iter(reader)
        header = [str(cell or "").strip() for cell in next(lines, [])]
        names = [self._named.get(cell, cell) for cell in header]
        twice = {name for name in names if name and names.count(name) > 1}
        if twice:
            raise ValueError(f"two columns are called {', '.join(sorted(twice))}")
        rows = []
        for number, line in enumerate(lines, 2):
            if not any(cell not in (None, "") for cell in line):
                continue
            if len(line) > len(names) and any(cell not in (None, "") for cell in line[len(names) :]):
                raise ValueError(f"row {number} has more cells than the header")
            rows.append({name: cell for name, cell in zip(names, line, strict=False) if name})
        if len(rows) < self._least:
            raise ValueError(
                f"only {len(rows)} rows where min_rows says {self._least}: cut off, or still being written"
            )
        self._quick = same_disk(self._path, self._near)
        self._held = Held(rows, frozenset(names), stamp)
        return self._held

    def _read_csv(self) -> Iterator[list[Any]]:
        """A file that ends within a line was cut off or is still being written: what is lost must not look Empty."""
        text = self._path.read_bytes().decode(self._encoding)
        if text and not text.endswith(("\n", "\r")):
            raise ValueError("ends within a line: cut off, or still being written. A whole file ends with a line break")
        return csv.reader(io.StringIO(text, newline=""), strict=True)


def read_excel(path: Path, sheet: str | None) -> list[list[Any]]:
    """The rows of one sheet (the first where none is named): values as computed when the file was last saved."""
    from openpyxl import load_workbook  # 60 ms to import, and most towns have no Excel source

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of styles and extensions it leaves out
        book = load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        try:
            if sheet is not None and sheet not in book.sheetnames:
                raise ValueError(f'no sheet "{sheet}"; there are {", ".join(book.sheetnames)}')
            chosen = book[sheet] if sheet is not None else book.worksheets[0]
            return [list(row) for row in chosen.iter_rows(values_only=True)]
        finally:
            book.close()


def asked_by(by: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted([name for name, value in by.items() if value is not None]))


def key(value: Any) -> str:
    """One spelling for a cell and for the value that is asked by: 123, 123.0, "123" and " 123 " are the same."""
    if type(value) is str:
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = as_text(value, day=False)
    return str(text).strip()
