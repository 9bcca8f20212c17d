"""The lookups of one item, compiled: what each is asked by, what must be known before, and in which order.

Knows the item's declarations and the facts, no source and no clock; sources and scenarios ask by the same plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.contract import Calendar, Facts, Item, Lookup
from core.judge.conditions import Condition
from core.judge.fields import Field, fields_of
from core.judge.pointers import Tokens, tokens, walk

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

    def value(self, facts: Facts, public: Sequence[str] = ()) -> Any:
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
    reads_answers: bool
    """Its fields, its rows or its permission rest on what the applicant writes."""

    def keys(self, facts: Facts, calendar: Calendar, public: Sequence[str] = ()) -> list[dict[str, Any] | None]:
        """The fields of each question now: one, or with `each` one a row; None where nothing can be asked.

        `public` are the query fields that the source gives to anybody.
        """
        if self.allowed is not None and not self.allowed_by_row and not self.allowed.holds(facts, calendar):
            return []
        if not self.rows:
            return [self.by(facts, public)]
        asked = []
        for row in self.rows_in(facts):
            with_row = {**facts, "each": row}
            may = self.allowed is None or not self.allowed_by_row or self.allowed.holds(with_row, calendar)
            asked.append(self.by(with_row, public) if may else None)
        return asked

    def by(self, facts: Facts, public: Sequence[str] = ()) -> dict[str, Any] | None:
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


def compiled(item: Item) -> Plan:
    """Every lookup's question. Get it by `rules_of(item).plan`, which keeps it."""
    fields = {field.path: field for field in fields_of(item.form)} if item.lookups else {}
    drafts = {name: _read(lookup, fields) for name, lookup in item.lookups.items()}
    needs = {name: {n for n in hard if n in drafts and n != name} for name, (_, hard, _) in drafts.items()}
    for name, (_, _, soft) in drafts.items():
        # A value that another lookup may fill in is waited for, unless that one waits for us.
        for other in soft:
            if other in drafts and other != name and name not in reached(needs, other):
                needs[name].add(other)
    return {name: replace(question, needs=frozenset(needs[name])) for name, (question, _, _) in drafts.items()}


def waves(plan: Plan) -> tuple[tuple[str, ...], ...]:
    """Every lookup stands in the first wave in which all that it needs is settled.

    Lookups of a circle stand in none; `lingban check` has named the circle.
    """
    left = {name: question.needs for name, question in plan.items()}
    made: list[tuple[str, ...]] = []
    while left:
        wave = tuple(name for name, needs in left.items() if not needs & left.keys())
        if not wave:
            break
        made.append(wave)
        for name in wave:
            del left[name]
    return tuple(made)


def reached(needs: Mapping[str, set[str] | frozenset[str]], start: str) -> set[str]:
    """The lookup itself and all that it rests on, near and far."""
    seen: set[str] = set()
    line = [start]
    while line:
        name = line.pop()
        if name not in seen:
            seen.add(name)
            line.extend(needs.get(name, ()))
    return seen


def _read(lookup: Lookup, fields: Mapping[Tokens, Field]) -> tuple[Question, set[str], set[str]]:
    """The question without its needs, the lookups it must wait for, and those it had better wait for."""
    hard: set[str] = set()
    soft: set[str] = set()
    each = tokens(lookup.each) if lookup.each else None
    # Who names the applicant, or states when it is allowed, is entitled already (DESIGN section 4).
    entitled = lookup.allowed_when is not None or any(
        isinstance(by, str) and tokens(by)[:1] == ("applicant",) for by in lookup.by.values()
    )
    slots = []
    by_answers = each is not None and each[:1] == ("answers",)
    for name, by in sorted(lookup.by.items()):
        if isinstance(by, Mapping):
            slots.append(Slot(name, const=by.get("const")))
            continue
        path = tokens(by)
        by_answers = by_answers or path[:1] == ("answers",)
        paths: tuple[Tokens, ...] = (path,)
        choices: Tokens | None = None
        asked_at = (*each, "*", *path[1:]) if each and path[:1] == ("each",) else path
        field = fields.get(asked_at[1:]) if asked_at[:1] == ("answers",) else None
        if field and field.from_ and "*" not in field.from_ and path[:1] == ("answers",):
            paths = (tokens(field.from_), path)
        if field and field.choices and not entitled:
            choices = tokens(field.choices)
        slots.append(Slot(name, paths=paths, choices=choices))
        hard |= _named(path)
        soft |= {lookup for other in (*paths, choices or ()) for lookup in _named(other)}
    rows: tuple[Tokens, ...] = ()
    if each is not None:
        held = fields.get(each[1:]) if each[:1] == ("answers",) else None
        rows = (tokens(held.from_), each) if held and held.from_ else (each,)
        hard |= _named(each)
        soft |= {name for path in rows for name in _named(path)}
    allowed = Condition(lookup.allowed_when) if lookup.allowed_when is not None else None
    by_row = False
    if allowed is not None:
        hard |= allowed.lookups
        by_row = any(tokens(p)[:1] == ("each",) for p in allowed.pointers)
        by_answers = by_answers or any(tokens(p)[0] in ("answers", "confirmations") for p in allowed.pointers)
    return (
        Question(lookup, tuple(slots), rows, allowed, by_row, frozenset(), by_answers),
        hard,
        soft - hard,
    )


def _named(path: Tokens) -> set[str]:
    """The lookup that a path reads, if any."""
    return {path[1]} if len(path) > 1 and path[0] in ("lookups", "outcomes") else set()
