"""One plausible value for a JSON Schema: for scaffolded scenarios and captured answers.

Knows formats and bounds of simple fields; a schema with branches gets the first thing that fits or null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.catalog.places import Node, listing, mapping, types_of
from core.errors import DeclarationError
from core.judge.schema import compile

_FORMATS = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T08:00:00Z",
    "time": "08:00:00Z",
    "email": "someone@example.invalid",
    "uri": "https://example.invalid/",
    "cn-id-number": "11010519491231002X",
    "cn-credit-code": "91350100M000100Y43",
    "cn-mobile": "13900000000",
    "cn-bank-card": "6222020000000000000",
    "cn-postcode": "215300",
    "cn-area": "320583103205",
}


def sample(schema: Any) -> Any:
    """The first of the schema's own examples, constants and defaults that fits, else something of its type."""
    said = mapping(schema)
    guesses = [*listing(said.get("examples")), *listing(said.get("enum"))]
    guesses += [said[k] for k in ("const", "default") if k in said]
    guesses += [mapping(part).get("const") for part in listing(said.get("oneOf")) if "const" in mapping(part)]
    for guess in (*guesses, *_by_type(said)):
        if _fits(said, guess):
            return guess
    return None


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    try:
        return compile(dict(schema)).is_valid(value)
    except DeclarationError:
        return False


def _by_type(schema: Mapping[str, Any]) -> list[Any]:
    types = types_of(Node(schema, schema)) or {"string"}
    if "boolean" in types:
        return [True]
    if types & {"integer", "number"}:
        low = schema.get("minimum", schema.get("exclusiveMinimum", 1))
        return [1, low, low + 1, schema.get("maximum")]
    if "array" in types:
        return [[], [sample(schema.get("items"))]]
    if "object" in types:
        properties = mapping(schema.get("properties"))
        return [{name: sample(properties.get(name)) for name in listing(schema.get("required"))}, {}]
    least = schema.get("minLength", 2)
    return [_FORMATS.get(str(schema.get("format"))), "示例", "示" * min(int(least), 200), "A0001", None]
