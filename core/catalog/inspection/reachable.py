"""Conditions of form.json that can never hold, because what they wait for is never asked before they do.

Knows which questions a schema declares where; judges no answer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.catalog.inspection.around import Work
from core.catalog.places import listing, mapping
from core.faults import near
from core.judge.schema import resolve_ref, token

FILE = "form.json"
_DEEPEST = 20
_MOST_LEVELS = 2000

_Group = tuple[tuple[Any, str], ...]
"""The schemas that speak of one value, each with its pointer."""
_Met = set[tuple[int, frozenset[str]]]
"""Schemas already looked at, and after which answers: schemas may contain one another."""


@dataclass(frozen=True, slots=True)
class _Wait:
    """A condition: the names without which it does not hold, and those without which it is not even looked at."""

    own: tuple[str, ...]
    before: frozenset[str]
    at: str


def check(work: Work) -> None:
    """`then` and `dependentSchemas` that wait for a question nobody is asked: their own, or one of another such."""
    stack: list[_Group] = [((work.form, ""),)]
    seen: set[tuple[int, ...]] = set()
    while stack and len(seen) < _MOST_LEVELS:
        group = stack.pop()
        key = tuple(sorted({id(schema) for schema, _ in group}))
        if key not in seen:
            seen.add(key)
            stack += _level(work, group)


def _level(work: Work, group: _Group) -> Iterator[_Group]:
    """One value judged; gives the values within it."""
    declared: dict[str, list[frozenset[str]]] = {}
    within: dict[str, list[tuple[Any, str]]] = {}
    waits: list[_Wait] = []
    named = True
    """Whether the names of its properties are all told: an editor for further ones may ask any."""
    met: _Met = set()
    for root, at in group:
        for schema, here, needs, wait in _parts(work.form, root, at, frozenset(), met):
            if wait is not None:
                waits.append(wait)
            for name, inner in mapping(schema.get("properties")).items():
                if inner is not False:
                    declared.setdefault(name, []).append(needs)
                    within.setdefault(name, []).append((inner, f"{here}/properties/{token(name)}"))
            for keyword in ("items", "additionalProperties"):
                within.setdefault(f"/{keyword}", []).append((schema.get(keyword), f"{here}/{keyword}"))
            for i, inner in enumerate(listing(schema.get("prefixItems"))):
                within.setdefault(f"/{i}", []).append((inner, f"{here}/prefixItems/{i}"))
            named = named and not schema.get("additionalProperties") and not schema.get("patternProperties")
    if named and waits:
        _tell(work, declared, waits)
    for found in within.values():
        if inner := tuple((schema, at) for schema, at in found if isinstance(schema, Mapping)):
            yield inner


def _tell(work: Work, declared: Mapping[str, list[frozenset[str]]], waits: list[_Wait]) -> None:
    asked: set[str] = set()
    while more := {name for name, ways in declared.items() if any(needs <= asked for needs in ways)} - asked:
        asked |= more
    told = dict.fromkeys(
        (wait.at, name) for wait in waits if wait.before <= asked for name in wait.own if name not in asked
    )
    for at, name in told:
        # One that is declared somewhere is no slip of the pen: the sentence's own remedy says where it belongs.
        hint = "" if name in declared else near(name, asked)
        work.faults.add(FILE, at, "never-asked", name=name, hint=hint)


def _parts(
    form: Any, schema: Any, at: str, needs: frozenset[str], met: _Met
) -> Iterator[tuple[Mapping[str, Any], str, frozenset[str], _Wait | None]]:
    """Every schema of the same value with its pointer, what has to be answered before it speaks, and its condition
    where it is the first behind one."""
    if not isinstance(schema, Mapping) or (id(schema), needs) in met:
        return
    met.add((id(schema), needs))
    yield schema, at, needs, None
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref.startswith("#"):
        with contextlib.suppress(LookupError):  # one that leads nowhere is a fault of its own
            yield from _parts(form, resolve_ref(form, ref), ref[1:], needs, met)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for i, part in enumerate(listing(schema.get(keyword))):
            yield from _parts(form, part, f"{at}/{keyword}/{i}", needs, met)
    own = tuple(_required(form, schema.get("if"), 0))
    for keyword, names, condition in (("then", own, f"{at}/if"), ("else", (), "")):
        yield from _behind(form, schema.get(keyword), f"{at}/{keyword}", needs, names, condition, met)
    for name, part in mapping(schema.get("dependentSchemas")).items():
        here = f"{at}/dependentSchemas/{token(name)}"
        yield from _behind(form, part, here, needs, (name,), here, met)


def _behind(
    form: Any, part: Any, at: str, needs: frozenset[str], own: tuple[str, ...], condition: str, met: _Met
) -> Iterator[tuple[Mapping[str, Any], str, frozenset[str], _Wait | None]]:
    if not isinstance(part, Mapping):
        return
    later = needs | set(own)
    if own:
        yield {}, at, later, _Wait(own, needs, condition)
    yield from _parts(form, part, at, later, met)


def _required(form: Any, test: Any, deep: int) -> Iterator[str]:
    """Names without which an `if` never holds."""
    if not isinstance(test, Mapping) or deep > _DEEPEST:
        return
    yield from (name for name in listing(test.get("required")) if isinstance(name, str))
    for part in listing(test.get("allOf")):
        yield from _required(form, part, deep + 1)
