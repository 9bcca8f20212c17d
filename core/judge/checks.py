"""One plain JSON Schema as a function of a value.

Knows no facts and no item. Nearly every schema in a condition is a constant, a choice or a bound: these are tried in
Python without compiling anything, all others go through the one door to jsonschema-rs. A property test holds both
equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.judge import schema as schemas

Check = Callable[[Any], bool]


def check_of(schema: Any) -> Check:
    """A function that says whether a value is valid under `schema`."""
    if schema is True or schema == {}:
        return _anything
    if isinstance(schema, Mapping):
        quick = [made for keyword, wanted in schema.items() if (made := _quick(keyword, wanted))]
        if len(quick) == len(schema):
            return quick[0] if len(quick) == 1 else _Every(quick)
    return _Compiled(schema)


def _quick(keyword: str, wanted: Any) -> Check | None:
    made = _QUICK.get(keyword)
    return made(wanted) if made else None


class _Every:
    """Several keywords of one schema, all of which must hold."""

    __slots__ = ("_checks",)

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = tuple(checks)

    def __call__(self, value: Any) -> bool:
        return all(check(value) for check in self._checks)


class _Compiled:
    """A schema that is compiled at its first use: starting up costs nothing for rules nobody tries."""

    __slots__ = ("_is_valid", "_schema")

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._is_valid: Check | None = None

    def __call__(self, value: Any) -> bool:
        if self._is_valid is None:
            self._is_valid = schemas.compile(self._schema).is_valid
        return self._is_valid(value)


def _anything(value: Any) -> bool:
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _const(wanted: Any) -> Check | None:
    if wanted is None or isinstance(wanted, bool):
        return lambda value: value is wanted
    if isinstance(wanted, str):
        return lambda value: isinstance(value, str) and value == wanted
    if isinstance(wanted, int):
        return lambda value: _is_number(value) and value == wanted
    return None


def _enum(wanted: Any) -> Check | None:
    if not isinstance(wanted, list) or not all(isinstance(w, str) for w in wanted):
        return None
    choices = frozenset(wanted)
    return lambda value: isinstance(value, str) and value in choices


def _minimum(bound: Any) -> Check | None:
    return (lambda value: not _is_number(value) or value >= bound) if type(bound) is int else None


def _maximum(bound: Any) -> Check | None:
    return (lambda value: not _is_number(value) or value <= bound) if type(bound) is int else None


def _above(bound: Any) -> Check | None:
    return (lambda value: not _is_number(value) or value > bound) if type(bound) is int else None


def _below(bound: Any) -> Check | None:
    return (lambda value: not _is_number(value) or value < bound) if type(bound) is int else None


_QUICK: Mapping[str, Callable[[Any], Check | None]] = {
    "const": _const,
    "enum": _enum,
    "minimum": _minimum,
    "maximum": _maximum,
    "exclusiveMinimum": _above,
    "exclusiveMaximum": _below,
}
