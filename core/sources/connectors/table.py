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
from core.sources.connectors import CannotConnect, Connection
from core.sources.records import Records, as_text
from core.sources.threads import Threads

LARGEST = 64 * 1024 * 1024


def connect(source: Source, settings: Mapping[str, Any]) -> Connection:
    if not settings.get("path"):
        raise CannotConnect("settings.path must name a CSV or Excel file")
    path = Path(source.folder or ".") / str(settings["path"])
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise CannotConnect(f"settings.path: {path.suffix or 'no suffix'} is neither .csv nor .xlsx")
    return Table(source, path, settings)


class Table(Connection):
    def __init__(self, source: Source, path: Path, settings: Mapping[str, Any]) -> None:
        self._path = path
        self._sheet: str | None = settings.get("sheet")
        self._encoding = str(settings.get("encoding") or "utf-8-sig")
        self._dated: str | None = settings.get("recorded_at")
        self._limit = int(settings.get("max_records", 1000))
        self._named = {header: field for field, header in (settings.get("columns") or {}).items()}
        self._records = Records(source.record)
        self._rows: list[dict[str, Any]] = []
        self._columns: frozenset[str] = frozenset()
        self._index: dict[tuple[str, ...], dict[tuple[str, ...], list[int]]] = {}
        self._read_at: tuple[int, int, int] | None = None
        # One thread: the file may lie on a disk that hangs, and nothing here is worth asking twice at once.
        self._threads = Threads(f"source {source.id}", 1)

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        return await self._threads.run(lambda: self._look_up(by, many))

    def close(self) -> None:
        self._threads.close()

    def _look_up(self, by: Mapping[str, Any], many: bool) -> Outcome:
        try:
            self._refresh()
        except (OSError, ValueError, KeyError, csv.Error, zipfile.BadZipFile) as error:
            return Down(f"{self._path.name}: {type(error).__name__}: {error}")
        fields = tuple(sorted(name for name, value in by.items() if value is not None))
        missing = [name for name in fields if name not in self._columns]
        if missing:
            return Down(f"{self._path.name} has no column {', '.join(missing)}")
        index = self._index.get(fields)
        if index is None:
            index = self._index[fields] = {}
            for at, row in enumerate(self._rows):
                index.setdefault(tuple(key(row.get(name)) for name in fields), []).append(at)
        places = index.get(tuple(key(by[name]) for name in fields), ())
        if not places:
            return Empty()
        if many and len(places) > self._limit:
            return Down(f"more than {self._limit} records")
        rows = [self._rows[at] for at in (places if many else places[:2])]
        dated = as_text(rows[0].get(self._dated), day=True) if self._dated and len(rows) == 1 else None
        return Found([self._records.from_cells(row.items()) for row in rows], dated or None)

    def _refresh(self) -> None:
        stat = os.stat(self._path)
        seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if seen == self._read_at:
            return
        if stat.st_size > LARGEST:
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
        self._rows, self._columns, self._index, self._read_at = rows, frozenset(names), {}, seen

    def _read_csv(self) -> Iterator[list[Any]]:
        return csv.reader(io.StringIO(self._path.read_bytes().decode(self._encoding), newline=""), strict=True)


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


def key(value: Any) -> str:
    """One spelling for a cell and for the value that is asked by: 123, 123.0, "123" and " 123 " are the same."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = as_text(value, day=False)
    return str(text).strip()
