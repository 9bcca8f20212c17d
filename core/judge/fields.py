"""Which fields of a form somebody else can fill: where `x-from`, `x-suggest`, `x-choices` stand.

Knows the schema of a form, no facts; rows of a list are one place written with `*`. An `x-element` that a bound
source holds has become an `x-from` when the folder was read (`core.catalog.inspect`).
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.judge import schema as schemas
from core.judge.pointers import Tokens, pointer

KEYWORDS = ("x-from", "x-suggest", "x-choices")
_SAME_PLACE = ("allOf", "anyOf", "oneOf")
_BRANCHES = ("then", "else")
_DEEPEST = 12
_MOST = 20_000
"""Levels and places that are followed: what refers to itself ends here."""


@dataclass(frozen=True, slots=True)
class Field:
    """One place in the answers and what the form says about who knows it."""

    path: Tokens
    """From the root of the answers; `*` for every row."""
    from_: str | None = None
    suggest: str | None = None
    choices: str | None = None

    @property
    def pointer(self) -> str:
        return pointer(self.path)


def fields_of(form: Any) -> tuple[Field, ...]:
    """Every field that carries one of the keywords, in the order of the form; the first that speaks wins."""
    places: dict[Tokens, dict[str, Any]] = {}
    for path, node in itertools.islice(_nodes(form, form, (), 0), _MOST):
        if path:
            marks = places.setdefault(path, {})
            for keyword in KEYWORDS:
                if isinstance(node.get(keyword), str):
                    marks.setdefault(keyword, node[keyword])
    return tuple(
        Field(path, m.get("x-from"), m.get("x-suggest"), m.get("x-choices")) for path, m in places.items() if m
    )


def _nodes(root: Any, node: Any, path: Tokens, depth: int) -> Iterator[tuple[Tokens, Mapping[str, Any]]]:
    if not isinstance(node, Mapping) or depth > _DEEPEST:
        return
    if isinstance(node.get("$id"), str) and node is not root:
        # An embedded resource: its own `#/…` lead into it.
        root = node if "$defs" in node else root
    yield path, node
    ref = node.get("$ref")
    if isinstance(ref, str):
        with contextlib.suppress(LookupError):  # a dead $ref is a fault, named by inspection
            yield from _nodes(root, schemas.resolve_ref(root, ref), path, depth + 1)
    for keyword in _SAME_PLACE:
        for branch in _list(node.get(keyword)):
            yield from _nodes(root, branch, path, depth + 1)
    for keyword in _BRANCHES:
        yield from _nodes(root, node.get(keyword), path, depth + 1)
    for branch in _map(node.get("dependentSchemas")).values():
        yield from _nodes(root, branch, path, depth + 1)
    for name, child in _map(node.get("properties")).items():
        yield from _nodes(root, child, (*path, name), depth + 1)
    for index, child in enumerate(_list(node.get("prefixItems"))):
        yield from _nodes(root, child, (*path, str(index)), depth + 1)
    yield from _nodes(root, node.get("items"), (*path, "*"), depth + 1)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def without_filled(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of what an applicant sends: fields with `x-from` are asked only when their lookup gave nothing."""
    properties = schema.get("properties")
    if isinstance(properties, dict) and isinstance(schema.get("required"), list):
        open_ = [n for n in schema["required"] if not (isinstance(n, str) and _is_filled(properties.get(n)))]
        schema = {**schema, "required": open_}
    for key in ("properties", "$defs"):
        if isinstance(schema.get(key), dict):
            schema = {**schema, key: {n: _inner(s) for n, s in schema[key].items()}}
    for key in ("items", "if", "then", "else"):
        if key in schema:
            schema = {**schema, key: _inner(schema[key])}
    for key in ("allOf", "anyOf", "oneOf"):
        if isinstance(schema.get(key), list):
            schema = {**schema, key: [_inner(s) for s in schema[key]]}
    return schema


def _inner(schema: Any) -> Any:
    return without_filled(schema) if isinstance(schema, dict) else schema


def _is_filled(schema: Any) -> bool:
    return isinstance(schema, dict) and "x-from" in schema
