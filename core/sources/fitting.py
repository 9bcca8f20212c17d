"""Whether a question and an answer fit the contract of a source: its schemas, its number of records, its keys.

Knows no connection and no time; what does not fit is Down, with a reason that quotes no value.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from core.contract import Down, Empty, Found, Outcome, Refused, Source
from core.errors import DeclarationError
from core.judge.schema import Schema
from core.judge.schema import compile as compile_schema

OUTCOMES = (Found, Empty, Down, Refused)
ALARM = "ALARM: "
"""How a reason begins that staff must look into at once."""


class Fitting:
    """The schemas are compiled with the first question."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._query: Schema | None = None
        self._record: Schema | None = None
        fields = source.record.get("properties") or {}
        self._keys = tuple(name for name in source.query.get("properties") or {} if name in fields)

    def wrong_question(self, by: Mapping[str, Any]) -> str:
        if self._query is None:
            try:
                self._query, self._record = compile_schema(self._source.query), compile_schema(self._source.record)
            except DeclarationError as error:
                return f"the source's schemas cannot be used: {error}"
        if self._query.is_valid(by):
            return ""
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
        return Found(list(records) if many else records[0], raw.recorded_at), False

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
