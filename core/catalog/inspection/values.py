"""A value that an author wrote down as an example, against the schema that the real one would have to fit.

Knows schemas and pointers; nothing of what the value is an example of.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from core.catalog import shape
from core.catalog.faults import Faults
from core.catalog.places import Place
from core.errors import DeclarationError
from core.faults import say
from core.faults.shapes import limit
from core.judge.schema import Schema, compile, parts_of

_EXAMPLES = {
    "date": "2026-11-23", "time": "09:00:00+08:00", "date-time": "2026-11-23T09:00:00+08:00", "email": "a@example.com",
    "cn-mobile": "13900000000", "cn-postcode": "215300", "cn-area": "320583103205", "cn-money": "1500.00",
    "cn-bank-card": "6217001234567890007",
}  # fmt: skip
_FIELDS = ("$defs", "definitions", "properties", "patternProperties", "type")


def fields_of(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a record says of each field by itself: an example need not be whole."""
    return {key: value for key, value in record.items() if key in _FIELDS}


class Wanted:
    """What a value has to be at one place, compiled once for all the examples of a folder."""

    def __init__(self, schemas: Sequence[Mapping[str, Any]]) -> None:
        self._each: list[tuple[Mapping[str, Any], Schema]] = []
        for schema in schemas:
            with contextlib.suppress(DeclarationError):  # told where the schema stands
                self._each.append((schema, compile(dict(schema))))

    def check(self, faults: Faults, file: str, at: str, value: Any) -> None:
        """Add a fault for every part of the value that does not fit."""
        for schema, compiled in self._each:
            if not compiled.is_valid(value):
                for where, key, hint, blanks in shape.explain(schema, value):
                    faults.add(file, at + where, key, hint=hint, **blanks)
                _formats(faults, file, at, value, compiled)


def wanted_at(place: Place) -> Wanted:
    """Every schema that always applies at the place."""
    found = []
    for node in place.nodes:
        if node.always:
            root = node.root if isinstance(node.root, Mapping) else {}
            inside = {key: root[key] for key in ("$defs", "definitions") if key in root}
            found.append({**inside, **node.schema})
    return Wanted(found)


def _formats(faults: Faults, file: str, at: str, value: Any, compiled: Schema) -> None:
    """python-jsonschema, which explains the rest, asserts no formats of ours."""
    for error in compiled.errors(value):
        if error.keyword == "format":
            name = str(error.params.get("format"))
            example = _EXAMPLES.get(name)
            hint = say("For example {value}.", "例如 {value}。", value=example) if example else ""
            said = shape.short(_at(value, error.at))
            faults.add(
                file, at + error.at, "wrong-value/limit", hint=hint, value=said, title="", limit=limit("format", name)
            )


def _at(value: Any, at: str) -> Any:
    for part in parts_of(at):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value
