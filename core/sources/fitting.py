"""Whether a question and an answer fit the contract of a source: its schemas, its number of records, its keys.

Knows no connection and no time; what does not fit is Down, with a reason that quotes no value.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.contract import Down, Empty, Found, Outcome, Refused, Source
from core.errors import DeclarationError
from core.judge.schema import Schema
from core.judge.schema import compile as compile_schema

OUTCOMES = (Found, Empty, Down, Refused)
ALARM = "ALARM: "
"""How a reason begins that staff must look into at once."""
LARGEST = 4 * 1024 * 1024
"""Bytes of one answer as JSON, whoever gives it; `http` bounds what it reads by its own `max_bytes` before."""
DEEPEST = 32
"""Lists and objects within one another."""
LARGEST_WHOLE = 2**63
LONGEST_DAY = 64
_PLAIN = json.JSONEncoder(allow_nan=False, check_circular=False, ensure_ascii=False)


class Fitting:
    """The schemas are compiled with the first question."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._query: Schema | None = None
        self._record: Schema | None = None
        fields = source.record.get("properties") or {}
        self._keys = tuple(name for name in source.query.get("properties") or {} if name in fields)
        declared = source.settings.get("max_bytes")
        self._largest = max(LARGEST, declared) if isinstance(declared, int) else LARGEST

    def wrong_question(self, by: Mapping[str, Any]) -> str:
        if self._query is None:
            try:
                self._query, self._record = compile_schema(self._source.query), compile_schema(self._source.record)
            except DeclarationError as error:
                return f"the source's schemas cannot be used: {error}"
        if self._query.is_valid(by):
            return "" if all(map(sendable, by.values())) else "the question holds what no register can be asked by"
        wrong = ", ".join(sorted({f"{e.at or '/'} ({e.keyword})" for e in self._query.errors(by)}))
        return f"the question does not fit the query schema: {wrong}"

    def look_at(self, raw: Any, by: Mapping[str, Any], many: bool) -> tuple[Outcome, bool]:
        """What counts as the answer, and whether the source itself is in trouble (the breaker counts that)."""
        if not isinstance(raw, OUTCOMES):
            if asyncio.iscoroutine(raw):
                raw.close()
            return Down(f"the connector returned {type(raw).__name__} instead of an outcome"), True
        if isinstance(raw, Down):
            return raw, True
        if not isinstance(raw, Found):
            return raw, False
        records = raw.value if isinstance(raw.value, list | tuple) else [raw.value]
        if not many and len(records) > 1:
            return Down("more than one record where one was asked"), False
        if not records:
            return Empty(), False
        for record in records:
            wrong = self._wrong_record(record, by)
            if wrong:
                return Down(wrong), False
        wrong = self._not_plain(records)
        if wrong:
            return Down(wrong), False
        dated: Any = raw.recorded_at
        if isinstance(dated, date):
            dated = dated.isoformat()
        if dated is not None and (not isinstance(dated, str) or len(dated) > LONGEST_DAY or not dated.isprintable()):
            return Down(f"recorded_at is {type(dated).__name__} instead of a date written as text"), False
        return Found(list(records) if many else records[0], dated), False

    def _not_plain(self, records: Any) -> str:
        """Why the answer cannot be kept: a schema that leaves a field open lets anything pass, and what cannot be
        written down as JSON breaks whoever comes after."""
        try:
            size = flat_size(records)
            if size is None:
                if deeper(records, DEEPEST):
                    return f"the answer has more than {DEEPEST} lists and objects within one another"
                size = len(_PLAIN.encode(records).encode())
        except (TypeError, ValueError) as error:  # a set, NaN, half a character
            return f"the answer cannot be written as JSON ({type(error).__name__})"
        return f"the answer is larger than {self._largest} bytes" if size > self._largest else ""

    def _wrong_record(self, record: Any, by: Mapping[str, Any]) -> str:
        if self._record is None or not isinstance(record, dict):
            return f"a record is {type(record).__name__} instead of an object"
        if not self._record.is_valid(record):
            errors = self._record.errors(record)
            wrong = ", ".join(sorted({f"{e.at or '/'} ({e.keyword})" for e in errors})[:5])
            return f"a record does not fit the record schema: {wrong}"
        for name in self._keys:
            if name in by and name in record and not same(by[name], record[name]):
                return f"{ALARM}the record's {name} is not the one that was asked for"
        return ""


def same(asked: Any, held: Any) -> bool:
    """Whether a record's key is the one asked by; registers differ in how they write a number or a final x."""
    return asked == held or (held is not None and str(asked).strip().casefold() == str(held).strip().casefold())


def flat_size(records: Any) -> int | None:
    """Bytes of records of texts, numbers, yes and no, as nearly all are; None for others. Raises UnicodeEncodeError.

    A sixth of the cost of writing them down, and every lookup of every page pays it.
    """
    size = 0
    for record in records:
        for value in record.values():
            kind = type(value)
            if kind is str:
                size += len(value.encode())
            elif not (value is None or kind is bool or (kind is int and -LARGEST_WHOLE < value < LARGEST_WHOLE)):
                return None
    return size


def deeper(value: Any, left: int) -> bool:
    """Whether lists and objects stand within one another more than `left` times, or without end."""
    parts = value.values() if isinstance(value, dict) else value
    return any(left <= 0 or deeper(part, left - 1) for part in parts if isinstance(part, dict | list | tuple))


def sendable(value: Any) -> bool:
    """Not half a character, none of number zero, no whole number that a database has no room for."""
    if isinstance(value, str):
        return "\x00" not in value and value.encode("utf-8", "ignore").decode() == value
    return not isinstance(value, int) or -LARGEST_WHOLE <= value < LARGEST_WHOLE
