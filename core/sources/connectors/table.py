"""Connector `table`: a CSV or Excel file, held in memory and read again when it changes.

Knows one file. The question is `field = value` for every field that is asked by.
"""

from __future__ import annotations

import csv
import io
import json
import os
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from core.contract import Down, Empty, Found, Outcome, Source
from core.sources.connectors import CannotConnect, Connection, same_disk
from core.sources.environment import named_by
from core.sources.records import Records, as_day, as_text, days_of
from core.sources.threads import Threads

DELIMITERS = (";", "\t", "|", ",")
LARGEST = 64 * 1024 * 1024


def connect(source: Source, settings: Mapping[str, Any], *, near: Path | None = None) -> Table:
    if not settings.get("path"):
        raise CannotConnect("settings.path must name a CSV or Excel file")
    path = Path(source.folder or ".") / str(settings["path"])
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise CannotConnect(f"settings.path: {path.suffix or 'no suffix'} is neither .csv nor .xlsx")
    delimiter = str(settings.get("delimiter") or ",")
    if len(delimiter) != 1:
        raise CannotConnect('settings.delimiter is one character, such as ";" or "\\t"')
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

    __slots__ = ("columns", "header", "indexes", "rows", "stamp")

    def __init__(self, rows: list[dict[str, Any]], names: list[str], header: list[str], stamp: tuple[int, ...]) -> None:
        self.rows, self.columns, self.header, self.stamp = rows, frozenset(names), header, stamp
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
        self._said = named_by(source.settings.get("path"), "path")
        self._sheet: str | None = settings.get("sheet")
        self._encoding = str(settings.get("encoding") or "utf-8-sig")
        self._delimiter = str(settings.get("delimiter") or ",")
        self._header_row = int(settings.get("header_row") or 1)
        self._date_format = str(settings.get("date_format") or "")
        self._dated: str | None = settings.get("recorded_at")
        self._limit = int(settings.get("max_records", 1000))
        self._least = int(settings.get("min_rows", 0))
        self._named = {header: field for field, header in (settings.get("columns") or {}).items()}
        self._records = Records(source.record)
        self._days = days_of(source.record) | ({self._dated} if self._dated else set())
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

    @property
    def notes(self) -> tuple[str, ...]:  # type: ignore[override]  # what is known of the file as it was read
        held = self._held
        missing = [name for name in self._records.fields if name not in held.columns] if held is not None else []
        if held is None or not missing:
            return ()
        return (f"{self._path.name}: {self._no_column(missing, held.header)}. No record has these fields",)

    def _look_up(self, by: Mapping[str, Any], many: bool) -> Outcome:
        try:
            held = self.held()
        except FileNotFoundError:
            return Down(f"there is no file where {self._said} points")
        except PermissionError:
            return Down(f"the file that {self._said} names may not be read")
        except (OSError, ValueError, KeyError, csv.Error, zipfile.BadZipFile) as error:
            kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
            return Down(f"{self._path.name}: {kind}{error}")
        fields = asked_by(by)
        missing = [name for name in fields if name not in held.columns]
        if missing:
            return Down(f"{self._path.name}: {self._no_column(missing, held.header)}")
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
        reader: Iterable[list[Any]] = (
            read_excel(self._path, self._sheet) if self._path.suffix.lower() == ".xlsx" else self._read_csv()
        )
        lines = islice(reader, self._header_row - 1, None)
        header = [str(cell or "").strip() for cell in next(lines, [])]
        names = [self._named.get(cell, cell) for cell in header]
        twice = {name for name in names if name and names.count(name) > 1}
        if twice:
            raise ValueError(f"two columns are called {', '.join(sorted(twice))}")
        missing = [field for head, field in self._named.items() if head not in header]
        missing += [field for field in self._records.required if field not in names and field not in missing]
        if missing:
            raise ValueError(self._no_column(missing, header))
        rows = []
        for number, line in enumerate(lines, self._header_row + 1):
            if not any(cell not in (None, "") for cell in line):
                continue
            if len(line) > len(names) and any(cell not in (None, "") for cell in line[len(names) :]):
                raise ValueError(f"row {number} has more cells than the header")
            rows.append({name: cell for name, cell in zip(names, line, strict=False) if name})
        if len(rows) < self._least:
            raise ValueError(
                f"only {len(rows)} rows where min_rows says {self._least}: cut off, or still being written"
            )
        for row in rows:
            # Here and not in an answer, so that a day is also found by its one spelling.
            for name in self._days & row.keys():
                row[name] = as_day(row[name], date_format=self._date_format)
        self._quick = same_disk(self._path, self._near)
        self._held = Held(rows, names, header, stamp)
        return self._held

    def _read_csv(self) -> Iterator[list[Any]]:
        """A file that ends within a line was cut off or is still being written: what is lost must not look Empty."""
        raw = self._path.read_bytes()
        try:
            text = raw.decode(self._encoding)
        except LookupError:
            raise ValueError(f"settings.encoding: {self._encoding} is not known") from None
        except UnicodeDecodeError:
            other = "utf-8" if self._encoding in ("gb18030", "gbk", "gb2312") else "gb18030"
            raise ValueError(
                f'not written in {self._encoding.removesuffix("-sig")}; try "encoding": "{other}"'
            ) from None
        if text and not text.endswith(("\n", "\r")):
            raise ValueError("ends within a line: cut off, or still being written. A whole file ends with a line break")
        for line in csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=self._delimiter):
            yield [plain(cell) for cell in line]

    def _no_column(self, fields: Sequence[str], header: Sequence[str]) -> str:
        """Which columns are not there, as the file would call them, and what may be the reason."""
        called = {field: head for head, field in self._named.items()}
        wanted = [f"{called[name]} (settings.columns.{name})" if name in called else name for name in fields]
        there = [head for head in header if head]
        words = f"no column {', '.join(wanted)}; there are {', '.join(there[:20]) or 'none'}"
        between = [mark for mark in DELIMITERS if mark != self._delimiter and len(there) == 1 and mark in there[0]]
        if between:
            return f'{words}. Say "delimiter": {json.dumps(between[0])}'
        if len(there) == 1:
            return f'{words}. Where titles stand above the names of the columns, say "header_row": 2'
        return words


def plain(cell: str) -> str:
    """="0012" is how Excel is told to keep the zeros: a text all the same."""
    return cell[2:-1] if len(cell) > 2 and cell.startswith('="') and cell.endswith('"') else cell


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
