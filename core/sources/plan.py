"""The lookups of one item, compiled: what each is asked by, what must be known before, and in which order.

Knows the item's declarations and the facts, no source and no clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.contract import Facts, Item, Lookup
from core.judge.conditions import Condition
from core.judge.pointers import Tokens, tokens, walk

KEPT = 2048
MISSING = object()


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one field of the question comes from."""

    field: str
    const: Any = MISSING
    paths: tuple[Tokens, ...] = ()
    """Tried in order; the first that holds something counts."""
    choices: Tokens | None = None
    """The answer must be one of these: it was picked from what a lookup found (`x-choices`), and nothing else
    entitles the applicant to ask by it."""

    def value(self, facts: Facts, public: tuple[str, ...]) -> Any:
        """MISSING where the pointer finds nothing, or where the answer is not among the choices."""
        if self.const is not MISSING:
            return self.const
        for path in self.paths:
            found, value = walk(facts, path)
            if found and value is not None and value != "":
                break
        else:
            return MISSING
        if self.choices is not None and self.field not in public:
            found, offered = walk(facts, self.choices)
            if not found or value not in (offered if isinstance(offered, list) else [offered]):
                return MISSING
        return value


@dataclass(frozen=True, slots=True)
class Question:
    """One lookup, ready to be asked."""

    lookup: Lookup
    slots: tuple[Slot, ...]
    rows: tuple[Tokens, ...]
    """Where the rows of `each` lie; empty without `each`."""
    allowed: Condition | None
    allowed_by_row: bool
    needs: frozenset[str]
    """Lookups that must be settled first."""

    def by(self, facts: Facts, public: tuple[str, ...]) -> dict[str, Any] | None:
        """The question's fields; None where one of them finds nothing. Rows come in as `/each`."""
        values = {}
        for slot in self.slots:
            value = slot.value(facts, public)
            if value is MISSING:
                return None
            values[slot.field] = value
        return values

    def rows_in(self, facts: Facts) -> list[Any]:
        for path in self.rows:
            found, rows = walk(facts, path)
            if found and isinstance(rows, list) and rows:
                return rows
        return []


Plan = Mapping[str, Question]
_plans: dict[tuple[str, str], Plan] = {}


def plan_of(item: Item) -> Plan:
    """Compiled once per item version."""
    key = (item.id, item.digest)
    found = _plans.get(key)
    if found is None:
        if len(_plans) >= KEPT:
            _plans.clear()
        found = _plans[key] = compiled(item)
    return found


def plan(item: Item) -> tuple[tuple[str, ...], ...]:
    """The waves: every lookup stands in the first wave in which all that it needs is settled.

    Lookups of a circle stand in none; `lingban check` has named the circle.
    """
    left = {name: question.needs for name, question in plan_of(item).items()}
    waves: list[tuple[str, ...]] = []
    while left:
        wave = tuple(name for name, needs in left.items() if not needs & left.keys())
        if not wave:
            break
        waves.append(wave)
        for name in wave:
            del left[name]
    return tuple(waves)


def compiled(item: Item) -> Plan:
    drafts = {name: read(lookup, item.form) for name, lookup in item.lookups.items()}
    needs = {name: {n for n in hard if n in drafts and n != name} for name, (_, hard, _) in drafts.items()}
    for name, (_, _, soft) in drafts.items():
        # A value that another lookup may fill in is waited for, unless that one waits for us.
        for other in soft:
            if other in drafts and other != name and not reaches(needs, other, name):
                needs[name].add(other)
    return {
        name: Question(
            question.lookup,
            question.slots,
            question.rows,
            question.allowed,
            question.allowed_by_row,
            frozenset(needs[name]),
        )
        for name, (question, _, _) in drafts.items()
    }


def reaches(needs: Mapping[str, set[str]], start: str, goal: str) -> bool:
    seen, line = set(), [start]
    while line:
        name = line.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            line.extend(needs[name])
    return False


def read(lookup: Lookup, form: Mapping[str, Any]) -> tuple[Question, set[str], set[str]]:
    """The question without its needs, the lookups it must wait for, and those it had better wait for."""
    hard: set[str] = set()
    soft: set[str] = set()
    each = tokens(lookup.each) if lookup.each else None
    # Who names the applicant, or states when it is allowed, is entitled already (DESIGN section 4).
    entitled = lookup.allowed_when is not None or any(
        isinstance(by, str) and tokens(by)[:1] == ("applicant",) for by in lookup.by.values()
    )
    slots = []
    for field, by in sorted(lookup.by.items()):
        if isinstance(by, Mapping):
            slots.append(Slot(field, const=by.get("const")))
            continue
        path = tokens(by)
        paths: tuple[Tokens, ...] = (path,)
        choices: Tokens | None = None
        in_answers = (*each, "*", *path[1:]) if each and path[:1] == ("each",) else path
        for schema in fields_at(form, in_answers[1:]) if in_answers[:1] == ("answers",) else ():
            filled, offered = schema.get("x-from"), schema.get("x-choices")
            if isinstance(filled, str) and "*" not in filled and path[:1] == ("answers",):
                paths = (tokens(filled), path)
            if isinstance(offered, str) and not entitled:
                choices = tokens(offered)
        slots.append(Slot(field, paths=paths, choices=choices))
        hard |= named(path)
        soft |= {name for other in (*paths, choices or ()) for name in named(other)}
    rows: tuple[Tokens, ...] = ()
    if each is not None:
        rows = (each,)
        for schema in fields_at(form, each[1:]) if each[:1] == ("answers",) else ():
            if isinstance(schema.get("x-from"), str):
                rows = (tokens(schema["x-from"]), each)
        hard |= named(each)
        soft |= {name for path in rows for name in named(path)}
    allowed = Condition(lookup.allowed_when) if lookup.allowed_when is not None else None
    by_row = allowed is not None and any(tokens(p)[:1] == ("each",) for p in allowed.pointers)
    if allowed is not None:
        hard |= allowed.lookups
    return Question(lookup, tuple(slots), rows, allowed, by_row, frozenset()), hard, soft - hard


def named(path: Tokens) -> set[str]:
    """The lookup that a path reads, if any."""
    return {path[1]} if len(path) > 1 and path[0] in ("lookups", "outcomes") else set()


def fields_at(schema: Any, path: Tokens, *, root: Any = None, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Every subschema that speaks of the value at `path` in the answers, branches included."""
    if not isinstance(schema, Mapping) or depth > 32:
        return
    root = schema if root is None else root
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref.startswith("#"):
        yield from fields_at(walk(root, tokens(ref[1:]))[1], path, root=root, depth=depth + 1)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(keyword) or ():
            yield from fields_at(branch, path, root=root, depth=depth + 1)
    for keyword in ("then", "else"):
        yield from fields_at(schema.get(keyword), path, root=root, depth=depth + 1)
    for branch in (schema.get("dependentSchemas") or {}).values():
        yield from fields_at(branch, path, root=root, depth=depth + 1)
    if not path:
        yield schema
        return
    head, rest = path[0], path[1:]
    properties = schema.get("properties") or {}
    if head in properties:
        yield from fields_at(properties[head], rest, root=root, depth=depth + 1)
    elif head == "*" or head.isdigit():
        yield from fields_at(schema.get("items"), rest, root=root, depth=depth + 1)
