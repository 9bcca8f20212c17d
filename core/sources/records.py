"""A register's rows as records: raw values turned into JSON, typed by the source's record schema.

Knows no driver and no file; cells of a CSV file and values of a database driver come in alike.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

YES = frozenset({"1", "true", "t", "yes", "y", "是", "有"})
NO = frozenset({"0", "false", "f", "no", "n", "否", "无"})
INTEGER = re.compile(r"[+-]?\d+")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
"""1,234.50: commas in their places only, so that 1,5 stays what it is."""
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
TOGETHER = re.compile(r"%[A-Za-z]%")
"""A format that parts two numbers by nothing."""
BETWEEN = re.compile(r"\s*[;；]\s*")
LARGEST_EXPONENT = 300
"""Twelve characters, 1e9999999999, as a whole number would hold the interpreter for hours."""
JSON_NAMES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}

Convert = Callable[[Any], Any]


class Records:
    """One record schema, compiled to converters. Rows in, JSON records out, columns nobody declared left behind."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        properties: Mapping[str, Any] = schema.get("properties") or {}
        self._convert: dict[str, Convert] = {name: converter(field) for name, field in properties.items()}
        self._nullable = frozenset(name for name, field in properties.items() if "null" in types_of(field))
        self._typed = {name: types_of(field) for name, field in properties.items()}
        self._keep_all = not properties
        self.required: tuple[str, ...] = tuple(schema.get("required") or ())

    def reader(self, columns: Sequence[str]) -> Callable[[Sequence[Any]], dict[str, Any]]:
        """A function from one row (values in the order of `columns`) to one record. Made once per statement."""
        if self._keep_all:
            return lambda row: {name: generic(value) for name, value in zip(columns, row, strict=True)}
        plan = [
            (at, name, self._convert[name], name in self._nullable)
            for at, name in enumerate(columns)
            if name in self._convert
        ]

        def read(row: Sequence[Any]) -> dict[str, Any]:
            record = {}
            for at, name, convert, nullable in plan:
                value = row[at]
                if value is not None:
                    record[name] = convert(value)
                elif nullable:
                    record[name] = None
            return record

        return read

    def from_cells(self, cells: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        """One record from named cells of a file: an empty cell is null where null is allowed, else absent."""
        record: dict[str, Any] = {}
        for name, cell in cells:
            if name not in self._convert and not self._keep_all:
                continue
            if cell is None or (isinstance(cell, str) and not cell.strip()):
                if name in self._nullable:
                    record[name] = None
                continue
            if isinstance(cell, str):
                cell = cell.strip()
            record[name] = self._convert.get(name, generic)(cell)
        return record

    def unnamed(self, columns: Sequence[str]) -> str:
        """Why rows with these columns can be no records: a required field that none of them is; else nothing."""
        missing = [name for name in self.required if name not in columns]
        if not missing:
            return ""
        return (
            f"the statement gives no column {', '.join(missing)}; it gives {', '.join(columns[:20])}: "
            f"name each column as its field (… AS {missing[0]})"
        )

    def declared_only(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """A JSON record without the fields nobody declared. Its types are the service's own: JSON has them."""
        if self._keep_all:
            return dict(record)
        return {name: value for name, value in record.items() if name in self._convert}

    def column_type(self, name: str) -> str:
        """How SQLite should hold the field: INTEGER, REAL or TEXT."""
        types = self._typed.get(name, frozenset()) - {"null"}
        if types and types <= {"boolean", "integer"}:
            return "INTEGER"
        return "REAL" if types and types <= {"number", "integer"} else "TEXT"

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self._convert)


def types_of(schema: Any) -> frozenset[str]:
    """The JSON types a schema names, by `type`, `const` or `enum`; empty where it names none."""
    if not isinstance(schema, Mapping):
        return frozenset()
    declared = schema.get("type")
    if isinstance(declared, str):
        return frozenset({declared})
    if declared:
        return frozenset(declared)
    if "const" in schema or "enum" in schema:
        values = [schema["const"]] if "const" in schema else schema["enum"]
        return frozenset("null" if v is None else JSON_NAMES.get(type(v), "") for v in values)
    found: set[str] = set()
    for keyword in ("anyOf", "oneOf"):
        for branch in schema.get(keyword, ()):
            found |= types_of(branch)
    return frozenset(found)


def converter(schema: Any) -> Convert:
    """Raw value → JSON value for one field. What cannot be read stays as it is: the schema then says so."""
    types = types_of(schema) - {"null"}
    if types == {"string"}:
        day = isinstance(schema, Mapping) and schema.get("format") == "date"
        return partial(as_text, day=day)
    if types == {"boolean"}:
        return as_boolean
    if types == {"integer"} or types == {"number"} or types == {"integer", "number"}:
        return partial(as_number, whole="number" not in types)
    if types == {"array"}:
        items = schema.get("items") if isinstance(schema, Mapping) else None
        return partial(as_list, each=converter(items) if isinstance(items, Mapping) else generic)
    if types == {"object"}:
        return as_object
    return generic


def as_text(value: Any, *, day: bool = False) -> Any:
    if type(value) is str:
        return value
    if day and isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a number cell of Excel that was typed as a code
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return generic(value)


def days_of(schema: Mapping[str, Any]) -> set[str]:
    fields = schema.get("properties") or {}
    return {name for name, field in fields.items() if isinstance(field, Mapping) and field.get("format") == "date"}


def as_day(value: Any, *, date_format: str) -> Any:
    """A date as 2026-11-23 where the value is one that is written so; anything else for the schema to judge."""
    if isinstance(value, str):
        text = value.strip()
        return text if not date_format or ISO_DAY.fullmatch(text) else day_of(text, date_format) or text
    return as_text(value, day=True)


def day_of(text: str, date_format: str) -> str | None:
    """The day in ISO 8601, or None. 2021/3/5 is one for %Y/%m/%d; 2021111 for %Y%m%d is two, so none."""
    try:
        read = datetime.strptime(text, date_format)
        if TOGETHER.search(date_format) and read.strftime(date_format) != text:
            return None
    except ValueError:
        return None
    return read.date().isoformat()


def as_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        word = value.lower()
        return True if word in YES else False if word in NO else value
    return generic(value)


def as_number(value: Any, *, whole: bool) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if INTEGER.fullmatch(value):
            return int(value) if len(value) < 20 else value
        try:
            value = Decimal(value.replace(",", "") if THOUSANDS.fullmatch(value) else value)
        except ArithmeticError:
            return value
    if isinstance(value, Decimal):
        if not value.is_finite() or value.adjusted() > LARGEST_EXPONENT:
            return str(value)
        return int(value) if value == value.to_integral_value() else float(value)
    if whole and isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) else generic(value)


def as_list(value: Any, *, each: Convert) -> Any:
    if isinstance(value, str):
        if value.startswith("["):
            value = from_text(value)
        else:
            return [each(part) for part in BETWEEN.split(value) if part]
    return [generic(part) for part in value] if isinstance(value, list | tuple) else generic(value)


def as_object(value: Any) -> Any:
    return from_text(value) if isinstance(value, str) else generic(value)


def from_text(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def generic(value: Any) -> Any:
    """A driver's value as the JSON value nearest to it; a stranger as its text, for the schema to judge."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {str(key): generic(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [generic(part) for part in value]
    if isinstance(value, bytes | bytearray | memoryview):
        raw = bytes(value)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return base64.b64encode(raw).decode()
    if isinstance(value, UUID | timedelta):
        return str(value)
    return str(value)
