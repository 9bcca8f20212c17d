"""One CSV file of a seeds folder as rows with their line numbers, and faults that name file and line.

Knows no table's meaning; `seed` does.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from core.contract import Fault


@dataclass(frozen=True, slots=True)
class Row:
    file: str
    line: int
    cells: Mapping[str, str]
    """Column → text without surrounding spaces; every known column is there."""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Faults:
    """Collects: a person mends a file once, not once per fault."""

    found: list[Fault] = field(default_factory=list)

    def add(self, where: str, what: str, hint: str, code: str) -> None:
        self.found.append(Fault(where, what, hint, code))

    def unknown(self, row: Row, column: str, kind: str, known: Iterable[str], value: str | None = None) -> None:
        value = row[column] if value is None else value
        known = list(known)
        near = get_close_matches(value, known, 1)
        hint = f'Did you mean "{near[0]}"?' if near else _one_of(known)
        self.add(f"{row.where}#{column}", f'"{value}" is not {kind}.', hint, "unknown-" + kind.split()[-1])


def _one_of(known: Sequence[str]) -> str:
    if not known:
        return "None is declared yet."
    if len(known) <= 12:
        return "Use one of: " + ", ".join(known) + "."
    return f"See the {len(known)} that are declared."


def unique(rows: Iterable[Row], columns: tuple[str, ...], faults: Faults) -> Iterable[Row]:
    """The rows whose key is new; of two with one key the later is a fault that names the earlier."""
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row[c] for c in columns)
        earlier = first.setdefault(key, row)
        if earlier is not row:
            what = f'"{" ".join(key)}" is already declared in line {earlier.line}.'
            faults.add(f"{row.where}#{columns[0]}", what, "Remove one of the two lines.", "duplicate")
        else:
            yield row


def read_sheet(path: Path, columns: Sequence[str], faults: Faults, *, optional: Sequence[str] = ()) -> list[Row]:
    """Rows of one CSV file with a heading; a missing file has none. Faults go to `faults`; bad rows are left out."""
    if not path.exists():
        return []
    file = f"{path.parent.name}/{path.name}"
    try:
        data = path.read_bytes()
    except OSError as error:
        faults.add(file, f"The file cannot be read ({error.strerror}).", "Check its permissions.", "unreadable")
        return []
    return read_bytes(file, data, columns, faults, optional=optional)


def read_bytes(
    file: str, data: bytes, columns: Sequence[str], faults: Faults, *, optional: Sequence[str] = ()
) -> list[Row]:
    """The same of a file that was uploaded; `file` is its name in the faults."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.add(f"{file}:{line}", "The text is not UTF-8.", "In Excel, save as “CSV UTF-8”.", "encoding")
        return []
    return list(_rows(file, text, tuple(columns), tuple(optional), faults))


def _rows(file: str, text: str, columns: tuple[str, ...], optional: tuple[str, ...], faults: Faults) -> Iterable[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    heading: list[str] | None = None
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            faults.add(f"{file}:{start}", f"The line cannot be read ({error}).", "Check its quotation marks.", "csv")
            return
        if cells is None:
            break
        cells = [cell.strip() for cell in cells]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if heading is None:
            heading = cells
            if not _heading_fits(file, start, heading, columns, optional, faults):
                return
        elif len(cells) != len(heading):
            what = f"The line has {len(cells)} cells, the heading {len(heading)}."
            faults.add(f"{file}:{start}", what, "Check commas and quotation marks.", "cells")
        else:
            yield Row(file, start, {**dict.fromkeys(optional, ""), **dict(zip(heading, cells, strict=True))})
    if heading is None:
        hint = f"Begin with the heading {','.join(columns)}."
        faults.add(f"{file}:1", "The file is empty.", hint, "no-heading")


def _heading_fits(
    file: str, line: int, heading: list[str], columns: tuple[str, ...], optional: tuple[str, ...], faults: Faults
) -> bool:
    where = f"{file}:{line}"
    missing = [c for c in columns if c not in heading]
    for column in missing:
        hint = f"The heading is {','.join(columns)}."
        faults.add(where, f'The column "{column}" is missing.', hint, "missing-column")
    for column in dict.fromkeys(heading):
        if heading.count(column) > 1:
            faults.add(where, f'The column "{column}" stands there twice.', "Keep one.", "duplicate-column")
        if column not in columns and column not in optional:
            near = get_close_matches(column, (*columns, *optional), 1)
            hint = f'Did you mean "{near[0]}"?' if near else f"The heading is {','.join(columns)}."
            faults.add(where, f'"{column}" is not a column of this file.', hint, "unknown-column")
    return not missing and len(set(heading)) == len(heading)
