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

from core.contract import Fault, Said
from core.faults import meant, say
from core.faults.seeds import KINDS, SENTENCES


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

    def add(self, where: str, key: str, /, *, hint: Said | None = None, **blanks: object) -> None:
        """The sentence `code` or `code/variant` of `core.faults.seeds`; without `hint`, with its own remedy."""
        one = SENTENCES[key]
        remedy = say(one.hint, one.hint_zh, **blanks) if hint is None else hint
        self.found.append(Fault(where, say(one.en, one.zh, **blanks), remedy, key.partition("/")[0]))

    def unknown(self, row: Row, column: str, kind: str, known: Iterable[str], value: str | None = None) -> None:
        """`kind` is one of `core.faults.seeds.KINDS`; the code is `unknown-` and its noun."""
        value = row[column] if value is None else value
        known = list(known)
        near = get_close_matches(value, known, 1)
        hint = meant(near[0]) if near else _one_of(known)
        what = say(SENTENCES["unknown"].en, SENTENCES["unknown"].zh, value=value, kind=Said(kind, KINDS[kind]))
        self.found.append(Fault(f"{row.where}#{column}", what, hint, "unknown-" + kind.split()[-1]))


def _one_of(known: Sequence[str]) -> Said:
    if not known:
        return Said("None is declared yet.", "一个都还没有。")
    if len(known) <= 12:
        return Said("Use one of: " + ", ".join(known) + ".", "可以写：" + "、".join(known) + "。")
    return say("See the {n} that are declared.", "已有 {n} 个，请对照。", n=len(known))


def unique(rows: Iterable[Row], columns: tuple[str, ...], faults: Faults) -> Iterable[Row]:
    """The rows whose key is new; of two with one key the later is a fault that names the earlier."""
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row[c] for c in columns)
        earlier = first.setdefault(key, row)
        if earlier is not row:
            faults.add(f"{row.where}#{columns[0]}", "duplicate", key=" ".join(key), line=earlier.line)
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
        faults.add(file, "unreadable", reason=error.strerror)
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
        faults.add(f"{file}:{line}", "encoding")
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
            faults.add(f"{file}:{start}", "csv", reason=error)
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
            faults.add(f"{file}:{start}", "cells", cells=len(cells), heading=len(heading))
        else:
            yield Row(file, start, {**dict.fromkeys(optional, ""), **dict(zip(heading, cells, strict=True))})
    if heading is None:
        faults.add(f"{file}:1", "no-heading", columns=",".join(columns))


def _heading_fits(
    file: str, line: int, heading: list[str], columns: tuple[str, ...], optional: tuple[str, ...], faults: Faults
) -> bool:
    where = f"{file}:{line}"
    missing = [c for c in columns if c not in heading]
    for column in missing:
        faults.add(where, "missing-column", column=column, columns=",".join(columns))
    for column in dict.fromkeys(heading):
        if heading.count(column) > 1:
            faults.add(where, "duplicate-column", column=column)
        if column not in columns and column not in optional:
            near = get_close_matches(column, (*columns, *optional), 1)
            hint = meant(near[0]) if near else None
            faults.add(where, "unknown-column", hint=hint, column=column, columns=",".join(columns))
    return not missing and len(set(heading)) == len(heading)
